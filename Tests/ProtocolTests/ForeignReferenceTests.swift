import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials
@testable import Protocol

/// A key of one directory with things of another, in every place of every endpoint where a reference can stand: the
/// answer is that to a thing that does not exist, byte for byte.
final class ForeignReferenceTests: XCTestCase {
  /// A request in which something of the other directory, or something that exists nowhere, takes a place.
  private struct Place {
    let template: String
    let method: String
    let path: (String) -> String
    var body: (String) -> String = { _ in "" }

    func name(_ id: String) -> String { "\(method) \(path(id)) \(body(id))" }
  }

  private static let missing = "00000000-0000-4000-8000-000000000000"
  private static let patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
  private static let manager = "\(SchemaURN.enterpriseUser):manager"

  private static func patching(_ operation: String) -> String {
    #"{"schemas":["\#(patch)"],"Operations":[\#(operation)]}"#
  }

  private static func user(_ name: String, _ more: String = "") -> String {
    #"{"schemas":["\#(SchemaURN.user)"],"userName":"\#(name)"\#(more)}"#
  }

  private static func group(_ member: String) -> String {
    #"{"schemas":["\#(SchemaURN.group)"],"displayName":"g","members":[{"value":"\#(member)"}]}"#
  }

  private static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
  }

  private static let attributes = [
    "id", "userName", "externalId", "displayName", "emails.value", "members.value", "members", "groups.value",
    "\(manager).value", "meta.location",
  ]

  /// Everything that takes an id, or a name.
  private static func places(_ fixture: ServiceFixture, own: (user: String, group: String)) -> [Place] {
    var all: [Place] = []
    for type in fixture.service.store.catalog.types { all += places(of: type) }
    let search = { (filter: String) in
      #"{"schemas":["\#(SchemaURN.searchRequest)"],"filter":"\#(filter.replacing("\"", with: "\\\""))"}"#
    }
    for attribute in attributes {
      let filter = { (id: String) in "\(attribute) eq \"\(id)\"" }
      for endpoint in ["/Users", "/Groups", ""] {
        all.append(
          Place(
            template: endpoint.isEmpty ? "/" : endpoint, method: "GET",
            path: { "\(endpoint)/?filter=" + encoded(filter($0)) }))
        all.append(
          Place(
            template: endpoint + "/.search", method: "POST", path: { _ in endpoint + "/.search" },
            body: { search(filter($0)) }))
      }
    }
    return all + members(own) + bulk(own) + creations
  }

  private static func places(of type: ResourceType) -> [Place] {
    let template = type.endpoint + "/{id}"
    let path = { (id: String) in "\(type.endpoint)/\(id)" }
    let body = type.hasMembers ? group(missing) : user("x")
    return [
      Place(template: template, method: "GET", path: path),
      Place(template: template, method: "HEAD", path: path),
      Place(template: template, method: "PUT", path: path, body: { _ in body }),
      Place(
        template: template, method: "PATCH", path: path,
        body: { _ in patching(#"{"op":"replace","path":"externalId","value":"x"}"#) }),
      Place(template: template, method: "DELETE", path: path),
      Place(
        template: type.endpoint, method: "GET",
        path: { "\(type.endpoint)?filter=" + encoded("not (id ne \"\($0)\")") }),
      Place(template: type.endpoint, method: "GET", path: { "\(type.endpoint)?cursor=\($0)&count=1" }),
    ]
  }

  private static func members(_ own: (user: String, group: String)) -> [Place] {
    let path = { (_: String) in "/Groups/\(own.group)" }
    var all = [
      Place(template: "/Groups", method: "POST", path: { _ in "/Groups" }, body: { group($0) }),
      Place(template: "/Groups/{id}", method: "PUT", path: path, body: { group($0) }),
    ]
    for operation in [
      #"{"op":"add","path":"members","value":[{"value":"ID"}]}"#,
      #"{"op":"add","value":{"members":[{"value":"ID"}]}}"#,
      #"{"op":"replace","path":"members","value":[{"value":"ID"}]}"#,
      #"{"op":"remove","path":"members[value eq \"ID\"]"}"#,
      #"{"op":"remove","path":"members","value":[{"value":"ID"}]}"#,
      #"{"op":"add","path":"members[value eq \"ID\"].display","value":"x"}"#,
      #"{"op":"replace","path":"members[value eq \"ID\"].value","value":"ID"}"#,
    ] {
      all.append(
        Place(
          template: "/Groups/{id}", method: "PATCH", path: path,
          body: { patching(operation.replacing("ID", with: $0)) }))
    }
    for operation in [
      #"{"op":"add","path":"\#(manager)","value":{"value":"ID"}}"#,
      #"{"op":"replace","path":"\#(manager).value","value":"ID"}"#,
      #"{"op":"replace","path":"userName","value":"ID"}"#,
      #"{"op":"replace","path":"externalId","value":"ID"}"#,
      #"{"op":"add","path":"groups","value":[{"value":"ID"}]}"#,
    ] {
      all.append(
        Place(
          template: "/Users/{id}", method: "PATCH", path: { _ in "/Users/\(own.user)" },
          body: { patching(operation.replacing("ID", with: $0)) }))
    }
    return all
  }

  private static func bulk(_ own: (user: String, group: String)) -> [Place] {
    [
      #"{"method":"DELETE","path":"/Users/ID"}"#, #"{"method":"DELETE","path":"/Groups/ID"}"#,
      #"{"method":"PUT","path":"/Users/ID","data":\#(user("y"))}"#,
      #"{"method":"PATCH","path":"/Groups/ID","data":\#(patching(#"{"op":"remove","path":"members"}"#))}"#,
      #"{"method":"POST","path":"/Groups","bulkId":"g","data":\#(group("ID"))}"#,
      #"{"method":"POST","path":"/Groups","bulkId":"ID","data":\#(group("bulkId:ID"))}"#,
      #"{"method":"PATCH","path":"/Groups/\#(own.group)","data":\#(patching(#"{"op":"add","path":"members","value":[{"value":"ID"}]}"#))}"#,
      #"{"method":"DELETE","path":"/Users/\#(own.user)","version":"ID"}"#,
    ].map { operation in
      Place(
        template: "/Bulk", method: "POST", path: { _ in "/Bulk" },
        body: {
          #"{"schemas":["\#(SchemaURN.bulkRequest)"],"Operations":[\#(operation.replacing("ID", with: $0))]}"#
        })
    }
  }

  /// Names are unique in one directory only, and a reference to a manager is not looked up.
  private static var creations: [Place] {
    [
      #","externalId":"ID""#, #","emails":[{"value":"ID@example.com"}]"#, #","groups":[{"value":"ID"}]"#,
      #","\#(SchemaURN.enterpriseUser)":{"manager":{"value":"ID"}}"#, #","id":"ID""#,
    ].map { more in
      Place(
        template: "/Users", method: "POST", path: { _ in "/Users" },
        body: { user($0 + "-\(more.utf8.count)", more.replacing("ID", with: $0)) })
    }
  }

  /// The templates of a route in which a reference can stand. A new route is decided about here.
  private static func templates(_ route: Route) -> [String] {
    switch route {
    case .root, .rootSearch, .collection, .search, .resource, .bulk, .me: [route.template]
    case .serviceProviderConfig, .schemas, .schema, .resourceTypes, .resourceType: []
    case .live, .ready, .otherVersion, .unknown, .malformed: []
    }
  }

  private static func routes(_ fixture: ServiceFixture) -> [Route] {
    fixture.service.store.catalog.types.flatMap { type -> [Route] in
      [.collection(type), .search(type), .resource(type, [])]
    } + [
      .root, .rootSearch, .serviceProviderConfig, .schemas, .schema(""), .resourceTypes, .resourceType(""),
      .bulk, .me, .live, .ready, .otherVersion, .unknown, .malformed,
    ]
  }

  // MARK: Two directories

  private struct Other {
    let key: CreatedKey
    let user: String
    let group: String
    let cursor: String
    let version: String
  }

  private static let canary = "canary.of.b"
  private static let nobody = "nobody.at.b"

  private func other(_ fixture: ServiceFixture) throws -> Other {
    _ = try fixture.service.store.directory(named: "other").get()
    let key = try fixture.keys.create(NewKey(name: "other", directory: "other"))
    let field = ("Authorization", "Bearer \(key.secret)")
    let name = Self.canary
    let more = #","externalId":"\#(name)","emails":[{"value":"\#(name)"}],"displayName":"\#(name)""#
    let made = try fixture.send("POST", "/Users", [field], body: Self.user(name, more))
    let user = try XCTUnwrap(try made.json()["id"]?.stringValue)
    _ = try fixture.send("POST", "/Users", [field], body: Self.user("second"))
    let group = try fixture.send(
      "POST", "/Groups", [field], body: Self.group(user).replacing("\"g\"", with: "\"\(name)\""))
    let page = try fixture.send("GET", "/Users?cursor&count=1", [field]).json()
    return Other(
      key: key, user: user, group: try XCTUnwrap(try group.json()["id"]?.stringValue),
      cursor: try XCTUnwrap(page["nextCursor"]?.stringValue),
      version: try XCTUnwrap(try made.json()["meta"]?["version"]?.stringValue))
  }

  /// What the other directory holds, as its own key sees it.
  private func content(_ fixture: ServiceFixture, _ other: Other) throws -> JSONValue {
    let field = ("Authorization", "Bearer \(other.key.secret)")
    return try fixture.send("GET", "/?count=100", [field]).json()
  }

  /// An answer without what differs from one to the next.
  private func comparable(_ answer: HTTPResponse, _ given: String) throws -> String {
    var text = "\(answer.status.rawValue) \(answer.fields.list.map(\.0))"
    if case .empty = answer.body { return text }
    text += String(decoding: try answer.json().serialized(), as: UTF8.self)
    text = text.replacing(given, with: "GIVEN")
    for (pattern, name) in [
      (#"W/\\+"[^"\\]*\\+""#, "VERSION"), (#"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}"#, "ID"),
      (#"\d{4}-\d\d-\d\dT[0-9:.]+Z"#, "TIME"), (#"request [0-9a-f]{8}-\d+"#, "REQUEST"),
    ] { text = text.replacingOccurrences(of: pattern, with: name, options: .regularExpression) }
    return text
  }

  /// The own user and group as they were made.
  private func reset(_ fixture: ServiceFixture, _ own: (user: String, group: String)) throws {
    let group = Self.group("x").replacing(#"{"value":"x"}"#, with: "")
    for (path, body) in [("/Users/\(own.user)", Self.user("ada")), ("/Groups/\(own.group)", group)] {
      XCTAssertEqual(try fixture.send("PUT", path, body: body).status, .ok)
    }
  }

  func testAThingOfAnotherDirectoryIsTheSameAsNoneInEveryPlaceOfEveryEndpoint() throws {
    let fixture = try ServiceFixture(self)
    let other = try other(fixture)
    let before = try content(fixture, other)
    let own = (
      user: try XCTUnwrap(try fixture.createUser("ada").json()["id"]?.stringValue),
      group: try XCTUnwrap(
        try fixture.send("POST", "/Groups", body: Self.group("x").replacing(#"{"value":"x"}"#, with: ""))
          .json()["id"]?.stringValue)
    )
    let places = Self.places(fixture, own: own)
    let pairs = [
      (other.user, Self.missing), (other.group, Self.missing.replacing("0000-4", with: "1111-4")),
      (Self.canary, Self.nobody),
      (other.cursor, String(other.cursor.reversed())),
    ]
    var cells = 0
    for place in places {
      for (foreign, absent) in pairs {
        let fields = [("Content-Type", "application/scim+json")]
        let answers = try [foreign, absent].map { id in
          try reset(fixture, own)
          let answer = try fixture.send(place.method, place.path(id), fields, body: place.body(id))
          return try comparable(answer, id)
        }
        XCTAssertEqual(answers[0], answers[1], place.name(foreign))
        cells += 1
      }
    }
    XCTAssertGreaterThan(cells, 400)
    XCTAssertEqual(try content(fixture, other), before, "nothing of the other directory was changed")
    let reached = Set(places.map(\.template)).union(["/Me"])
    for template in Self.routes(fixture).flatMap(Self.templates) {
      XCTAssertTrue(reached.contains(template), "no place of \(template) is tried")
    }
  }

  func testAKeySpeaksForNoUserOfAnotherDirectory() throws {
    let fixture = try ServiceFixture(self)
    let other = try other(fixture)
    var refusals: [String] = []
    for user in [other.user, Self.missing] {
      XCTAssertThrowsError(try fixture.makeKey(user: user)) {
        refusals.append("\($0)".replacing(user, with: "ID"))
      }
    }
    XCTAssertEqual(refusals[0], refusals[1])
    XCTAssertTrue(refusals[0].contains("has no user"), refusals[0])
  }

  func testAVersionOfAnotherDirectoryIsAnyOtherVersion() throws {
    let fixture = try ServiceFixture(self)
    let other = try other(fixture)
    let path = "/Users/" + (try XCTUnwrap(try fixture.createUser("ada").json()["id"]?.stringValue))
    let answers = try [other.version, "W/\"1.AAAAAAAA\""].map { version in
      try comparable(
        try fixture.send("PUT", path, [("If-Match", version)], body: Self.user("eve")), version)
    }
    XCTAssertTrue(answers[0].hasPrefix("412"), answers[0])
    XCTAssertEqual(answers[0], answers[1])
  }

  func testASecretOpensNoOtherKeyAndATokenNoOtherDirectory() throws {
    let fixture = try ServiceFixture(self, offersTokens: true)
    let other = try other(fixture)
    for (id, secret) in [
      (fixture.key.key.id, other.key.secret), (other.key.key.id, fixture.key.secret),
    ] {
      let field = ServiceFixture.basic(id, secret)
      XCTAssertEqual(try fixture.sendWithoutKey("GET", "/Users", [field]).status, .unauthorized)
      XCTAssertEqual(
        try fixture.askForToken("grant_type=client_credentials", [field]).status, .unauthorized)
    }
    let token = try fixture.token(other.key)
    let seen = try fixture.send("GET", "/Users", [("Authorization", "Bearer \(token)")]).json()
    XCTAssertEqual(seen["totalResults"], 2)
    XCTAssertEqual(try fixture.send("GET", "/Users").json()["totalResults"], 0)
  }
}
