import JSON
import Platform
import SCIM
import Storage
import TLS
import XCTest

@testable import Feed

/// Events as signed tokens (RFC 8417, RFC 9967).
final class SecurityEventTokenTests: XCTestCase {
  private static let prefix = "urn:ietf:params:scim:event:prov:"

  private func stream(_ events: [SecurityEvent] = SecurityEvent.notices) -> TokenStream {
    var stream = TokenStream(name: "partner", audience: ["https://partner.example.com"], start: 0)
    stream.events = events
    return stream
  }

  private func claims(_ type: EventType, _ stream: TokenStream) throws -> JSONValue {
    let event = try XCTUnwrap(EventExample(type).event)
    let token = try XCTUnwrap(SecurityEventToken(event, stream, try Catalog.standard()), type.rawValue)
    return token.claims(issuer: "https://scim.example.com")
  }

  /// The payload of one event URI.
  private func payload(_ name: String, _ claims: JSONValue) throws -> JSONValue {
    try XCTUnwrap(claims["events"]?[Self.prefix + name], "\(claims)")
  }

  func testATokenSaysWhoMadeItForWhomWhenAboutWhomAndInWhichRequest() throws {
    let claims = try claims(.userDeactivated, stream())
    XCTAssertEqual(
      String(decoding: claims.serialized(), as: UTF8.self),
      """
      {"iss":"https://scim.example.com","jti":"evt_4gT0aZk9_42_0","iat":1796117400,\
      "aud":"https://partner.example.com","txn":"4bf0b9fc-17",\
      "sub_id":{"format":"scim","uri":"/Users/7e1a4c0e-55c8-4a1e-9d5c-0c9b6e3f2a11",\
      "externalId":"00u1","userName":"ada@example.com"},\
      "events":{"urn:ietf:params:scim:event:prov:deactivate":{},\
      "urn:ietf:params:scim:event:prov:patch:notice":{"attributes":["active"]}}}
      """)
  }

  func testSeveralAudiencesAreAList() throws {
    var several = stream()
    several.audience = ["a", "b"]
    XCTAssertEqual(try claims(.userDeleted, several)["aud"], ["a", "b"])
  }

  func testAStreamGetsOnlyTheEventsThatItNames() throws {
    let leaving = stream([.deactivate, .delete])
    let catalog = try Catalog.standard()
    for type in EventType.allCases {
      let event = try XCTUnwrap(EventExample(type).event)
      let token = SecurityEventToken(event, leaving, catalog)
      guard let token else {
        XCTAssertFalse(leaving.types.contains(type))
        continue
      }
      let names = token.claims(issuer: "x")["events"]?.objectValue?.members.map(\.name) ?? []
      XCTAssertEqual(names.count, 1)
      XCTAssertTrue(names[0] == Self.prefix + "deactivate" || names[0] == Self.prefix + "delete")
    }
    XCTAssertEqual(
      leaving.types,
      [
        .userDeactivated, .userDeleted, .userErased, .groupDeleted, .groupErased, .resourceDeleted,
        .resourceErased,
      ])
  }

  func testNoticesHaveNoValuesAndFullEventsHaveTheResourceOrTheChange() throws {
    let full = stream([.createFull, .patchFull])
    let made = try payload("create:full", claims(.userCreated, full))["data"]
    XCTAssertEqual(made?["schemas"], ["urn:ietf:params:scim:schemas:core:2.0:User"])
    XCTAssertEqual(made?["id"], "7e1a4c0e-55c8-4a1e-9d5c-0c9b6e3f2a11")
    XCTAssertEqual(made?["displayName"], "Ada Lovelace")
    let patch = try payload("patch:full", claims(.userUpdated, full))["data"]
    XCTAssertEqual(patch?["Operations"], [["op": "replace", "value": ["displayName": "Ada Lovelace"]]])
    XCTAssertEqual(
      try payload("create:notice", claims(.userCreated, stream())),
      ["attributes": ["id", "userName", "externalId", "displayName", "active"]])
    XCTAssertEqual(
      try payload("patch:notice", claims(.memberAdded, stream())), ["attributes": ["members"]])
  }

  func testMembersThatComeAndGoAreAPatchOfTheGroup() throws {
    let full = stream([.patchFull])
    let user: JSONValue = "7e1a4c0e-55c8-4a1e-9d5c-0c9b6e3f2a11"
    let added = try claims(.memberAdded, full)
    XCTAssertEqual(added["sub_id"]?["uri"], "/Groups/b0a5f6d2-0c1f-4a53-8f2e-6a3c1de94f70")
    XCTAssertEqual(
      try payload("patch:full", added)["data"]?["Operations"],
      [["op": "add", "path": "members", "value": [["value": user]]]])
    XCTAssertEqual(
      try payload("patch:full", claims(.memberRemoved, full))["data"]?["Operations"],
      [["op": "remove", "path": "members[value eq \"7e1a4c0e-55c8-4a1e-9d5c-0c9b6e3f2a11\"]"]])
  }

  func testAnAttributeThatIsGoneIsRemoved() throws {
    var event = try XCTUnwrap(EventExample(.userUpdated).event)
    event.changed = ["title": .null]
    let token = try XCTUnwrap(SecurityEventToken(event, stream([.patchFull]), try Catalog.standard()))
    XCTAssertEqual(
      try payload("patch:full", token.claims(issuer: "x"))["data"]?["Operations"],
      [["op": "remove", "path": "title"]])
  }

  func testOfSomebodyWhoWasErasedOnlyWhatHasNoValuesIsLeft() throws {
    let catalog = try Catalog.standard()
    for (type, isLeft) in [
      (EventType.userCreated, false), (.userUpdated, false), (.userDeactivated, true), (.userErased, true),
    ] {
      var event = try XCTUnwrap(EventExample(type).event)
      (event.isErased, event.changed, event.previous) = (true, nil, nil)
      XCTAssertEqual(SecurityEventToken(event, stream(), catalog) != nil, isLeft, type.rawValue)
    }
  }

  // MARK: Signatures

  private func keys() throws -> SigningKeys {
    let world = try FeedWorld(self)
    let keys = MasterKeys(world.store, file: nil)
    try keys.open()
    return SigningKeys(keys)
  }

  private func part(_ text: Substring) throws -> [UInt8] {
    let standard = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
    return try XCTUnwrap(Base64.decoded(Array(String(standard).utf8)[...]))
  }

  func testASignatureIsValidUnderThePublishedKeyOfItsKid() throws {
    let keys = try keys()
    let event = try XCTUnwrap(EventExample(.userDeleted).event)
    let token = try XCTUnwrap(SecurityEventToken(event, stream(), try Catalog.standard()))
    for algorithm in TokenStream.algorithms {
      let key = try keys.key(of: "s", 1, algorithm)
      let parts = try token.signed(key, issuer: "https://scim.example.com").split(separator: ".")
      XCTAssertEqual(parts.count, 3)
      let header = try JSONParser.parse(try part(parts[0]))
      XCTAssertEqual(header["typ"], "secevent+jwt")
      XCTAssertEqual(header["kid"], key.json["kid"])
      XCTAssertEqual(header["alg"]?.stringValue, algorithm.rawValue)
      XCTAssertNil(key.json["d"])
      func number(_ name: String) throws -> [UInt8] { try part(XCTUnwrap(key.json[name]?.stringValue)[...]) }
      let numbers: PublicKey =
        algorithm == .es256 ? .p256(x: try number("x"), y: try number("y")) : .ed25519(try number("x"))
      let signed = Array("\(parts[0]).\(parts[1])".utf8)
      XCTAssertTrue(try OpenSSL.load().key(numbers).isValid(try part(parts[2]), of: signed, algorithm))
      XCTAssertFalse(try OpenSSL.load().key(numbers).isValid(try part(parts[2]), of: signed + [0], algorithm))
    }
  }

  func testAKeyFollowsFromTheMasterKeyTheStreamTheNumberAndTheAlgorithm() throws {
    let keys = try keys()
    let one = try keys.key(of: "s", 1, .es256)
    XCTAssertEqual(try keys.key(of: "s", 1, .es256).id, one.id)
    let others = [
      try keys.key(of: "s", 2, .es256), try keys.key(of: "t", 1, .es256), try keys.key(of: "s", 1, .edDSA),
      try self.keys().key(of: "s", 1, .es256),
    ]
    XCTAssertEqual(Set(others.map(\.id) + [one.id]).count, 5)
  }

  func testOnlyNumbersBelowTheOrderOfTheCurveAreKeys() {
    XCTAssertFalse(SigningKeys.isScalar([UInt8](repeating: 0, count: 32)))
    XCTAssertFalse(SigningKeys.isScalar([UInt8](repeating: 255, count: 32)))
    XCTAssertTrue(SigningKeys.isScalar([UInt8](repeating: 0, count: 31) + [1]))
    XCTAssertTrue(SigningKeys.isScalar([UInt8](repeating: 254, count: 32)))
  }

  func testTheKeyBeforeIsPublishedUntilTheOverlapEnds() {
    var stream = stream()
    XCTAssertEqual(stream.generations(at: 0), [1])
    stream.generation = 3
    stream.overlapEnds = DateTime(milliseconds: 1000)
    XCTAssertEqual(stream.generations(at: 999), [3, 2])
    XCTAssertEqual(stream.generations(at: 1000), [3])
  }

  func testAStreamIsTheSameAfterItWasWrittenDown() throws {
    var stream = stream([.createFull, .delete])
    (stream.url, stream.algorithm, stream.state, stream.reason) = (
      "https://x.example/", .edDSA, .disabled, "r"
    )
    let again = try XCTUnwrap(TokenStream(stream.document))
    XCTAssertEqual(again.document.attributes, stream.document.attributes)
  }
}
