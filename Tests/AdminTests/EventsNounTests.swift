import Admin
import Credentials
import Feed
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

/// What applications and administrators are answered about events.
final class EventsNounTests: XCTestCase {
  private let root = AdminFixture.root
  private let application = AdminCaller(
    .key("key_app"), directory: "default", scopes: [.eventsRead, .peopleRead, .accessRead])

  func testEventsComeInOrderPageByPageAndByType() throws {
    let fixture = try AdminFixture(self)
    for name in ["ada", "bob", "eve"] { _ = try fixture.user(name) }
    _ = try fixture.ask("POST", root + "/users/ada/deactivate")
    var (names, target) = ([String](), "/api/v1/events?limit=2")
    while true {
      let page = try fixture.ask("GET", target, by: application)
      XCTAssertEqual(page.status, 200)
      guard !page.items.isEmpty else { break }
      names += page.items.compactMap { $0["subject"]?["userName"]?.stringValue }
      target = "/api/v1/events?limit=2&after=\(page.json["next"]?.stringValue ?? "")"
    }
    XCTAssertEqual(names, ["ada", "bob", "eve", "ada"])
    let left = try fixture.ask("GET", "/api/v1/events?types=user.deactivated,user.deleted", by: application)
    XCTAssertEqual(left.items.map { $0["type"] }, ["user.deactivated"])
    XCTAssertEqual(left.items.first?["changed"], ["active": false])
    let newest = try fixture.ask("GET", root + "/events?newest=true&limit=1&thin=true")
    XCTAssertEqual(newest.items.map { $0["type"] }, ["user.deactivated"])
    XCTAssertNil(newest.items.first?["changed"])
    let id = newest.items.first?["id"]?.stringValue ?? ""
    XCTAssertEqual(try fixture.ask("GET", root + "/events/\(id)").json, left.items.first)
    XCTAssertEqual(try fixture.ask("GET", root + "/events/evt_AAAAAAAA_1_0").code, "unknownEvent")
  }

  func testWhatIsNotACursorOrATypeIsRefusedAndAnotherIncarnationIsGone() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    for cursor in ["x", "evt_1_2_3", "evt_AAAAAAAA_01_0"] {
      XCTAssertEqual(
        try fixture.ask("GET", "/api/v1/events?after=\(cursor)", by: application).code, "invalidCursor",
        cursor)
    }
    let gone = try fixture.ask("GET", "/api/v1/events?after=evt_AAAAAAAA_1_0", by: application)
    XCTAssertEqual(gone.status, 410)
    XCTAssertEqual(gone.code, "eventsGone")
    XCTAssertNotNil(gone.json["oldest"]?.stringValue.flatMap { EventID($0) })
    let unknown = try fixture.ask("GET", "/api/v1/events?types=user.gone", by: application)
    XCTAssertEqual(unknown.code, "invalidParameter")
  }

  func testAKeyWithoutTheScopeIsRefused() throws {
    let fixture = try AdminFixture(self)
    let other = AdminCaller(.key("key_x"), directory: "default", scopes: [.peopleRead])
    for target in ["/api/v1/events", "/api/v1/consumers", "/api/v1/consumers/app"] {
      XCTAssertEqual(try fixture.ask("GET", target, by: other).code, "insufficientScope", target)
    }
  }

  func testARequestThatWaitsIsAnsweredWhenAnEventIsThere() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    let next = try fixture.ask("GET", "/api/v1/events", by: application).json["next"]?.stringValue ?? ""
    let stream = try stream(fixture, "/api/v1/events?wait=30&after=\(next)")
    _ = try fixture.user("bob")
    let text = read(stream) { _ in false }
    let page = try JSONParser.parse(Array(text.utf8))
    XCTAssertEqual(page["items"]?.arrayValue?.compactMap { $0["subject"]?["userName"]?.stringValue }, ["bob"])
  }

  func testARequestThatWaitedInVainIsAnsweredWithAnEmptyPage() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    let next = try fixture.ask("GET", "/api/v1/events", by: application).json["next"]?.stringValue ?? ""
    let text = read(try stream(fixture, "/api/v1/events?wait=1&after=\(next)")) { _ in false }
    XCTAssertEqual(try JSONParser.parse(Array(text.utf8)), ["items": [], "next": .string(next)])
  }

  func testAStreamBeginsAfterTheLastEventOfAReaderThatConnectsAgain() throws {
    let fixture = try AdminFixture(self)
    for name in ["ada", "bob"] { _ = try fixture.user(name) }
    let first = try fixture.ask("GET", "/api/v1/events?limit=1", by: application).items.first
    let id = first?["id"]?.stringValue ?? ""
    let body = try stream(
      fixture, "/api/v1/events", [("Accept", "text/event-stream"), ("Last-Event-ID", id)])
    _ = try fixture.user("eve")
    let text = read(body) { $0.contains("\"eve\"") }
    XCTAssertFalse(text.contains("\"ada\""))
    XCTAssertTrue(text.contains("event: user.created\ndata: {"))
    XCTAssertTrue(text.contains("bob"))
    fixture.world.followers.end()
    XCTAssertEqual(read(body) { _ in false }, "")
  }

  func testAReaderMayAskWhatTheSubjectIsNow() throws {
    let fixture = try AdminFixture(self)
    let (ada, bob) = (try fixture.user("ada"), try fixture.user("bob"))
    XCTAssertEqual(try fixture.ask("DELETE", AdminFixture.root + "/users/\(bob)").status, 200)
    let eventsOnly = AdminCaller(.key("key_1"), directory: "default", scopes: [.eventsRead])
    let target = "/api/v1/events?thin=true&current=true&types=user.created,user.deleted"
    let items = try fixture.ask("GET", target, by: application).items
    XCTAssertEqual(items.count, 3)
    XCTAssertEqual(items[0]["current"]?["resource"]?["id"]?.stringValue, ada)
    XCTAssertEqual(items[0]["current"]?["resource"]?["userName"], "ada")
    XCTAssertNil(items[0]["changed"])
    XCTAssertNil(items[1]["current"]?["resource"], "bob is gone")
    XCTAssertTrue(items[1]["current"]?["asOf"]?.stringValue?.hasPrefix("evt_") == true)
    XCTAssertEqual(
      try fixture.ask("GET", "/api/v1/events?current=true", by: eventsOnly).code, "insufficientScope")
  }

  func testASetUpLinkIsAnEventWhenItIsMadeOpenedAndRevoked() throws {
    let fixture = try AdminFixture(self)
    let connections = AdminFixture.root + "/connections"
    XCTAssertEqual(
      try fixture.ask("POST", connections, ["name": "okta", "provider": "okta"]).status, 201)
    let made = try fixture.ask("POST", connections + "/okta/links", [:]).json
    let id = made["id"]?.stringValue ?? ""
    let context = RequestContext(Actor(.session), requestID: "r", operation: "OPEN /links/{id}")
    _ = try fixture.world.links.change(id, context) { link in
      link.used = link.created
      return true
    }
    XCTAssertEqual(try fixture.ask("DELETE", connections + "/okta/links/\(id)").status, 200)
    let types = "link.created,link.used,link.revoked"
    let items = try fixture.ask("GET", "/api/v1/events?types=\(types)", by: application).items
    XCTAssertEqual(items.compactMap { $0["type"]?.stringValue }.joined(separator: ","), types)
    XCTAssertEqual(items[0]["changed"]?["linkId"]?.stringValue, id)
    XCTAssertNil(items[0]["changed"]?["digest"])
  }

  func testAConsumerKeepsItsPositionOnTheServer() throws {
    let fixture = try AdminFixture(self)
    for name in ["ada", "bob"] { _ = try fixture.user(name) }
    let first = try fixture.ask("GET", "/api/v1/events?limit=1", by: application)
    let position = first.json["next"] ?? .null
    let kept = try fixture.ask(
      "PUT", "/api/v1/consumers/billing", ["position": position], by: application)
    XCTAssertEqual(kept.status, 200)
    let rest = try fixture.ask("GET", "/api/v1/events?consumer=billing", by: application)
    XCTAssertEqual(rest.items.compactMap { $0["subject"]?["userName"]?.stringValue }, ["bob"])
    XCTAssertEqual(
      try fixture.ask("GET", root + "/consumers").items.map { $0["position"] }, [position])
    let bad = try fixture.ask("PUT", "/api/v1/consumers/billing", ["position": "x"], by: application)
    XCTAssertEqual(bad.code, "invalidMember")
    XCTAssertEqual(try fixture.ask("DELETE", "/api/v1/consumers/billing", by: application).status, 200)
    XCTAssertEqual(
      try fixture.ask("GET", "/api/v1/events?consumer=billing", by: application).code, "unknownConsumer")
  }

  func testEveryTypeIsExplained() throws {
    let fixture = try AdminFixture(self)
    let list = try fixture.ask("GET", "/docs/events")
    XCTAssertEqual(list.items.compactMap { $0["type"]?.stringValue }, EventType.allCases.map(\.rawValue))
    XCTAssertEqual(try fixture.ask("GET", "/docs/events/user.deleted").json["type"], "user.deleted")
    XCTAssertEqual(try fixture.ask("GET", "/docs/events/none").code, "unknownEventType")
  }

  // MARK: Streams

  private func stream(
    _ fixture: AdminFixture, _ target: String, _ fields: [(String, String)] = []
  ) throws -> any HTTPBodyProducer {
    let head = try HTTPRequestHead(method: "GET", target: target, fields: fields)
    let response = AdminHandler(fixture.world).respond(
      to: HTTPRequest(head: head, body: [], peer: .unixSocket(user: 0)), by: application)
    guard case .stream(let producer) = response.body else {
      throw XCTSkip("the answer is not a stream: \(response.status.rawValue)")
    }
    return producer
  }

  /// What comes until it ends, or the text so far is enough.
  private func read(_ body: any HTTPBodyProducer, until isEnough: (String) -> Bool) -> String {
    var bytes: [UInt8] = []
    while let piece = try? body.nextPiece() {
      bytes += piece
      if isEnough(String(decoding: bytes, as: UTF8.self)) { break }
      guard piece.isEmpty else { continue }
      let ready = expectation(description: "more")
      _ = body.whenReady { ready.fulfill() }
      wait(for: [ready], timeout: 60)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
