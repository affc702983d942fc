import HTTP
import JSON
import SCIM
import Storage
import XCTest

@testable import Admin

/// A request with an Idempotency-Key is carried out once, however often it comes.
final class IdempotencyTests: XCTestCase {
  private let users = AdminFixture.root + "/users"

  private func ask(
    _ fixture: AdminFixture, _ method: String, _ path: String, _ body: JSONValue?, key: String,
    by caller: AdminCaller = AdminFixture.administrator
  ) throws -> AdminFixture.Answer {
    try fixture.ask(method, path, body, by: caller, fields: [("Idempotency-Key", key)])
  }

  func testACreationIsAnsweredTheSameAndMakesOneResource() throws {
    let fixture = try AdminFixture(self)
    let first = try ask(fixture, "POST", users, ["userName": "ada"], key: "k1")
    let again = try ask(fixture, "POST", users, ["userName": "ada"], key: "k1")
    XCTAssertEqual(first.status, 201)
    XCTAssertEqual(again.status, 201)
    XCTAssertEqual(again.json, first.json)
    XCTAssertNil(first.fields[FieldName("Idempotent-Replayed")])
    XCTAssertEqual(again.fields[FieldName("Idempotent-Replayed")], "true")
    XCTAssertEqual(try fixture.ask("GET", users).items.count, 1)
  }

  func testTheSameKeyForAnotherRequestIsRefused() throws {
    let fixture = try AdminFixture(self)
    _ = try ask(fixture, "POST", users, ["userName": "ada"], key: "k1")
    let other = try ask(fixture, "POST", users, ["userName": "bob"], key: "k1")
    XCTAssertEqual(other.status, 422)
    XCTAssertEqual(other.code, "keyReused")
    let stranger = try ask(
      fixture, "POST", users, ["userName": "bob"], key: "k1", by: AdminCaller(.command(user: 1)))
    XCTAssertEqual(stranger.status, 201, "the key of somebody else")
  }

  func testEveryVerbIsRepeatable() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("ada")
    let rename: JSONValue = ["Operations": [["op": "replace", "path": "title", "value": "x"]]]
    for (number, (method, path, body)) in [
      ("PATCH", "/\(id)", rename), ("POST", "/\(id)/deactivate", nil), ("POST", "/\(id)/reactivate", nil),
      ("DELETE", "/\(id)", nil), ("POST", "/\(id)/restore", nil as JSONValue?),
    ].enumerated() {
      let first = try ask(fixture, method, users + path, body, key: "k\(number)")
      let again = try ask(fixture, method, users + path, body, key: "k\(number)")
      XCTAssertEqual(first.status, 200, path)
      XCTAssertEqual(again.json, first.json, "\(method) \(path)")
    }
  }

  func testADirectoryAConnectionAndAKeyAreMadeOnceAndASecretIsShownOnce() throws {
    let fixture = try AdminFixture(self)
    let (all, one) = ("/admin/v1/directories", "/admin/v1/directories/contoso")
    let first = try ask(fixture, "POST", all, ["name": "contoso"], key: "d")
    let again = try ask(fixture, "POST", all, ["name": "contoso"], key: "d")
    XCTAssertEqual(first.status, 201)
    XCTAssertEqual(again.json, first.json)
    for (path, body) in [
      ("/keys", ["name": "k"] as JSONValue), ("/connections", ["name": "Okta", "provider": "okta"]),
    ] {
      XCTAssertEqual(try ask(fixture, "POST", one + path, body, key: path).status, 201, path)
      let again = try ask(fixture, "POST", one + path, body, key: path)
      XCTAssertEqual(again.status, 409, path)
      XCTAssertEqual(again.code, "secretShownOnce", path)
    }
    XCTAssertEqual(try fixture.ask("GET", one + "/connections").items.count, 1)
    XCTAssertEqual(try fixture.ask("GET", one + "/keys").items.count, 2, "one of them the connection's")
    let change: JSONValue = ["displayName": "Contoso"]
    let changed = try ask(fixture, "PATCH", one, change, key: "p")
    XCTAssertEqual(try ask(fixture, "PATCH", one, change, key: "p").json, changed.json)
    XCTAssertEqual(
      try ask(fixture, "PATCH", one, change, key: "p").fields[FieldName("Idempotent-Replayed")], "true")
    for name in ["/pause", "/resume"] {
      let first = try ask(fixture, "POST", one + name, nil, key: name)
      XCTAssertEqual(try ask(fixture, "POST", one + name, nil, key: name).json, first.json)
    }
  }

  func testMembersAnErasureAndAnImportAreDoneOnce() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    let bob = try fixture.user("bob")
    _ = try fixture.group("Staff")
    let group = AdminFixture.root + "/groups/Staff/members"
    let first = try ask(fixture, "PATCH", group, ["add": ["ada", "bob"]], key: "m")
    let again = try ask(fixture, "PATCH", group, ["add": ["ada", "bob"]], key: "m")
    XCTAssertEqual([first.json["added"], again.json["added"]], [2, 2])
    XCTAssertEqual(again.fields[FieldName("Idempotent-Replayed")], "true")
    for _ in 0..<2 {
      let erased = try ask(fixture, "POST", "\(users)/\(bob)/erase", nil, key: "e")
      XCTAssertEqual(erased.json["id"], .string(bob), "\(erased.json)")
    }
    for number in 0..<2 {
      let imported = try fixture.ask(
        "POST", AdminFixture.root + "/import?format=csv", bytes: Array("userName\neve\n".utf8),
        fields: [("Idempotency-Key", "i")])
      XCTAssertEqual([imported.json["created"], imported.json["applied"]], [1, true], "\(number)")
    }
  }

  func testARemovalBeginsOneJobAndIsAnsweredTheSameWhenTheDirectoryIsGone() throws {
    let fixture = try AdminFixture(self)
    let (all, one) = ("/admin/v1/directories", "/admin/v1/directories/contoso")
    _ = try fixture.ask("POST", all, ["name": "contoso"])
    _ = try fixture.ask("POST", one + "/connections", ["name": "Okta", "provider": "okta"])
    for path in [one + "/connections/Okta", one] {
      let first = try ask(fixture, "DELETE", path, nil, key: path)
      fixture.world.jobs.finish()
      let again = try ask(fixture, "DELETE", path, nil, key: path)
      XCTAssertEqual([first.status, again.status], [200, 200], "\(again.json)")
      XCTAssertEqual(again.json["job"]?["id"], first.json["job"]?["id"])
      XCTAssertEqual([again.json["name"], again.json["job"]?["state"]], [first.json["name"], "finished"])
    }
    XCTAssertEqual(try ask(fixture, "DELETE", one, nil, key: "another").code, "unknownDirectory")
  }

  func testARefusedRequestIsNotRemembered() throws {
    let fixture = try AdminFixture(self)
    XCTAssertEqual(try ask(fixture, "POST", users, ["title": "x"], key: "k1").status, 400)
    XCTAssertEqual(try ask(fixture, "POST", users, ["userName": "ada"], key: "k1").status, 201)
  }

  func testAKeyThatIsNoneIsRefused() throws {
    let fixture = try AdminFixture(self)
    for key in ["", "a b", String(repeating: "k", count: 256)] {
      XCTAssertEqual(try ask(fixture, "POST", users, ["userName": "ada"], key: key).status, 400, key)
    }
  }

  func testItIsInTheRecordOfTheChangeSoThatACrashKeepsBothOrNeither() throws {
    let fixture = try AdminFixture(self)
    _ = try ask(fixture, "POST", users, ["userName": "ada"], key: "k1")
    var kinds: [[String]] = []
    var history = try LogHistory(
      folder: fixture.world.store.folder.path + "/directories/default", directory: "default")
    while let entry = try history.next() {
      kinds.append(
        (try entry.record()["kinds"]?.arrayValue ?? []).compactMap { $0.arrayValue?.first?.stringValue })
    }
    XCTAssertEqual(kinds, [["create", "note"]])
  }
}
