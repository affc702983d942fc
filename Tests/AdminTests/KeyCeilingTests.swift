import Admin
import Credentials
import HTTP
import JSON
import Storage
import XCTest

/// Nobody makes or widens a key beyond their own directory, scopes and end.
final class KeyCeilingTests: XCTestCase {
  private static let soon = "2100-01-01T00:00:00.000Z"
  private static let late = "2200-01-01T00:00:00.000Z"
  private let keys = AdminFixture.root + "/keys"
  private let connections = AdminFixture.root + "/connections"

  /// A caller with a real key.
  private func caller(_ fixture: AdminFixture, _ scopes: [JSONValue], _ expires: JSONValue) throws
    -> AdminCaller
  {
    try fixture.liftKeyLimit()
    let made = try fixture.ask(
      "POST", keys, ["name": "caller", "scopes": .array(scopes), "expires": expires])
    let secret = try XCTUnwrap(made.json["key"]?.stringValue)
    return AdminCaller(
      try XCTUnwrap(fixture.world.keys.granted(Array(secret.utf8)[...])), remote: "192.0.2.1")
  }

  func testANewKeyHasNoMoreThanTheKeyThatMakesIt() throws {
    let (soon, late): (JSONValue, JSONValue) = (.string(Self.soon), .string(Self.late))
    // The scopes and the end of the caller, those that are asked for, and what is refused.
    let cases: [([JSONValue], JSONValue, [JSONValue], JSONValue, String?)] = [
      (["admin.write", "scim.*"], .null, ["scim.*"], .null, nil),
      (["admin.write", "scim.*"], .null, ["scim.users.read", "admin.read"], soon, nil),
      (["admin.write"], .null, ["admin.read"], .null, nil),
      (["admin.write"], .null, ["scim.*"], .null, "/scopes"),
      (["admin.write"], .null, ["scim.users.read"], .null, "/scopes"),
      (["admin.write"], .null, ["admin.write", "admin.erase"], .null, "/scopes"),
      (["admin.write", "scim.users.write"], .null, ["scim.users.read"], .null, nil),
      (["admin.write", "scim.users.write"], .null, ["scim.*"], .null, "/scopes"),
      (["admin.write", "scim.users.write"], .null, ["scim.groups.read"], .null, "/scopes"),
      (["admin.write", "scim.*"], soon, ["scim.*"], soon, nil),
      (["admin.write", "scim.*"], soon, ["scim.*"], .null, "/expires"),
      (["admin.write", "scim.*"], soon, ["scim.*"], late, "/expires"),
      (["admin.write", "scim.*"], late, ["scim.*"], soon, nil),
    ]
    for (own, end, wanted, until, refused) in cases {
      let fixture = try AdminFixture(self)
      let caller = try caller(fixture, own, end)
      for (path, more): (String, JSONObject) in [
        (keys, JSONObject()),
        (connections, JSONObject(dictionaryLiteral: ("provider", "okta"))),
      ] {
        var body: JSONObject = ["name": "new", "scopes": .array(wanted), "expires": until]
        for member in more.members { body[member.name] = member.value }
        let answer = try fixture.ask("POST", path, .object(body), by: caller)
        XCTAssertEqual(answer.json["pointer"]?.stringValue, refused, "\(own) \(end) \(wanted) \(until)")
        XCTAssertEqual(answer.status, refused == nil ? 201 : 400, "\(answer.json)")
      }
      let count = fixture.world.keys.keys(of: "default").count
      XCTAssertEqual(count, refused == nil ? 3 : 1, "\(wanted)")
    }
  }

  func testAKeyIsWidenedOnlyToWhatTheKeyThatAsksHas() throws {
    let (soon, late): (JSONValue, JSONValue) = (.string(Self.soon), .string(Self.late))
    // The caller, the key as it is, the change, and what is refused.
    let cases: [([JSONValue], JSONValue, [JSONValue], JSONValue, JSONValue, String?)] = [
      (["admin.write"], .null, ["scim.*"], .null, ["name": "renamed"], nil),
      (["admin.write"], .null, ["scim.*"], .null, ["scopes": ["scim.users.read"]], nil),
      (["admin.write"], soon, ["scim.*"], late, ["expires": soon], nil),
      (["admin.write"], soon, ["scim.*"], .null, ["expires": late], nil),
      (["admin.write"], .null, ["scim.users.read"], .null, ["scopes": ["scim.users.write"]], "/scopes"),
      (["admin.write"], .null, ["scim.*"], .null, ["scopes": ["scim.*", "admin.read"]], "/scopes"),
      (["admin.write", "scim.*"], .null, ["scim.users.read"], .null, ["scopes": ["scim.*"]], nil),
      (["admin.write"], .null, ["admin.read"], soon, ["expires": late], nil),
      // Longer life for a wider key would be more than the caller has.
      (["admin.write"], .null, ["scim.*"], soon, ["expires": late], "/scopes"),
      (["admin.write", "scim.*"], soon, ["scim.*"], soon, ["expires": late], "/expires"),
      (["admin.write", "scim.*"], soon, ["scim.*"], soon, ["expires": .null], "/expires"),
      // And so would more scopes for a key that lives longer.
      (["admin.write", "scim.*"], soon, ["scim.users.read"], late, ["scopes": ["scim.*"]], "/expires"),
    ]
    for (own, end, scopes, until, change, refused) in cases {
      let fixture = try AdminFixture(self)
      let caller = try caller(fixture, own, end)
      let made = try fixture.ask(
        "POST", keys, ["name": "old", "scopes": .array(scopes), "expires": until])
      let id = try XCTUnwrap(made.json["id"]?.stringValue)
      let before = fixture.world.keys.key(id)
      let answer = try fixture.ask("PATCH", "\(keys)/\(id)", change, by: caller)
      XCTAssertEqual(answer.json["pointer"]?.stringValue, refused, "\(own) \(end) \(scopes) \(change)")
      XCTAssertEqual(answer.status, refused == nil ? 200 : 400)
      if refused != nil { XCTAssertEqual(fixture.world.keys.key(id), before) }
    }
  }

  func testAKeyForAllDirectoriesIsMadeByWhoReachesAllAlone() throws {
    let fixture = try AdminFixture(self)
    let all = "/admin/v1/keys"
    let body: JSONValue = ["name": "ops", "scopes": ["admin.read", "admin.write"]]
    XCTAssertEqual(
      try fixture.ask("POST", all, body, by: try caller(fixture, ["admin.write"], .null)).code,
      "beyondDirectory")
    let made = try fixture.ask("POST", all, body)
    XCTAssertEqual(made.status, 201)
    XCTAssertEqual(made.json["allDirectories"], true)
    XCTAssertEqual(made.json["directory"]?.stringValue, DataFolder.systemName)
    XCTAssertNil(made.json["baseURL"])
    let secret = try XCTUnwrap(made.json["key"]?.stringValue)
    let granted = try XCTUnwrap(fixture.world.keys.granted(Array(secret.utf8)[...]))
    XCTAssertTrue(granted.directory === fixture.world.store.system)
    let ops = AdminCaller(granted, remote: "192.0.2.1")
    XCTAssertNil(ops.directory)
    XCTAssertEqual(try fixture.ask("POST", all, body, by: ops).status, 201)
    for (wrong, pointer): (JSONValue, JSONValue) in [
      (["name": "x"], "/scopes"), (["name": "x", "scopes": ["admin.read"], "user": "ada"], "/user"),
      (["name": "x", "scopes": ["admin.read"], "connection": "Okta"], "/connection"),
    ] {
      XCTAssertEqual(try fixture.ask("POST", all, wrong).json["pointer"], pointer)
    }
    // It is no key of any directory.
    let id = try XCTUnwrap(made.json["id"]?.stringValue)
    XCTAssertEqual(try fixture.ask("GET", "\(keys)/\(id)").code, "unknownKey")
    XCTAssertEqual(try fixture.ask("GET", "\(all)/\(id)").json["name"], "ops")
  }

  func testAnUpdateHoldsFromTheNextRequestAndOnlyForItsVersion() throws {
    let fixture = try AdminFixture(self)
    try fixture.liftKeyLimit()
    let made = try fixture.ask("POST", keys, ["name": "a", "description": "d"])
    let id = try XCTUnwrap(made.json["id"]?.stringValue)
    let secret = Array(try XCTUnwrap(made.json["key"]?.stringValue).utf8)
    let changed = try fixture.ask(
      "PATCH", "\(keys)/\(id)",
      ["name": "b", "description": .null, "scopes": ["scim.users.read"], "expires": .string(Self.soon)],
      ifMatch: made.fields[.etag])
    XCTAssertEqual(changed.json["name"], "b")
    XCTAssertNil(changed.json["description"])
    XCTAssertEqual(changed.json["expires"]?.stringValue, Self.soon)
    XCTAssertNil(changed.json["key"])
    XCTAssertEqual(fixture.world.keys.granted(secret[...])?.scopes, .scimUsersRead)
    XCTAssertEqual(
      try fixture.ask("PATCH", "\(keys)/\(id)", ["name": "c"], ifMatch: made.fields[.etag]).status, 412)
    for (body, pointer): (JSONValue, JSONValue) in [
      (["profile": "okta"], "/profile"), (["name": ""], "/name"), (["scopes": []], "/scopes"),
      (["expires": "2001-01-01T00:00:00Z"], "/expires"), (["user": "x"], "/user"),
    ] {
      XCTAssertEqual(try fixture.ask("PATCH", "\(keys)/\(id)", body).json["pointer"], pointer)
    }
    _ = try fixture.ask("POST", "\(keys)/\(id)/revoke")
    XCTAssertEqual(try fixture.ask("PATCH", "\(keys)/\(id)", ["expires": .null]).json["pointer"], "/expires")
    XCTAssertEqual(try fixture.ask("PATCH", "\(keys)/\(id)", ["name": "gone"]).status, 200)
  }
}
