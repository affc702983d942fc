import Admin
import Client
import Foundation
import JSON
import XCTest

@testable import scimd

/// Applications over TCP: a real server, asked with real keys.
final class ApplicationDoorTests: XCTestCase {
  private func filled(_ server: ServedFolder) throws {
    for line in [
      ["user", "create", "--set", "userName=ada"], ["group", "create", "--set", "displayName=Staff"],
      ["role", "create", "reader", "--permissions", "a:read"],
      ["grant", "add", "--group", "Staff", "--role", "reader"],
    ] {
      let outcome = server.fixture.run(line + ["--data", server.fixture.data])
      XCTAssertEqual(outcome.code, .success, outcome.error)
    }
  }

  func testACheckSeesEveryChangeThatWasAnsweredBeforeItOnWhateverConnection() throws {
    let server = try ServedFolder(self)
    try filled(server)
    let provider = try server.key(["--scopes", "scim.*"])
    let application = try server.key(["--scopes", "api.access.read"])
    func id(_ path: String) throws -> String {
      let found = try server.ask("GET", path, provider).json()["Resources"]?.arrayValue?.first
      return try XCTUnwrap(found?["id"]?.stringValue)
    }
    let (ada, staff) = (try id("/scim/v2/Users"), try id("/scim/v2/Groups"))
    var isIn = false
    var isActive = true
    for round in 0..<200 {
      let operation: JSONValue
      if round % 3 == 2 {
        isActive.toggle()
        operation = ["op": "replace", "path": "active", "value": .bool(isActive)]
      } else {
        isIn.toggle()
        operation =
          isIn
          ? ["op": "add", "path": "members", "value": [["value": .string(ada)]]]
          : ["op": "remove", "path": .string("members[value eq \"\(ada)\"]")]
      }
      let path = round % 3 == 2 ? "/scim/v2/Users/\(ada)" : "/scim/v2/Groups/\(staff)"
      let patch: JSONValue = [
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation],
      ]
      XCTAssertEqual(try server.ask("PATCH", path, provider, patch).status, 200)
      let answer = try server.ask(
        "POST", "/api/v1/access/check", application, ["user": "ada", "permission": "a:read"])
      XCTAssertEqual(try answer.json()["allowed"]?.boolValue, isIn && isActive, "round \(round)")
    }
  }

  func testOnlyAKeyOfOneDirectoryWithTheScopeIsLetInAndOnlyWhereTheDoorIs() throws {
    let server = try ServedFolder(self)
    try filled(server)
    let people = try server.key(["--scopes", "api.people.read"])
    let provider = try server.key(["--scopes", "scim.*,admin.read"])
    let all = try server.key(["--scopes", "api.access.read", "--all-directories"])
    let other = try server.key([
      "--scopes", "api.access.read,api.people.read", "--directory", "b", "--new-directory",
    ])
    let cases: [(String?, String, Int)] = [
      (nil, "/api/v1/users", 401), ("scim_nonsense", "/api/v1/users", 401), (people, "/api/v1/users", 200),
      (people, "/api/v1/access/ada", 403), (provider, "/api/v1/users", 403),
      (provider, "/api/v1/access/ada", 403),
      (all, "/api/v1/access/ada", 403), (other, "/api/v1/access/ada", 404), (people, "/api/v1/nothing", 404),
      (nil, "/api/v1/nothing", 401), (people, "/admin/v1/directories/default/users", 403),
    ]
    for (token, path, status) in cases {
      let answer = try server.ask("GET", path, token)
      XCTAssertEqual(answer.status, status, path)
      if status > 400 { XCTAssertNotNil(AdminProblem(try answer.json()), path) }
    }
    let missing = try server.ask("GET", "/api/v1/access/ada", people)
    XCTAssertTrue(missing.field("WWW-Authenticate")?.contains("scope=\"api.access.read\"") == true)
    let closed = try ServedFolder(self) { $0.doors = [.scim] }
    let key = try closed.key(["--scopes", "api.people.read"])
    XCTAssertEqual(try closed.ask("GET", "/api/v1/users", key).status, 404)
  }
}
