import Admin
import Credentials
import JSON
import Storage
import XCTest

/// Keys through the admin API.
final class KeysNounTests: XCTestCase {
  private let keys = AdminFixture.root + "/keys"

  func testACreatedKeyOpensTheStoreAndIsListedWithoutItsSecret() throws {
    let fixture = try AdminFixture(self)
    let created = try fixture.ask("POST", keys, ["name": "Okta", "profile": "okta"])
    XCTAssertEqual(created.status, 201)
    XCTAssertEqual(created.json["baseURL"], "https://scim.example.com/scim/v2")
    let secret = try XCTUnwrap(created.json["key"]?.stringValue)
    guard case .valid(let key) = fixture.world.keys.authenticate(Array(secret.utf8)[...]) else {
      return XCTFail("the key is not valid")
    }
    let listed = try fixture.ask("GET", keys)
    XCTAssertEqual(listed.items.map { $0["id"]?.stringValue }, [key.id])
    for answer in [listed, try fixture.ask("GET", "\(keys)/\(key.id)")] {
      let text = String(decoding: answer.bytes, as: UTF8.self)
      XCTAssertFalse(text.contains(secret))
      XCTAssertFalse(text.contains(key.generations[0].digest.description))
    }
  }

  func testARevokedKeyIsRefusedAtOnce() throws {
    let fixture = try AdminFixture(self)
    let created = try fixture.ask("POST", keys, ["name": "a"])
    let id = try XCTUnwrap(created.json["id"]?.stringValue)
    let secret = try XCTUnwrap(created.json["key"]?.stringValue)
    XCTAssertEqual(try fixture.ask("POST", "/admin/v1/keys/\(id)/revoke").json["status"], "revoked")
    XCTAssertEqual(fixture.world.keys.authenticate(Array(secret.utf8)[...]), .invalid)
    XCTAssertEqual(try fixture.ask("POST", "\(keys)/\(id)/revoke").json["status"], "revoked")
  }

  func testAKeyOfAnotherDirectoryIsNotFoundInThisOne() throws {
    let fixture = try AdminFixture(self)
    let other = "/admin/v1/directories/other/keys"
    XCTAssertEqual(try fixture.ask("POST", other, ["name": "a"]).code, "unknownDirectory")
    let made = try fixture.ask("POST", other + "?newDirectory=true", ["name": "a"])
    let id = try XCTUnwrap(made.json["id"]?.stringValue)
    XCTAssertEqual(try fixture.ask("GET", "\(keys)/\(id)").code, "unknownKey")
    XCTAssertEqual(try fixture.ask("POST", "\(keys)/\(id)/revoke").code, "unknownKey")
    XCTAssertEqual(try fixture.ask("GET", "\(other)/\(id)").json["directory"], "other")
    XCTAssertEqual(try fixture.ask("GET", "/admin/v1/keys/\(id)").json["status"], "active")
    XCTAssertEqual(
      try fixture.ask("POST", "/admin/v1/directories/_x/keys?newDirectory=true", ["name": "a"]).status, 404)
  }

  func testWhatANewKeyMustNotBeIsRefusedWithItsPlace() throws {
    let fixture = try AdminFixture(self)
    let cases: [(JSONValue, String, String)] = [
      ([:], "invalidMember", "/name"), (["name": ""], "invalidMember", "/name"),
      (["name": 1], "invalidMember", "/name"), (["name": "a", "scope": "x"], "unknownMember", "/scope"),
      (["name": "a", "profile": "nothing"], "invalidMember", "/profile"),
      (["name": "a", "user": "nobody"], "invalidMember", "/user"),
      (["name": "a", "expires": "soon"], "invalidMember", "/expires"),
      (["name": "a", "expires": "2001-01-01T00:00:00Z"], "invalidMember", "/expires"),
    ]
    for (body, code, pointer) in cases {
      let answer = try fixture.ask("POST", keys, body)
      XCTAssertEqual(answer.code, code, "\(body)")
      XCTAssertEqual(answer.json["pointer"]?.stringValue, pointer, "\(body)")
    }
    XCTAssertEqual(try fixture.ask("GET", keys).items, [])
  }

  func testTheUserOfAKeyIsNamedAsEverywhereAndAmbiguousOnesAreRefused() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("ada", ["emails": [["value": "a@b.c"]]])
    for name in [id, "ADA", "a@b.c"] {
      let made = try fixture.ask("POST", keys, ["name": "k", "user": .string(name)])
      XCTAssertEqual(made.json["user"]?.stringValue, id, name)
    }
    _ = try fixture.user("a@b.c")
    XCTAssertEqual(try fixture.ask("POST", keys, ["name": "k", "user": "a@b.c"]).code, "ambiguousName")
  }

  func testAKeyThatIsRefusedMakesNoDirectory() throws {
    let fixture = try AdminFixture(self)
    let other = "/admin/v1/directories/other/keys?newDirectory=true"
    for body: JSONValue in [
      ["name": ""], ["name": "k", "profile": "nothing"], ["name": "k", "user": "ada"],
    ] {
      XCTAssertEqual(try fixture.ask("POST", other, body).code, "invalidMember")
    }
    XCTAssertNil(fixture.world.store.existingDirectory(named: "other"))
    XCTAssertEqual(try fixture.ask("POST", other, ["name": "k"]).status, 201)
    XCTAssertNotNil(fixture.world.store.existingDirectory(named: "other"))
  }

  func testKeysArePaged() throws {
    let fixture = try AdminFixture(self)
    for number in 0..<5 { _ = try fixture.ask("POST", keys, ["name": .string("k\(number)")]) }
    let first = try fixture.ask("GET", "/admin/v1/keys?limit=3")
    let next = try XCTUnwrap(first.json["next"]?.stringValue)
    let second = try fixture.ask("GET", "/admin/v1/keys?limit=3&cursor=\(next)")
    XCTAssertNil(second.json["next"])
    XCTAssertEqual(
      (first.items + second.items).compactMap { $0["name"]?.stringValue }, (0..<5).map { "k\($0)" })
  }
}
