import Admin
import Credentials
import HTTP
import JSON
import SCIM
import Storage
import XCTest

/// Connections through the admin API.
final class ConnectionsNounTests: XCTestCase {
  private let root = AdminFixture.root + "/connections"

  private func granted(_ fixture: AdminFixture, _ secret: String) -> GrantedKey? {
    fixture.world.keys.granted(Array(secret.utf8)[...])
  }

  func testAConnectionIsMadeWithItsFirstKeyInOneRecordAndTheSecretIsShownOnce() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.ask("GET", AdminFixture.root)
    let directory = try XCTUnwrap(fixture.world.store.existingDirectory(named: "default"))
    let before = try directory.information().last
    let made = try fixture.ask(
      "POST", root, ["name": "Okta", "provider": "okta", "description": "production"])
    XCTAssertEqual(made.status, 201)
    XCTAssertEqual(try directory.information().last, before + 1)
    XCTAssertEqual(made.json["baseURL"]?.stringValue, fixture.world.base)
    let secret = try XCTUnwrap(made.json["key"]?.stringValue)
    let key = try XCTUnwrap(granted(fixture, secret))
    XCTAssertEqual(key.profile.name, "okta")
    XCTAssertEqual(key.key.connection?.text, made.json["id"]?.stringValue)
    XCTAssertEqual(key.key.scopes, .scim)
    for name in ["Okta", "OKTA", made.json["id"]?.stringValue ?? ""] {
      let shown = try fixture.ask("GET", "\(root)/\(name)")
      XCTAssertEqual(shown.json["id"], made.json["id"], name)
      XCTAssertFalse(String(decoding: shown.bytes, as: UTF8.self).contains(secret))
      XCTAssertEqual(shown.json["keys"]?.arrayValue?.first?["connection"]?["name"], "Okta")
    }
  }

  func testANameBelongsToOneConnectionOfADirectoryInAnyLetterCase() throws {
    let fixture = try AdminFixture(self)
    try fixture.makeDirectory("other")
    let other = "/admin/v1/directories/other/connections"
    for (path, name, status) in [(root, "Okta", 201), (root, "okta", 409), (other, "Okta", 201)] {
      let answer = try fixture.ask("POST", path, ["name": .string(name), "provider": "okta"])
      XCTAssertEqual(answer.status, status, name)
    }
    // Nothing of the refused one is left.
    XCTAssertEqual(try fixture.ask("GET", AdminFixture.root + "/keys").items.count, 1)
    _ = try fixture.ask("POST", root, ["name": "Entra", "provider": "entra"])
    XCTAssertEqual(try fixture.ask("PATCH", root + "/Entra", ["name": "OKTA"]).code, "notUnique")
    XCTAssertEqual(try fixture.ask("PATCH", root + "/Entra", ["name": "ENTRA"]).json["name"], "ENTRA")
  }

  func testWhatAConnectionMustNotBeIsRefusedWithItsPlace() throws {
    let fixture = try AdminFixture(self)
    let cases: [(JSONValue, String, String)] = [
      (["provider": "okta"], "invalidMember", "/name"), (["name": "a"], "invalidMember", "/provider"),
      (["name": "", "provider": "okta"], "invalidMember", "/name"),
      (["name": "a", "provider": "nothing"], "invalidMember", "/provider"),
      (["name": "a", "provider": "okta", "state": "paused"], "unknownMember", "/state"),
      (["name": "a", "provider": "okta", "scopes": ["all"]], "invalidMember", "/scopes"),
      (["name": "a", "provider": "okta", "scopes": []], "invalidMember", "/scopes"),
      (["name": "a", "provider": "okta", "expires": "2001-01-01T00:00:00Z"], "invalidMember", "/expires"),
      (["name": "2819c223-7f76-453a-919d-413861904646", "provider": "okta"], "invalidMember", "/name"),
    ]
    for (body, code, pointer) in cases {
      let answer = try fixture.ask("POST", root, body)
      XCTAssertEqual(answer.code, code, "\(body)")
      XCTAssertEqual(answer.json["pointer"]?.stringValue, pointer, "\(body)")
    }
    XCTAssertEqual(try fixture.ask("GET", root).items, [])
    XCTAssertEqual(try fixture.ask("GET", root + "/Okta").code, "unknownConnection")
  }

  func testKeysFollowTheProviderOfTheirConnection() throws {
    let fixture = try AdminFixture(self)
    let made = try fixture.ask("POST", root, ["name": "c", "provider": "okta"])
    let second = try fixture.ask(
      "POST", AdminFixture.root + "/keys", ["name": "two", "connection": "C"])
    XCTAssertEqual(second.json["profile"], "okta")
    let changed = try fixture.ask(
      "PATCH", root + "/c", ["provider": "entra", "description": "moved"], ifMatch: made.fields[.etag])
    XCTAssertEqual(changed.json["provider"], "entra")
    for secret in [made, second].compactMap({ $0.json["key"]?.stringValue }) {
      XCTAssertEqual(granted(fixture, secret)?.profile.name, "entra")
    }
    XCTAssertEqual(
      try fixture.ask("PATCH", root + "/c", ["name": "d"], ifMatch: made.fields[.etag]).status, 412)
    XCTAssertEqual(
      try fixture.ask(
        "POST", AdminFixture.root + "/keys", ["name": "x", "connection": "c", "profile": "okta"]
      )
      .json["pointer"], "/profile")
    XCTAssertEqual(
      try fixture.ask("POST", AdminFixture.root + "/keys", ["name": "x", "connection": "none"]).code,
      "unknownConnection")
  }

  func testAPausedConnectionPausesItsKeysAloneAndPausingTwiceIsPausingOnce() throws {
    let fixture = try AdminFixture(self)
    let made = try fixture.ask("POST", root, ["name": "c", "provider": "okta"])
    let other = try fixture.ask("POST", AdminFixture.root + "/keys", ["name": "script"])
    func availability(_ answer: AdminFixture.Answer) -> GrantedKey.Availability? {
      answer.json["key"]?.stringValue.flatMap { granted(fixture, $0)?.availability }
    }
    let paused = try fixture.ask("POST", root + "/c/pause")
    XCTAssertEqual(try fixture.ask("POST", root + "/c/pause").json, paused.json)
    XCTAssertEqual(availability(made), .paused("The connection \"c\" is paused."))
    XCTAssertEqual(availability(other), .open)
    let resumed = try fixture.ask("POST", root + "/c/resume")
    XCTAssertEqual(try fixture.ask("POST", root + "/c/resume").json, resumed.json)
    XCTAssertEqual(availability(made), .open)
  }

  func testWhatAConnectionMakesIsManagedByItAndCounted() throws {
    let fixture = try AdminFixture(self)
    let made = try fixture.ask("POST", root, ["name": "Okta", "provider": "okta"])
    let key = try XCTUnwrap(made.json["key"]?.stringValue.flatMap { granted(fixture, $0) })
    let directory = key.directory
    let type = try XCTUnwrap(directory.catalog.types.first(where: \.hasGroups))
    let context = RequestContext(key.actor(remote: "192.0.2.1"), requestID: "1", operation: "POST /Users")
    let id = try directory.writeTogether(context) { tx throws(SCIMError) in
      try tx.create(
        type, Document(["userName": "ada", "active": true]), members: [], skipsUnknown: false)
    }.whenDurable().get().text
    _ = try fixture.user("bob")
    let manager: JSONValue = [
      "kind": "connection", "id": made.json["id"] ?? .null, "name": "Okta",
    ]
    let users = AdminFixture.root + "/users"
    XCTAssertEqual(try fixture.ask("GET", "\(users)/\(id)").json["managedBy"], manager)
    XCTAssertEqual(
      try fixture.ask("GET", users).items.map { $0["managedBy"] }, [manager, ["kind": "admin"]])
    let shown = try fixture.ask("GET", root + "/Okta").json
    XCTAssertEqual(shown["users"], 1)
    XCTAssertEqual(shown["groups"], 0)
    _ = try fixture.ask("DELETE", "\(users)/\(id)")
    XCTAssertEqual(try fixture.ask("GET", users + "?deleted=true").items.first?["managedBy"], manager)
  }

  func testWhatAKeyMadeIsManagedByTheKeyAndWhatWasReadCanBeSentBack() throws {
    let fixture = try AdminFixture(self)
    let key = try fixture.ask("POST", AdminFixture.root + "/keys", ["name": "ops"])
    let id = try XCTUnwrap(key.json["id"]?.stringValue)
    let made = try fixture.ask(
      "POST", AdminFixture.root + "/users", ["userName": "ada"],
      by: AdminCaller(.key(id), directory: "default"))
    XCTAssertEqual(made.json["managedBy"], ["kind": "key", "id": .string(id), "name": "ops"])
    var again = try XCTUnwrap(made.json.objectValue)
    again["userName"] = "bob"
    for member in ["id", "meta"] { again[member] = nil }
    let copy = try fixture.ask("POST", AdminFixture.root + "/users", .object(again))
    XCTAssertEqual(copy.status, 201, "\(copy.json)")
    XCTAssertEqual(copy.json["managedBy"], ["kind": "admin"])
  }

  func testConnectionsArePaged() throws {
    let fixture = try AdminFixture(self)
    for number in 0..<5 {
      _ = try fixture.ask("POST", root, ["name": .string("c\(number)"), "provider": "okta"])
    }
    let first = try fixture.ask("GET", root + "?limit=3")
    let next = try XCTUnwrap(first.json["next"]?.stringValue)
    let second = try fixture.ask("GET", root + "?limit=3&cursor=\(next)")
    XCTAssertNil(second.json["next"])
    XCTAssertEqual(
      (first.items + second.items).compactMap { $0["name"]?.stringValue }, (0..<5).map { "c\($0)" })
  }
}
