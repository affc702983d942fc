import Admin
import Client
import Foundation
import JSON
import SCIM
import XCTest

@testable import scimd

/// Every code of SCIM is produced by a request to a real server, or by a test that the fixture names.
final class RefusalCodeTests: XCTestCase {
  func testEveryCodeHasAFixture() throws {
    let produced = try RefusalFixture.all().map(\.code)
    let missing = SCIMError.Code.allCases.map(\.rawValue).filter { !produced.contains($0) }
    XCTAssertEqual(missing, [], "no test produces these codes")
    let unknown = produced.filter { SCIMError.Code(rawValue: $0) == nil }
    XCTAssertEqual(unknown, [], "no such codes")
  }

  func testEveryFixtureProducesItsCodeAndIsExplained() throws {
    var players: [String: RefusalPlayer] = [:]
    var outcomes: [(fixture: RefusalFixture, player: RefusalPlayer, outcome: RefusalPlayer.Outcome)] = []
    for fixture in try RefusalFixture.all() where !fixture.steps.isEmpty {
      let group = fixture.hasOwnServer ? fixture.code : "\(fixture.settings.sorted { $0.key < $1.key })"
      let player = try players[group] ?? RefusalPlayer(self, settings: fixture.settings)
      players[group] = player
      var played: RefusalPlayer.Outcome?
      XCTAssertNoThrow(played = try player.play(fixture), fixture.code)
      guard let outcome = played else { continue }
      XCTAssertTrue(
        outcome.codes.contains(fixture.answered), "\(fixture.code): \(outcome.codes) \(outcome.text)")
      outcomes.append((fixture, player, outcome))
    }
    for (fixture, player, outcome) in outcomes {
      guard let code = fixture.explained, outcome.codes.contains(fixture.answered) else { continue }
      let explained = try player.explained(try XCTUnwrap(outcome.request, fixture.code))
      XCTAssertEqual(explained["code"]?.stringValue, code, "\(fixture.code): \(explained.serializedText)")
      for name in ["cause", "reference", "fix"] {
        XCTAssertNotNil(explained[name]?.stringValue, "\(fixture.code): \(name)")
      }
    }
  }

  func testTheTestThatAFixtureNamesComparesItsCode() throws {
    let root = RefusalFixture.folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    for fixture in try RefusalFixture.all() where fixture.steps.isEmpty {
      let path = try XCTUnwrap(fixture.json["test"]?.stringValue, fixture.code)
      let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
      let isCompared = text.contains("code: .\(fixture.code))") || text.contains("code, .\(fixture.code))")
      XCTAssertTrue(isCompared, "\(path) does not compare a code with .\(fixture.code)")
    }
  }

  /// What `scimd explain CODE` prints at three providers; RECORD_EXPLANATIONS=1 writes the files.
  func testTheExplanationOfEveryCodeIsTheRecordedOne() throws {
    let fixture = try CommandFixture(self)
    let folder = RefusalFixture.folder.deletingLastPathComponent().appendingPathComponent("explanations")
    for provider in ["okta", "entra", "jumpcloud"] {
      var text = ""
      for code in SCIMError.Code.allCases {
        let outcome = fixture.run("explain", code.rawValue, "--provider", provider)
        XCTAssertEqual(outcome.code, .success, code.rawValue)
        text += outcome.output + "\n"
      }
      let file = folder.appendingPathComponent(provider + ".txt")
      if ProcessInfo.processInfo.environment["RECORD_EXPLANATIONS"] != nil {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      XCTAssertEqual(text, try String(contentsOf: file, encoding: .utf8), provider)
    }
  }

  func testExplain_RefusesWhatIsNeitherACodeNorAnIdAndAnUnknownProvider() throws {
    let fixture = try CommandFixture(self)
    for (words, advice) in [
      (["notUniqe"], "did you mean notUnique?"),
      (["notUnique", "--provider", "oktta"], "did you mean okta?"),
      (["nothing"], "`scimd help errors` lists the codes."),
    ] {
      let outcome = fixture.run(["explain"] + words)
      XCTAssertEqual(outcome.code, .usage, outcome.error)
      XCTAssertTrue(outcome.error.contains(advice), outcome.error)
    }
  }

  func testExplain_OfARequestIsInTheWordsOfItsConnectionUnlessAnotherProviderIsNamed() throws {
    let server = try ServedFolder(self)
    let made = server.run("connection", "create", "--name", "Entra", "--provider", "entra", "--json")
    let key = try JSONParser.parse(Array(made.output.utf8))["key"]?.stringValue
    let schemas: JSONValue = [.string(SchemaURN.user)]
    let refused = try server.ask("POST", "/scim/v2/Users", key, ["schemas": schemas, "displayName": "x"])
    let detail = try XCTUnwrap(try refused.json()["detail"]?.stringValue)
    XCTAssertEqual(detail.refusalCode, "requiredMissing")
    let id = try XCTUnwrap(detail.requestID)
    for (options, provider) in [([], "entra"), (["--provider", "okta"], "okta")] {
      let words = try XCTUnwrap(Profile.named(provider)).words
      let outcome = server.fixture.run(["explain", id, "--data", server.fixture.data] + options)
      XCTAssertEqual(outcome.code, .success, outcome.error)
      for part in [words.mapping, words.restart, words.log, "400 [requiredMissing]", "userName"] {
        XCTAssertTrue(outcome.output.contains(part), "\(part): \(outcome.output)")
      }
    }
    XCTAssertTrue(server.run("requests", "show", id).output.contains("Provision on demand"))
    let created = try server.ask("POST", "/scim/v2/Users", key, ["schemas": schemas, "userName": "ada"])
    let fine = server.run("explain", try XCTUnwrap(created.field("X-Request-Id")))
    XCTAssertTrue(fine.output.contains("there is nothing to do"), fine.output + fine.error)
  }

  /// A remedy names commands and options that exist.
  func testTheCommandsInTheTextsExist() {
    let names = Command.all.map(\.name).sorted { $0.count > $1.count }
    for entry in CatalogueEntry.all {
      for match in entry.fix().matches(of: /`scimd ([^`]*)`/) {
        let line = String(match.1)
        let name = names.first { line == $0 || line.hasPrefix($0 + " ") }
        guard let command = Command.all.first(where: { $0.name == name }) else {
          XCTFail("\(entry.code): no command \(line)")
          continue
        }
        for option in line.matches(of: /--([a-z-]+)/) {
          XCTAssertNotNil(command.option(named: String(option.1)), "\(entry.code): \(line)")
        }
      }
    }
  }
}
