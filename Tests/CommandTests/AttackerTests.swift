import Client
import Foundation
import JSON
import XCTest

@testable import scimd

/// Providers, applications and administrators who try to get rights that are not theirs, over a socket: each is refused, or
/// gets nothing, and what they did is found afterwards.
final class AttackerTests: XCTestCase {
  private static let user = "urn:ietf:params:scim:schemas:core:2.0:User"
  private static let group = "urn:ietf:params:scim:schemas:core:2.0:Group"

  /// A server with the roles owner (critical), admin, developer and reader, and two connections: `okta`, which may assign
  /// developer and owner, and `evil`, which may assign nothing.
  private struct World {
    let server: ServedFolder
    let okta: String
    let evil: String

    func scim(
      _ method: String, _ path: String, _ key: String, _ body: JSONValue? = nil
    ) throws -> ClientResponse { try server.ask(method, "/scim/v2" + path, key, body) }

    /// The id of a new resource.
    func create(_ path: String, _ key: String, _ body: JSONValue, line: UInt = #line) throws -> String {
      let answer = try scim("POST", path, key, body)
      XCTAssertEqual(answer.status, 201, String(decoding: answer.body, as: UTF8.self), line: line)
      return try XCTUnwrap(try answer.json()["id"]?.stringValue)
    }

    func command(_ words: [String], line: UInt = #line) throws -> JSONValue {
      let outcome = server.fixture.run(words + ["--json", "--data", server.fixture.data])
      XCTAssertEqual(outcome.code, .success, outcome.error, line: line)
      return try JSONParser.parse(Array(outcome.output.utf8))
    }

    func roles(of user: String) throws -> [String] {
      (try command(["access", "show", user])["roles"]?.arrayValue ?? []).compactMap {
        $0["role"]?.stringValue
      }
    }

    /// The operations of the records of a user or group, with the names of their keys.
    func history(_ noun: String, _ id: String) throws -> [String] {
      (try command([noun, "history", id])["items"]?.arrayValue ?? []).map {
        "\($0["operation"]?.stringValue ?? "") by \($0["keyName"]?.stringValue ?? $0["origin"]?.stringValue ?? "")"
      }
    }
  }

  private func start() throws -> World {
    let server = try ServedFolder(self)
    let world = World(server: server, okta: "", evil: "")
    _ = try world.command(["directory", "update", "default", "--roles-from-idp", "yes"])
    _ = try world.command(["role", "create", "owner", "--critical", "yes", "--permissions", "all:do"])
    for role in ["admin", "developer", "reader"] {
      _ = try world.command(["role", "create", role, "--permissions", "\(role):do"])
    }
    func connection(_ name: String, _ roles: String) throws -> String {
      try XCTUnwrap(
        try world.command(
          ["connection", "create", "--name", name, "--provider", "okta", "--assignable-roles", roles])["key"]?
          .stringValue)
    }
    return World(
      server: server, okta: try connection("okta", "developer,owner"), evil: try connection("evil", ""))
  }

  private func person(_ name: String, _ more: JSONObject = JSONObject()) -> JSONValue {
    var object: JSONObject = ["schemas": [.string(Self.user)], "userName": .string(name)]
    object.members += more.members
    return .object(object)
  }

  private func team(_ name: String, _ members: [String] = []) -> JSONValue {
    [
      "schemas": [.string(Self.group)], "displayName": .string(name),
      "members": .array(members.map { ["value": .string($0)] }),
    ]
  }

  private func patch(_ operations: JSONValue...) -> JSONValue {
    ["schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": .array(operations)]
  }

  // MARK: Providers

  func testAProviderThatNamesItsUsersOwnerMakesNobodyOne() throws {
    let world = try start()
    let roles: JSONObject = ["roles": [["value": "owner"], ["value": "admin"], ["value": "developer"]]]
    let ada = try world.create("/Users", world.okta, person("ada", roles))
    let eve = try world.create("/Users", world.evil, person("eve", roles))
    XCTAssertEqual(try world.roles(of: "ada"), ["developer"])
    XCTAssertEqual(try world.roles(of: "eve"), [])
    for value in ["owner", "OWNER", "admin"] {
      let operation: JSONValue = ["op": "add", "path": "roles", "value": [["value": .string(value)]]]
      XCTAssertEqual(try world.scim("PATCH", "/Users/\(eve)", world.evil, patch(operation)).status, 200)
    }
    let extended = "urn:scimd:schemas:extension:access:1.0:User"
    let put = person("eve", [extended: ["accountRole": "owner"], "groups": [["value": .string(ada)]]])
    XCTAssertEqual(try world.scim("PUT", "/Users/\(eve)", world.evil, put).status, 200)
    XCTAssertEqual(try world.roles(of: "eve"), [])
    let drafts = try world.command(["access", "drafts"])["items"]?.arrayValue ?? []
    XCTAssertEqual(drafts.map { $0["createdBy"] }, ["okta"], "owner waits for an administrator")
    XCTAssertEqual(drafts.map { $0["state"] }, ["open"])
    XCTAssertEqual(try world.history("user", ada).count, 1)
    XCTAssertEqual(try world.history("user", eve).count, 3, "every try that changed something is known")
  }

  func testAProviderPutsNobodyIntoTheGroupOfAnotherConnection() throws {
    let world = try start()
    let ada = try world.create("/Users", world.okta, person("ada"))
    let staff = try world.create("/Groups", world.okta, team("Staff", [ada]))
    _ = try world.command(["grant", "add", "--group", "Staff", "--role", "admin"])
    let eve = try world.create("/Users", world.evil, person("eve"))
    let own = try world.create("/Groups", world.evil, team("Own", [eve]))
    let member: JSONValue = ["value": .string(eve)]
    var tries: [(String, String, JSONValue?)] = [
      ("PATCH", "/Groups/\(staff)", patch(["op": "add", "path": "members", "value": [member]])),
      ("PUT", "/Groups/\(staff)", team("Staff", [eve])), ("DELETE", "/Groups/\(staff)", nil),
      (
        "PATCH", "/Groups/\(staff)",
        patch(["op": "add", "path": "members", "value": [["value": .string(own)]]])
      ),
      ("PATCH", "/Users/\(ada)", patch(["op": "replace", "path": "active", "value": false])),
      ("PUT", "/Users/\(ada)", person("eve2")),
    ]
    var requests: [String] = []
    for (method, path, body) in tries {
      let answer = try world.scim(method, path, world.evil, body)
      XCTAssertEqual(answer.status, 403, "\(method) \(path)")
      requests.append(try XCTUnwrap(answer.field("X-Request-Id")))
    }
    tries.removeAll { $0.2 == nil }
    let operations = tries.map { method, path, body -> JSONValue in
      ["method": .string(method), "path": .string(path), "data": body ?? .null]
    }
    let bulk: JSONValue = [
      "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": .array(operations),
    ]
    let answer = try world.scim("POST", "/Bulk", world.evil, bulk).json()
    XCTAssertEqual(
      answer["Operations"]?.arrayValue?.map { $0["status"] }, Array(repeating: "403", count: tries.count))
    XCTAssertEqual(try world.roles(of: "eve"), [])
    XCTAssertEqual(try world.roles(of: "ada"), ["admin"])
    XCTAssertEqual(try world.history("group", staff).count, 1, "nothing happened to the group")
    // Her own group contains the other one: that gives rights to nobody.
    let inner: JSONValue = ["op": "add", "path": "members", "value": [["value": .string(staff)]]]
    XCTAssertEqual(try world.scim("PATCH", "/Groups/\(own)", world.evil, patch(inner)).status, 200)
    XCTAssertEqual(try world.roles(of: "eve"), [])
    world.server.stop()
    for request in requests {
      let line = world.server.log.split(separator: "\n").first { $0.contains(request) }
      XCTAssertTrue(line?.contains("403") == true, "the refusal is in the log: \(line ?? "")")
    }
  }

  func testAGroupThatHasTheNameOfADeletedOneHasNoneOfItsRights() throws {
    let world = try start()
    let eve = try world.create("/Users", world.evil, person("eve"))
    let staff = try world.create("/Groups", world.okta, team("Staff"))
    _ = try world.command(["grant", "add", "--group", "Staff", "--role", "admin"])
    XCTAssertEqual(try world.scim("DELETE", "/Groups/\(staff)", world.okta).status, 204)
    let again = try world.create("/Groups", world.evil, team("Staff", [eve]))
    XCTAssertNotEqual(again, staff)
    XCTAssertEqual(try world.roles(of: "eve"), [])
    let ada = try world.create("/Users", world.okta, person("ada"))
    let third = try world.create("/Groups", world.okta, team("Staff", [ada]))
    XCTAssertEqual(try world.roles(of: "ada"), [], "also for the connection that deleted it")
    // A new name does not bring them either.
    let rename: JSONValue = ["op": "replace", "path": "displayName", "value": "Other"]
    _ = try world.scim("PATCH", "/Groups/\(third)", world.okta, patch(rename))
    XCTAssertEqual(try world.roles(of: "ada"), [])
    XCTAssertEqual(try world.history("group", again).count, 1)
  }

  func testARevivedUserHasNoneOfTheRightsOfBefore() throws {
    let world = try start()
    let body = person("ada", ["externalId": "00u1"])
    let ada = try world.create("/Users", world.okta, body)
    let staff = try world.create("/Groups", world.okta, team("Staff", [ada]))
    _ = try world.command(["grant", "add", "--group", "Staff", "--role", "reader"])
    _ = try world.command(["grant", "add", "--user", "ada", "--role", "admin"])
    XCTAssertEqual(try world.roles(of: "ada").sorted(), ["admin", "reader"])
    XCTAssertEqual(try world.scim("DELETE", "/Users/\(ada)", world.okta).status, 204)
    let back = try world.create("/Users", world.okta, body)
    XCTAssertEqual(back, ada, "the account comes back")
    XCTAssertEqual(try world.roles(of: ada), [], "and nothing that it could do")
    let history = try world.history("user", ada)
    XCTAssertTrue(history.contains { $0.hasPrefix("DELETE /Users/{id} by") }, "\(history)")
    XCTAssertEqual(history.count { $0.hasPrefix("POST /Users by") }, 2, "\(history)")
    XCTAssertEqual(try world.command(["group", "members", "list", staff])["items"], [])
    XCTAssertEqual(try world.scim("DELETE", "/Users/\(ada)", world.okta).status, 204)
    let other = try world.scim("POST", "/Users", world.evil, body)
    let stranger = try XCTUnwrap(try other.json()["id"]?.stringValue, "another connection makes another user")
    XCTAssertNotEqual(stranger, ada)
    XCTAssertEqual(try world.roles(of: stranger), [])
  }

  func testAProviderTakesNobodysName() throws {
    let world = try start()
    _ = try world.command(["user", "create", "--set", "userName=boss"])
    _ = try world.command(["grant", "add", "--user", "boss", "--role", "owner"])
    let eve = try world.create("/Users", world.evil, person("eve"))
    for name in ["boss", "BOSS", "Boss"] {
      let rename: JSONValue = ["op": "replace", "path": "userName", "value": .string(name)]
      XCTAssertEqual(try world.scim("PATCH", "/Users/\(eve)", world.evil, patch(rename)).status, 409)
      XCTAssertEqual(try world.scim("POST", "/Users", world.evil, person(name)).status, 409)
    }
    XCTAssertEqual(try world.roles(of: "eve"), [])
    XCTAssertEqual(try world.history("user", "boss").count, 1)
  }

  // MARK: Applications and administrators

  func testAnApplicationMakesNoUserWhomAProviderAdoptsWithRights() throws {
    let world = try start()
    let staff = try XCTUnwrap(
      try world.command(["group", "create", "--set", "displayName=Staff"])["id"]?.stringValue)
    _ = try world.command(["grant", "add", "--group", "Staff", "--role", "reader"])
    _ = try world.command([
      "directory", "update", "default", "--sign-in", "create", "--sign-in-groups", staff,
    ])
    let key = try world.server.key(["--scopes", "api.signins.write,api.access.read"])
    let login: JSONValue = ["userName": "mallory", "externalId": "planted", "groups": ["Staff"]]
    let made = try world.server.ask("POST", "/api/v1/sign-ins", key, login)
    XCTAssertEqual(made.status, 200)
    XCTAssertEqual(try world.roles(of: "mallory"), ["reader"])
    let id = try world.create("/Users", world.okta, person("mallory", ["externalId": "00u9"]))
    XCTAssertEqual(try made.json()["user"]?["id"]?.stringValue, id, "the provider adopts the user")
    XCTAssertEqual(try world.roles(of: "mallory"), [])
    XCTAssertEqual(
      try world.scim("GET", "/Users/\(id)", world.okta).json()["externalId"], "00u9", "its word counts")
    XCTAssertEqual(try world.server.ask("POST", "/api/v1/sign-ins", key, login).status, 409)
    XCTAssertEqual(
      try world.server.ask("POST", "/api/v1/grants", key, ["user": "mallory", "role": "admin"]).status, 403)
    XCTAssertEqual(try world.roles(of: "mallory"), [])
    let history = try world.history("user", id)
    XCTAssertTrue(history.first?.hasPrefix("SIGN-IN /Users by") == true, "\(history)")
    XCTAssertTrue(history.contains { $0.hasPrefix("POST /Users by") }, "\(history)")
  }

  func testAnAdministratorOfOneDirectoryGrantsNothingInAnother() throws {
    let world = try start()
    let ada = try world.create("/Users", world.okta, person("ada"))
    let options = ["--directory", "other", "--scopes"]
    let admin = try world.server.key(options + ["admin.read,admin.write", "--new-directory"])
    let tool = try world.server.key(options + ["api.access.read,api.access.write"])
    let grants = try world.command(["grant", "list"])["items"]
    for (method, path, key, body) in [
      ("POST", "/admin/v1/directories/default/grants", admin, ["user": "ada", "role": "owner"]),
      ("POST", "/admin/v1/directories/default/drafts", admin, ["add": [["user": "ada", "role": "owner"]]]),
      ("POST", "/admin/v1/directories/default/rights", admin, ["grants": []]),
      ("PATCH", "/admin/v1/directories/default/roles/reader", admin, ["permissions": ["all:do"]]),
      ("PATCH", "/admin/v1/directories/default", admin, ["policies": ["crossConnection": "allowed"]]),
      ("GET", "/admin/v1/directories/default/rights", admin, nil),
      ("POST", "/admin/v1/directories/other/grants", admin, ["user": .string(ada), "role": "owner"]),
      ("POST", "/api/v1/grants", tool, ["user": .string(ada), "role": "owner"]),
      ("GET", "/api/v1/access/\(ada)", tool, nil),
    ] as [(String, String, String, JSONValue?)] {
      let answer = try world.server.ask(method, path, key, body)
      XCTAssertEqual(answer.status, 404, "\(method) \(path) \(String(decoding: answer.body, as: UTF8.self))")
    }
    XCTAssertEqual(try world.command(["grant", "list"])["items"], grants)
    XCTAssertEqual(try world.roles(of: "ada"), [])
    XCTAssertEqual(try world.command(["access", "drafts"])["items"], [])
  }
}
