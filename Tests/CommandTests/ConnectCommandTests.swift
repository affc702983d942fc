import Admin
import Client
import Credentials
import JSON
import SCIM
import XCTest

@testable import scimd

/// `scimd connect`, and the steps that are seen of a connection over a socket.
final class ConnectCommandTests: XCTestCase {
  private static let user = "urn:ietf:params:scim:schemas:core:2.0:User"
  private static let group = "urn:ietf:params:scim:schemas:core:2.0:Group"
  private static let patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

  private func connected(_ server: ServedFolder) throws -> (name: String, key: String) {
    let fixture = server.fixture
    let made = fixture.run(["connect", "okta", "--no-wait", "--json", "--data", fixture.data])
    XCTAssertEqual(made.code, .success, made.error)
    let json = try JSONParser.parse(Array(made.output.utf8))
    return (
      try XCTUnwrap(json["name"]?.stringValue), try XCTUnwrap(json["key"]?.stringValue)
    )
  }

  /// What `connection show` lists, once it lists that many.
  private func steps(_ fixture: CommandFixture, _ count: Int) throws -> [String] {
    for _ in 0..<200 {
      let shown = fixture.run(["connection", "show", "Okta", "--json", "--data", fixture.data])
      let steps = try JSONParser.parse(Array(shown.output.utf8))["steps"]?.arrayValue ?? []
      if steps.count >= count { return steps.compactMap { $0["step"]?.stringValue } }
      usleep(50_000)
    }
    return []
  }

  func testConnection_State_FollowsItsRequestsAndOutlivesARestart() throws {
    let server = try ServedFolder(self)
    let (_, key) = try connected(server)
    func state(_ expected: String) throws {
      var found = ""
      for _ in 0..<200 where found != expected {
        let shown = server.run("connection", "show", "Okta", "--json")
        found = try JSONParser.parse(Array(shown.output.utf8))["state"]?.stringValue ?? shown.error
        if found != expected { usleep(50_000) }
      }
      XCTAssertEqual(found, expected)
    }
    try state("waiting")
    _ = try server.ask("GET", "/scim/v2/Users", key)
    try state("connected")
    for _ in 0..<10 { _ = try server.ask("POST", "/scim/v2/Users", key, ["schemas": [.string(Self.user)]]) }
    try state("failing")
    server.stop()
    try state("failing")
    let list = server.run("connection", "list")
    XCTAssertTrue(list.output.contains("failing"), list.output)
  }

  func testConnect_Guide_SaysWhatToEnterWhereAndThatTheAddressIsLocal() throws {
    let server = try ServedFolder(self)
    let fixture = server.fixture
    let shown = fixture.run(["connect", "okta", "--no-wait", "--data", fixture.data])
    XCTAssertEqual(shown.code, .success, shown.error)
    for text in [
      "Enter at Okta:", "SCIM connector base URL", "http://127.0.0.1:", "scim_", "shown only once",
      "cannot reach it",
    ] {
      XCTAssertTrue(shown.output.contains(text), "\(text)\n\(shown.output)")
    }
    let again = fixture.run(["connect", "okta", "--connection", "Okta", "--no-wait", "--data", fixture.data])
    XCTAssertEqual(again.code, .success, again.error)
    XCTAssertFalse(again.output.contains("shown only once"), again.output)
    XCTAssertEqual(fixture.run(["connect", "octa", "--data", fixture.data]).code, .usage)
    XCTAssertEqual(fixture.run(["connect", "okta", "--minutes", "0", "--data", fixture.data]).code, .usage)
  }

  func testConnect_EachStep_IsSeenAsTheProvidersRequestsArrive() throws {
    let server = try ServedFolder(self)
    let (name, key) = try connected(server)
    XCTAssertEqual(name, "Okta")
    XCTAssertEqual(try server.ask("GET", "/scim/v2/ServiceProviderConfig", key).status, 200)
    XCTAssertEqual(try server.ask("GET", "/scim/v2/Users?count=0", key).status, 200)
    let made = try server.ask(
      "POST", "/scim/v2/Users", key, ["schemas": [.string(Self.user)], "userName": "ada", "active": true])
    let id = try XCTUnwrap(try made.json()["id"]?.stringValue)
    func change(_ path: String, _ value: JSONValue) throws {
      let body: JSONValue = [
        "schemas": [.string(Self.patch)],
        "Operations": [["op": "replace", "path": .string(path), "value": value]],
      ]
      XCTAssertEqual(try server.ask("PATCH", "/scim/v2/Users/\(id)", key, body).status, 200, path)
    }
    try change("title", "Countess")
    try change("active", false)
    try change("active", true)
    let group = try server.ask(
      "POST", "/scim/v2/Groups", key, ["schemas": [.string(Self.group)], "displayName": "Staff"])
    let groupID = try XCTUnwrap(try group.json()["id"]?.stringValue)
    let members: JSONValue = [
      "schemas": [.string(Self.patch)],
      "Operations": [["op": "add", "path": "members", "value": [["value": .string(id)]]]],
    ]
    _ = try server.ask("PATCH", "/scim/v2/Groups/\(groupID)", key, members)
    let all = SetupStep.allCases.filter { $0 != .keyRefused }.map(\.rawValue)
    XCTAssertEqual(try steps(server.fixture, all.count), all)
    let keyID = server.fixture.run(["key", "list", "--json", "--data", server.fixture.data])
    let ids = try JSONParser.parse(Array(keyID.output.utf8))["items"]?.arrayValue ?? []
    let own = try XCTUnwrap(ids.first { $0["name"] == "Okta" }?["id"]?.stringValue)
    XCTAssertEqual(server.fixture.run(["key", "revoke", own, "--data", server.fixture.data]).code, .success)
    XCTAssertEqual(try server.ask("GET", "/scim/v2/Users", key).status, 401)
    XCTAssertEqual(Set(try steps(server.fixture, all.count + 1)), Set(SetupStep.allCases.map(\.rawValue)))
  }

  func testConnect_Wait_EndsWithTheFirstUserAndExplainsWhatWasRefused() throws {
    let server = try ServedFolder(self)
    nonisolated(unsafe) let fixture = server.fixture
    let (name, key) = try connected(server)
    let typo = String(key.dropLast())
    let waiting = expectation(description: "connect ends")
    nonisolated(unsafe) var outcome: CommandFixture.Outcome?
    Thread.detachNewThread {
      outcome = fixture.run(["connect", "okta", "--connection", name, "--data", fixture.data])
      waiting.fulfill()
    }
    XCTAssertEqual(try server.ask("GET", "/scim/v2/Users", typo).status, 401)
    // Long enough for the command to see the refused request before the user.
    usleep(2_000_000)
    _ = try server.ask("POST", "/scim/v2/Users", key, ["schemas": [.string(Self.user)], "userName": "ada"])
    wait(for: [waiting], timeout: 60)
    let text = outcome?.output ?? ""
    XCTAssertEqual(outcome?.code, .success, text)
    XCTAssertTrue(text.contains("53 characters instead of 54"), text)
    XCTAssertTrue(text.contains("ok    user created"), text)
    XCTAssertTrue(text.contains("The first user has arrived: Okta is connected."), text)
  }

  func testConnect_WithoutAServer_SaysThatNothingCanArrive() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    let outcome = fixture.run(["connect", "okta", "--data", fixture.data])
    XCTAssertEqual(outcome.code, .unavailable)
    XCTAssertTrue(outcome.error.contains("no server runs"), outcome.error)
    XCTAssertTrue(outcome.error.contains("--connection \"Okta\""), outcome.error)
  }
}
