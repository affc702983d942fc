import Foundation
import HTTP
import JSON
import Storage
import XCTest

@testable import Admin

/// A caller of one directory with things of another, in the path, the query and the body of every route: each answer is
/// that to a thing that does not exist. Requests are made of the table of routes, so that a new route is tried too.
final class ForeignThingsTests: XCTestCase {
  private static let root = "/admin/v1/directories/other"
  private static let canary = "canary-of-b"

  /// Something of the other directory, and something of the same form that exists nowhere.
  private struct Thing {
    let what: String
    let foreign: String
    let absent: String
  }

  /// Of every caller that a directory can have, the one with all scopes.
  private let caller = AdminCaller(.key("key_a"), directory: "default")
  private let neighbour = AdminCaller(.key("key_b"), directory: "other")

  // MARK: What is there

  private func text(_ answer: AdminFixture.Answer, _ member: String = "id") throws -> String {
    XCTAssertLessThan(answer.status, 300, "\(answer.json)")
    return try XCTUnwrap(answer.json[member]?.stringValue)
  }

  private func things(_ fixture: AdminFixture) throws -> [Thing] {
    let name = Self.canary
    try fixture.makeDirectory("other")
    let more: JSONObject = ["externalId": "external-of-b", "emails": [["value": "mail-of-b@example.com"]]]
    let user = try fixture.user(name, more, in: "other")
    let second = try fixture.user("second", in: "other")
    let group = try fixture.group("group-of-b", in: "other")
    let post = { (path: String, body: JSONValue) in try fixture.ask("POST", Self.root + path, body) }
    _ = try fixture.ask("PATCH", Self.root + "/groups/\(group)/members", ["add": [.string(user)]])
    let role = try text(try post("/roles", ["value": "role-of-b", "permissions": ["b:read"]]))
    let target = try text(try post("/targets", ["kind": "ns", "value": "target-of-b"]))
    let grant = try text(try post("/grants", ["user": .string(user), "role": "role-of-b"]))
    let draft = try text(
      try post("/drafts", ["name": "d", "add": [["user": .string(second), "role": "role-of-b"]]]))
    let connection = try text(try post("/connections", ["name": "connection-of-b", "provider": "okta"]))
    let key = try text(try post("/keys", ["name": "key-of-b"]))
    let gone = try fixture.user("gone-of-b", in: "other")
    _ = try fixture.ask("DELETE", Self.root + "/users/\(gone)")
    let cursor = try text(try fixture.ask("GET", Self.root + "/users?limit=1"), "next")
    let ids = [user, second, group, role, target, grant, draft, connection, gone]
    return ids.enumerated().map { index, id in
      Thing(what: "id", foreign: id, absent: "00000000-0000-4000-8000-\(100_000_000_000 + index)")
    } + [
      Thing(what: "keyId", foreign: key, absent: "key_000000000000"),
      Thing(what: "cursor", foreign: cursor, absent: cursor + "z"),
    ]
      + [
        name, "group-of-b", "role-of-b", "ns:target-of-b", "connection-of-b", "key-of-b", "external-of-b",
        "mail-of-b@example.com", "gone-of-b", "b:read", "other",
      ].map {
        Thing(
          what: "name", foreign: $0,
          absent: $0.replacing("of-b", with: "of-x").replacing("other", with: "never"))
      }
  }

  /// The whole other directory, as its own caller sees it, by path.
  private func content(_ fixture: AdminFixture) throws -> [String: String] {
    var seen: [String: String] = [:]
    for route in AdminRoute.all where route.method == .get && route.pathParameters == ["directory"] {
      let format = route.parameters.contains { $0.name == "format" } ? "?format=ndjson" : ""
      let path = RouteTableTests.target(route, directory: "other") + format
      let answer = try fixture.ask("GET", path, by: neighbour)
      guard answer.status == 200 else { continue }
      // How many days are left changes by itself.
      seen[path] = String(decoding: answer.bytes, as: UTF8.self).replacingOccurrences(
        of: #""daysLeft":\d+,"#, with: "", options: .regularExpression)
    }
    XCTAssertGreaterThan(seen.count, 8)
    return seen
  }

  // MARK: Requests

  /// A body of the schema in which every text is `text`.
  private func body(_ schema: AdminSchema, _ text: String, depth: Int = 0) -> JSONValue? {
    guard depth < 6 else { return nil }
    switch schema {
    case .text, .any: return .string(text)
    case .time: return "2199-01-31T00:00:00Z"
    case .boolean: return true
    case .integer: return 1
    case .choice(let values): return .string(values[0])
    case .object(let members), .open(let members):
      var object = JSONObject()
      for member in members { object[member.name] = body(member.schema, text, depth: depth + 1) }
      return .object(object)
    case .list(let element): return .array(body(element, text, depth: depth + 1).map { [$0] } ?? [])
    case .nullable(let inner): return body(inner, text, depth: depth)
    case .named(let name):
      return AdminSchemas.named.first { $0.name == name }.flatMap { body($0.schema, text, depth: depth + 1) }
    case .either(let choices): return choices.first.flatMap { body($0, text, depth: depth) }
    }
  }

  /// Bodies in which one member after another has the text, and one in which all have.
  private func bodies(_ route: AdminRoute, _ text: String) -> [JSONValue?] {
    guard let schema = route.body?.schema else { return [nil] }
    guard let all = body(schema, text) else { return [nil] }
    guard let object = all.objectValue else { return [all] }
    return [all] + object.members.map { .object([$0.name: $0.value]) }
  }

  private func paths(_ route: AdminRoute, _ text: String) -> [String] {
    let escaped = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    func path(_ id: String) -> String {
      "/"
        + route.segments.map { segment in
          switch segment {
          case "{directory}": "default"
          case "{type}": "Users"
          default: segment.hasPrefix("{") ? id : String(segment)
          }
        }.joined(separator: "/")
    }
    let needed = route.parameters.filter(\.isRequired).map { "\($0.name)=ndjson" }
    func query(_ more: [String]) -> String {
      let all = needed + more
      return all.isEmpty ? "" : "?" + all.joined(separator: "&")
    }
    let texts = route.parameters.filter { if case .text = $0.kind { !$0.isRequired } else { false } }
    let filter = "userName eq \"\(text)\" or id eq \"\(text)\" or externalId eq \"\(text)\""
    return [path(escaped) + query([])]
      + texts.map { parameter in
        let value = parameter.name == "filter" ? filter : text
        let encoded = value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? value
        return path(escaped) + query(["\(parameter.name)=\(encoded)"])
      }
  }

  /// An answer without what differs from one to the next.
  private func comparable(_ answer: AdminFixture.Answer, _ given: String) -> String {
    let encoded = given.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? given
    var text = "\(answer.status) " + String(decoding: answer.bytes, as: UTF8.self)
    text = text.replacing(given, with: "GIVEN").replacing(encoded, with: "GIVEN")
    for (pattern, name) in [
      (#"W/\\*"[^"\\]*\\*""#, "VERSION"), (#"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}"#, "ID"),
      (#"\d{4}-\d\d-\d\dT[0-9:.]+Z"#, "TIME"), (#"admin-[0-9a-f]{8}"#, "REQUEST"),
      (#"key_[0-9A-Za-z]{12}"#, "KEY"), (#"scim_[0-9A-Za-z]{4,49}(…[0-9A-Za-z]{4})?"#, "SECRET"),
      (#""(revision|seq|number|previousRevision)":\d+"#, "NUMBER"),
    ] { text = text.replacingOccurrences(of: pattern, with: name, options: .regularExpression) }
    return text
  }

  /// A route whose requests hold no reference at all is no part of the matrix.
  private func takesReference(_ route: AdminRoute) -> Bool {
    let hasText = route.parameters.contains { if case .text = $0.kind { true } else { false } }
    return route.pathParameters.filter { $0 != "directory" }.isEmpty == false || route.body != nil || hasText
  }

  func testAThingOfAnotherDirectoryIsTheSameAsNoneOnEveryRoute() throws {
    let routes = AdminRoute.served.filter { ($0.isOfDirectory || $0.isOfCaller) && takesReference($0) }
    XCTAssertGreaterThan(routes.count, 60)
    var cells = 0
    // What one route changes in the caller's own directory must not be met by the next one.
    for route in routes { cells += try tryEveryThing(on: route) }
    XCTAssertGreaterThan(cells, 5_000)
  }

  private func tryEveryThing(on route: AdminRoute) throws -> Int {
    let fixture = try AdminFixture(self)
    let things = try things(fixture)
    let before = try content(fixture)
    made = []
    var cells = 0
    for thing in things {
      for (foreign, absent) in zip(requests(route, thing.foreign), requests(route, thing.absent)) {
        let first = try fixture.ask(route.method.rawValue, foreign.path, foreign.body, by: caller)
        let second = try fixture.ask(route.method.rawValue, absent.path, absent.body, by: caller)
        cells += 1
        assertNoLeak(first, second, thing, route, foreign)
      }
    }
    for (path, text) in try content(fixture) {
      XCTAssertEqual(text, before[path], "\(route.template) changed \(path) of the other directory")
    }
    return cells
  }

  private func requests(_ route: AdminRoute, _ text: String) -> [(path: String, body: JSONValue?)] {
    let bodies = bodies(route, text)
    return paths(route, text).flatMap { path in bodies.map { (path, $0) } }
  }

  /// What was made under the name given may be there the second time; a status of another kind would tell.
  private func assertNoLeak(
    _ first: AdminFixture.Answer, _ second: AdminFixture.Answer, _ thing: Thing, _ route: AdminRoute,
    _ request: (path: String, body: JSONValue?)
  ) {
    let name = "\(route.method.rawValue) \(request.path) \(request.body.map { "\($0)" } ?? "")"
    XCTAssertEqual(first.status, second.status, name)
    if first.status >= 300 {
      XCTAssertEqual(comparable(first, thing.foreign), comparable(second, thing.absent), name)
    }
    let text = String(decoding: first.bytes, as: UTF8.self).replacing(thing.foreign, with: "")
    for other in [Self.canary, "mail-of-b@"] where !thing.foreign.contains(other) && !made.contains(other) {
      XCTAssertFalse(text.contains(other), "\(name) shows \(other)")
    }
    if first.status < 300, route.method != .get {
      made.insert(thing.foreign.contains("mail") ? "mail-of-b@" : thing.foreign)
    }
  }

  /// Texts that the caller's own directory holds by now, because the caller sent them.
  private var made: Set<String> = []
}
