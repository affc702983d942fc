import Admin
import JSON
import XCTest

@testable import scimd

/// `scimd doctor` on a running server.
final class DoctorCommandTests: XCTestCase {
  private func checks(_ fixture: CommandFixture) throws -> (code: ExitCode, states: [String: String]) {
    let outcome = fixture.run(["doctor", "--json", "--data", fixture.data])
    let items = try JSONParser.parse(Array(outcome.output.utf8))["items"]?.arrayValue ?? []
    let pairs = items.compactMap { item in
      item["name"]?.stringValue.map { ($0, item["state"]?.stringValue ?? "") }
    }
    return (outcome.code, Dictionary(uniqueKeysWithValues: pairs))
  }

  func testDoctor_RunningServer_IsReachedAtItsBaseURLAndRefusesStrangers() throws {
    let server = try ServedFolder(self)
    let (code, states) = try checks(server.fixture)
    for name in ["server", "baseURL", "discovery", "keyRequired", "unknownKey", "location", "eventLoops"] {
      XCTAssertEqual(states[name], "ok", name)
    }
    XCTAssertEqual(code, .success)
    let text = server.fixture.run(["doctor", "--all", "--data", server.fixture.data])
    XCTAssertTrue(text.output.contains("   ok      baseURL: http://127.0.0.1:"), text.output)
    XCTAssertTrue(text.output.contains("checks: 0 failed"), text.output)
  }

  func testDoctor_PublicURLOfAnotherServer_FailsWithExitCode7() throws {
    let other = try ServedFolder(self)
    let server = try ServedFolder(self) {
      $0.publicURL = try? PublicURL("http://127.0.0.1:\(other.running.port)")
    }
    let (code, states) = try checks(server.fixture)
    XCTAssertEqual(states["baseURL"], "failed")
    XCTAssertEqual(code, .different)
    let text = server.fixture.run(["doctor", "--data", server.fixture.data])
    XCTAssertTrue(text.output.contains("leads to another server"), text.output)
    XCTAssertTrue(text.output.contains("-> Correct the setting publicURL"), text.output)
    XCTAssertFalse(text.output.contains("   ok "), "what is in order is shown on request")
  }

  func testDoctor_PublicURLThatNobodyServes_SaysSo() throws {
    let server = try ServedFolder(self) { $0.publicURL = try? PublicURL("http://127.0.0.1:9") }
    let (code, states) = try checks(server.fixture)
    XCTAssertEqual(states["baseURL"], "failed")
    XCTAssertEqual(states["keyRequired"], "skipped")
    XCTAssertEqual(code, .different)
  }
}
