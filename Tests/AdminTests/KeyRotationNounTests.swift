import Admin
import Credentials
import HTTP
import JSON
import Platform
import SCIM
import XCTest

/// Rotation, inspection and the reach of keys through the admin API.
final class KeyRotationNounTests: XCTestCase {
  private let keys = AdminFixture.root + "/keys"

  private func made(_ fixture: AdminFixture, _ body: JSONValue = ["name": "a"]) throws -> (
    id: String, secret: String
  ) {
    let answer = try fixture.ask("POST", keys, body)
    XCTAssertEqual(answer.status, 201, "\(answer.json)")
    return (
      try XCTUnwrap(answer.json["id"]?.stringValue), try XCTUnwrap(answer.json["key"]?.stringValue)
    )
  }

  private func isValid(_ secret: String, _ fixture: AdminFixture) -> Bool {
    fixture.world.keys.granted(Array(secret.utf8)[...]) != nil
  }

  func testARotatedKeyKeepsItsIdAndShowsItsNewSecretOnce() throws {
    let fixture = try AdminFixture(self)
    let (id, old) = try made(fixture)
    let before = try fixture.ask("GET", "\(keys)/\(id)")
    XCTAssertEqual(
      try fixture.ask("POST", "\(keys)/\(id)/rotate", [:], ifMatch: "W/\"x.1\"").code, "changedMeanwhile")
    let fields = [("Idempotency-Key", "once")]
    let rotated = try fixture.ask(
      "POST", "\(keys)/\(id)/rotate", ["overlap": "7d"], ifMatch: before.fields[.etag], fields: fields)
    XCTAssertEqual(rotated.json["id"]?.stringValue, id)
    let new = try XCTUnwrap(rotated.json["key"]?.stringValue)
    XCTAssertTrue(isValid(old, fixture) && isValid(new, fixture))
    let secrets = try XCTUnwrap(rotated.json["secrets"]?.arrayValue)
    XCTAssertEqual(secrets.map { $0["state"]?.stringValue }, ["ending", "current"])
    XCTAssertNotNil(secrets[0]["ends"])
    let again = try fixture.ask(
      "POST", "\(keys)/\(id)/rotate", ["overlap": "7d"], ifMatch: before.fields[.etag], fields: fields)
    XCTAssertEqual(again.code, "secretShownOnce")
    XCTAssertEqual(try fixture.ask("POST", "\(keys)/\(id)/rotate", [:]).code, "conflict")
    XCTAssertEqual(try fixture.ask("POST", "\(keys)/\(id)/complete").json["status"], "active")
    XCTAssertFalse(isValid(old, fixture))
    XCTAssertEqual(try fixture.ask("POST", "\(keys)/\(id)/complete").code, "conflict")
    XCTAssertEqual(try fixture.ask("POST", "\(keys)/\(id)/cancel").code, "conflict")
  }

  func testARotationThatIsAskedForWronglyIsRefusedWithItsPlace() throws {
    let fixture = try AdminFixture(self)
    let (id, secret) = try made(fixture)
    for (body, code, pointer): (JSONValue, String, String?) in [
      (["overlap": "soon"], "invalidMember", "/overlap"), (["overlap": 1], "invalidMember", "/overlap"),
      (["span": "1h"], "unknownMember", "/span"),
      (["expires": "2001-01-01T00:00:00Z"], "invalidMember", "/expires"),
      (["expires": .null], "invalidMember", "/expires"),
    ] {
      let answer = try fixture.ask("POST", "\(keys)/\(id)/rotate", body)
      XCTAssertEqual(answer.code, code, "\(body)")
      XCTAssertEqual(answer.json["pointer"]?.stringValue, pointer, "\(body)")
    }
    XCTAssertEqual(try fixture.ask("POST", "\(keys)/key_none/rotate", [:]).code, "unknownKey")
    XCTAssertEqual(fixture.world.keys.key(id)?.generations.count, 1)
    XCTAssertTrue(isValid(secret, fixture))
  }

  /// The new secret is as good as the key, so whoever gets it must have as much.
  func testNobodyRotatesAKeyThatReachesFurtherThanTheirOwn() throws {
    let fixture = try AdminFixture(self)
    func caller(_ body: JSONValue) throws -> AdminCaller {
      let secret = try made(fixture, body).secret
      return AdminCaller(
        try XCTUnwrap(fixture.world.keys.granted(Array(secret.utf8)[...])), remote: "192.0.2.1")
    }
    let (id, _) = try made(
      fixture, ["name": "wide", "scopes": ["scim.*"], "networks": ["10.0.0.0/8"]])
    let narrow = try caller(["name": "a", "scopes": ["admin.write"]])
    let near = try caller(["name": "b", "scopes": ["admin.write", "scim.*"], "networks": ["10.1.0.0/16"]])
    let same = try caller(["name": "c", "scopes": ["admin.write", "scim.*"], "networks": ["10.0.0.0/8"]])
    XCTAssertEqual(
      try fixture.ask("POST", "\(keys)/\(id)/rotate", [:], by: narrow).json["pointer"], "/scopes")
    XCTAssertEqual(
      try fixture.ask("POST", "\(keys)/\(id)/rotate", [:], by: near).json["pointer"], "/networks")
    XCTAssertEqual(
      try fixture.ask("POST", keys, ["name": "d"], by: near).json["pointer"], "/networks")
    XCTAssertEqual(
      try fixture.ask("PATCH", "\(keys)/\(id)", ["networks": []], by: same).json["pointer"], "/networks")
    XCTAssertEqual(
      try fixture.ask("POST", "\(keys)/\(id)/rotate", [:], by: same).status, 200)
  }

  func testThePolicyKeyMaxDaysHoldsForEveryWayToMakeAKeyLiveLonger() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.ask("PATCH", AdminFixture.root, ["policies": ["keyMaxDays": 30]])
    let far = JSONValue.string(fixture.world.keys.now.adding(31).description)
    let near = JSONValue.string(fixture.world.keys.now.adding(29).description)
    let connections = AdminFixture.root + "/connections"
    for end in [far, .null] {
      let body: JSONValue = ["name": "a", "provider": "okta", "expires": end]
      XCTAssertEqual(
        try fixture.ask("POST", keys, ["name": "a", "expires": end]).json["pointer"], "/expires")
      XCTAssertEqual(try fixture.ask("POST", connections, body).json["pointer"], "/expires")
    }
    let (id, _) = try made(fixture)
    let days = try XCTUnwrap(fixture.world.keys.key(id)?.expires).seconds - fixture.world.keys.now.seconds
    XCTAssertLessThanOrEqual(days, 30 * 86400)
    for end in [far, .null] {
      XCTAssertEqual(try fixture.ask("PATCH", "\(keys)/\(id)", ["expires": end]).json["pointer"], "/expires")
      XCTAssertEqual(
        try fixture.ask("POST", "\(keys)/\(id)/rotate", ["expires": end]).json["pointer"], "/expires")
    }
    XCTAssertEqual(try fixture.ask("PATCH", "\(keys)/\(id)", ["expires": near]).json["expires"], near)
  }

  func testNetworksAreKeptAndBadOnesRefused() throws {
    let fixture = try AdminFixture(self)
    let (id, _) = try made(fixture, ["name": "a", "networks": ["203.0.113.0/24", "2001:db8::/32"]])
    XCTAssertEqual(
      try fixture.ask("GET", "\(keys)/\(id)").json["networks"], ["203.0.113.0/24", "2001:db8::/32"])
    XCTAssertEqual(try fixture.ask("PATCH", "\(keys)/\(id)", ["networks": []]).json["networks"], [])
    let many = JSONValue.array([JSONValue](repeating: "::1", count: 101))
    for (networks, pointer): (JSONValue, JSONValue) in [
      (["203.0.113.1/24"], "/networks/0"), (["::1", "host"], "/networks/1"), ("::1", "/networks"),
      (many, "/networks"),
    ] {
      XCTAssertEqual(
        try fixture.ask("PATCH", "\(keys)/\(id)", ["networks": networks]).json["pointer"], pointer)
      XCTAssertEqual(
        try fixture.ask("POST", keys, ["name": "b", "networks": networks]).json["pointer"], pointer)
    }
  }

  // MARK: Inspection

  func testAPastedTextTellsWhoseTheKeysInItAre() throws {
    let fixture = try AdminFixture(self)
    let (id, old) = try made(fixture)
    let rotated = try fixture.ask("POST", "\(keys)/\(id)/rotate", ["overlap": "none"])
    let new = try XCTUnwrap(rotated.json["key"]?.stringValue)
    let made = try fixture.ask("POST", "/admin/v1/directories/other/keys?newDirectory=true", ["name": "b"])
    let other = try XCTUnwrap(made.json["key"]?.stringValue)
    let stranger = APIKeySecret.make(.system)
    let damaged = String(new.dropLast()) + (new.last == "0" ? "1" : "0")
    let text =
      "a=\(old)\nAuthorization: Bearer \(new), \(damaged) [\(stranger)] \(new) \(other); \(new)x scim_"
    let found = try fixture.ask("POST", "\(keys)/inspect", ["text": .string(text)])
    XCTAssertEqual(found.items.map { $0["checksum"] }, [true, true, false, true, true])
    XCTAssertEqual(found.items.map { $0["valid"] }, [false, true, false, false, false])
    XCTAssertEqual(found.items.map { $0["generation"] }, [1, 2, nil, nil, nil])
    XCTAssertEqual(
      found.items.map { $0["key"]?["id"]?.stringValue }, [id, id, nil, nil, nil],
      "the key of another directory is unknown in this one")
    let everywhere = try fixture.ask("POST", "/admin/v1/keys/inspect", ["text": .string(text)])
    XCTAssertEqual(everywhere.items.last?["key"]?["directory"], "other")
    for secret in [old, new, other, stranger, damaged] {
      XCTAssertFalse(String(decoding: everywhere.bytes, as: UTF8.self).contains(secret.dropFirst(9)))
    }
  }

  func testAnInspectedTextIsBounded() throws {
    let fixture = try AdminFixture(self)
    let text = (0..<150).map { _ in APIKeySecret.make(.system) }.joined(separator: " ")
    XCTAssertEqual(try fixture.ask("POST", "\(keys)/inspect", ["text": .string(text)]).items.count, 100)
    XCTAssertEqual(try fixture.ask("POST", "\(keys)/inspect", ["text": 1]).code, "invalidMember")
    XCTAssertEqual(try fixture.ask("POST", "\(keys)/inspect", ["key": "x"]).code, "unknownMember")
    XCTAssertEqual(try fixture.ask("POST", "\(keys)/inspect", ["text": ""]).items, [])
  }
}

extension DateTime {
  fileprivate func adding(_ days: Int64) -> DateTime {
    DateTime(milliseconds: milliseconds + days * 86_400_000)
  }
}
