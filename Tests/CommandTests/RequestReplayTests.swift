import Client
import Insight
import JSON
import XCTest

@testable import scimd

/// `scimd requests replay ID --dry-run`: a request is tried again on a copy of the state.
final class RequestReplayTests: XCTestCase {
  private static let user = "urn:ietf:params:scim:schemas:core:2.0:User"

  private struct Scene {
    let server: ServedFolder
    let key: String
    let user: String

    /// With a user whose title was changed by the last request.
    init(_ test: XCTestCase, values: RequestValues = .all) throws {
      server = try ServedFolder(test) { $0.requestValues = values }
      key = try server.key([])
      let made = try server.ask(
        "POST", "/scim/v2/Users", key,
        ["schemas": [.string(RequestReplayTests.user)], "userName": "ada", "title": "Engineer"])
      user = try XCTUnwrap(try made.json()["id"]?.stringValue)
      _ = try patch("Boss")
    }

    func patch(_ title: String) throws {
      _ = try server.ask(
        "PATCH", "/scim/v2/Users/\(user)", key,
        [
          "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
          "Operations": [["op": "Replace", "path": "title", "value": .string(title)]],
        ])
    }

    /// The id of the last request with a method.
    func last(_ method: String) throws -> String {
      let list = server.run("requests", "list", "--json", "--limit", "100")
      let items = try JSONParser.parse(Array(list.output.utf8))["items"]?.arrayValue ?? []
      let found = items.first { $0["method"]?.stringValue == method }
      return try XCTUnwrap(found?["id"]?.stringValue, list.output)
    }

    func replay(_ id: String) throws -> JSONValue {
      let outcome = server.run("requests", "replay", id, "--dry-run", "--json")
      XCTAssertEqual(outcome.code, .success, outcome.error)
      return try JSONParser.parse(Array(outcome.output.utf8))
    }

    func title() throws -> JSONValue? { try server.ask("GET", "/scim/v2/Users/\(user)", key).json()["title"] }
  }

  func testAPatchSaysWhatItWouldChangeNowAndStoresNothing() throws {
    let scene = try Scene(self)
    let first = try scene.last("PATCH")
    XCTAssertNil(try scene.replay(first)["changes"], "the title is that already")
    try scene.patch("Chief")
    let version = try scene.server.ask("GET", "/scim/v2/Users/\(scene.user)", scene.key).field("ETag")
    let trial = try scene.replay(first)
    XCTAssertEqual(
      trial["changes"]?.arrayValue?.first?["attributes"],
      [["name": "title", "before": "Chief", "after": "Boss"]])
    XCTAssertEqual(trial["explanation"]?["changed"], ["title: \"Chief\" became \"Boss\"."])
    XCTAssertEqual(trial["status"], 200)
    XCTAssertEqual(trial["dryRun"], true)
    XCTAssertNil(trial["record"])
    XCTAssertEqual(try scene.title(), "Chief")
    XCTAssertEqual(
      try scene.server.ask("GET", "/scim/v2/Users/\(scene.user)", scene.key).field("ETag"), version)
  }

  func testWhatWouldBeRefusedNowSaysWhyAndWhatItWasBefore() throws {
    let scene = try Scene(self)
    let created = try scene.replay(try scene.last("POST"))
    XCTAssertEqual(created["status"], 409)
    XCTAssertEqual(created["statusBefore"], 201)
    XCTAssertEqual(created["error"]?["scimType"], "uniqueness")
    _ = try scene.server.ask("DELETE", "/scim/v2/Users/\(scene.user)", scene.key)
    XCTAssertEqual(try scene.replay(try scene.last("PATCH"))["status"], 404)
    XCTAssertEqual(try scene.replay(try scene.last("DELETE"))["status"], 404)
  }

  func testTheRulesOfTheKeysProviderApply() throws {
    let scene = try Scene(self)
    let made = scene.server.run("connection", "create", "--name", "entra", "--provider", "entra", "--json")
    let json = try JSONParser.parse(Array(made.output.utf8))
    let key = try XCTUnwrap((json["key"] ?? json["secret"])?.stringValue, made.output)
    _ = try scene.server.ask(
      "POST", "/scim/v2/Users", key,
      ["schemas": [.string(Self.user)], "userName": "eve", "active": "True"])
    let refused = try scene.replay(try scene.last("POST"))
    XCTAssertEqual(refused["status"], 409)
    XCTAssertEqual(refused["error"]?["scimType"], "uniqueness", "not invalidValue: \"True\" is understood")
  }

  func testMaskedValuesAreCounted() throws {
    let scene = try Scene(self, values: .masked)
    try scene.patch("Chief")
    let trial = try scene.replay(try scene.last("PATCH"))
    XCTAssertEqual(trial["masked"], 1)
    XCTAssertFalse(trial.serializedText.contains("Chief"))
  }

  func testOnlyTryingIsPossibleAndOnlyOfRequestsForOneResource() throws {
    let scene = try Scene(self)
    _ = try scene.server.ask("GET", "/scim/v2/Users?count=1", scene.key)
    let usage = scene.server.run("requests", "replay", try scene.last("PATCH"))
    XCTAssertEqual(usage.code, .usage)
    XCTAssertTrue(usage.error.contains("--dry-run"), usage.error)
    let list = scene.server.run("requests", "replay", try scene.last("GET"), "--dry-run")
    XCTAssertEqual(list.code, .failure)
    XCTAssertTrue(list.error.contains("Only requests for one resource"), list.error)
    XCTAssertEqual(scene.server.run("requests", "replay", "none", "--dry-run").code, .failure)
    XCTAssertEqual(scene.server.run("user", "erase", scene.user, "--yes").code, .success)
    let erased = scene.server.run("requests", "replay", try scene.last("PATCH"), "--dry-run")
    XCTAssertTrue(erased.error.contains("erased"), erased.error)
  }
}
