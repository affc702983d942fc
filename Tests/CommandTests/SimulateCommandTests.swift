import JSON
import XCTest

@testable import scimd

/// Scripts are played with the keys they need, or not at all: a missing server or a wrong key is one error.
final class SimulateCommandTests: XCTestCase {
  private func run(_ server: ServedFolder, _ words: String...) -> CommandFixture.Outcome {
    server.fixture.run(
      ["simulate"] + words + ["--url", "http://127.0.0.1:\(server.running.port)/scim/v2"])
  }

  func testOnTheFolderOfAServerEveryScriptHasAKeyOfItsOwnAndNoneIsLeft() throws {
    let server = try ServedFolder(self)
    let outcome = run(server, "all", "--data", server.fixture.data, "--json")
    XCTAssertEqual(outcome.code, .success, outcome.error + outcome.output.prefix(2000))
    let json = try JSONParser.parse(Array(outcome.output.utf8))
    XCTAssertEqual(json["skipped"], [])
    XCTAssertGreaterThan(try XCTUnwrap(json["scripts"]?.arrayValue).count, 20)
    let keys = try JSONParser.parse(Array(server.run("key", "list", "--json").output.utf8))
    for key in try XCTUnwrap(keys["items"]?.arrayValue) where key["name"] != "first key" {
      XCTAssertEqual(key["status"], "revoked")
      XCTAssertNotEqual(key["expires"], .null)
    }
  }

  func testWithOneKeyTheScriptsOfOtherProfilesAreSkippedAndNamed() throws {
    let server = try ServedFolder(self)
    let file = try server.fixture.file("key", try server.key([]))
    let outcome = run(server, "all", "--key-file", file)
    XCTAssertEqual(outcome.code, .success, outcome.output)
    XCTAssertTrue(outcome.output.contains("ok google-lifecycle"), outcome.output)
    XCTAssertTrue(
      outcome.output.contains("skipped okta-group-push: it needs a key of profile okta\n"), outcome.output)
    let okta = try server.fixture.file("okta", try server.key(["--profile", "okta"]))
    let all = run(server, "all", "--key-file", okta, "--profile", "okta")
    XCTAssertEqual(all.code, .success, all.output)
    XCTAssertTrue(all.output.contains("ok okta-group-push"), all.output)
    XCTAssertTrue(all.output.contains("skipped google-lifecycle"), all.output)
    XCTAssertEqual(run(server, "all", "--key-file", okta, "--profile", "okat").code, .usage)
  }

  func testTheConnectorOfAnIGAToolWalksGrantsAndRevokesWithKeysOfItsOwn() throws {
    let server = try ServedFolder(self)
    let outcome = run(server, "conductorone-connector", "--data", server.fixture.data)
    XCTAssertEqual(outcome.code, .success, outcome.error + outcome.output)
    XCTAssertTrue(outcome.output.hasPrefix("ok conductorone-connector: "), outcome.output)
    for noun in ["user", "group", "role", "target", "grant"] {
      let left = try JSONParser.parse(Array(server.run(noun, "list", "--json").output.utf8))
      XCTAssertEqual(left["items"], [], "\(noun)s are left")
    }
    let keys = try JSONParser.parse(Array(server.run("key", "list", "--json").output.utf8))["items"]?
      .arrayValue
    XCTAssertEqual(keys?.count { $0["status"] == "revoked" }, 4, "every key that it made")
    let file = try server.fixture.file("key", try server.key([]))
    let refused = run(server, "conductorone-connector", "--key-file", file)
    XCTAssertEqual(refused.code, .usage)
    XCTAssertTrue(refused.error.contains("needs keys of its own"), refused.error)
    XCTAssertTrue(
      run(server, "all", "--key-file", file).output.contains(
        "skipped conductorone-connector: it needs keys of its own, which only --data makes\n"))
  }

  func testAKeyThatIsNotAcceptedAndAServerThatDoesNotAnswerAreOneErrorEach() throws {
    let server = try ServedFolder(self)
    let file = try server.fixture.file("key", "nonsense")
    for words in [["all", "--key-file", file], ["all", "--data", server.fixture.folder + "/none"]] {
      let outcome = server.fixture.run(
        ["simulate"] + words + ["--url", "http://127.0.0.1:\(server.running.port)/scim/v2"])
      XCTAssertEqual(outcome.code, .noPermission, outcome.error)
      XCTAssertEqual(outcome.output, "")
      XCTAssertTrue(outcome.error.contains("does not accept the key"), outcome.error)
    }
    let outcome = server.fixture.run("simulate", "all", "--key-file", file, "--url", "http://127.0.0.1:1")
    XCTAssertEqual(outcome.code, .unavailable)
    XCTAssertEqual(outcome.output, "")
    XCTAssertEqual(outcome.error.split(separator: "\n").count, 2, outcome.error)
  }
}
