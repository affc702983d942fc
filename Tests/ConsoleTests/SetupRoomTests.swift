import Admin
import Credentials
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Console

final class SetupRoomTests: XCTestCase {
  private struct Room {
    let fixture: ConsoleFixture
    let link: SetupLink
    let secret: String
    let connection: ResourceID

    func open() throws -> ConsoleFixture.Answer {
      try fixture.send(
        fixture.setup, "POST", "/setup/session", ConsoleFixture.ownPage, body: "{\"secret\": \"\(secret)\"}")
    }

    func ask(_ method: String, _ path: String, _ cookie: String) throws -> ConsoleFixture.Answer {
      try fixture.send(
        fixture.setup, method, "/setup/api/" + path, ConsoleFixture.ownPage + [("Cookie", cookie)])
    }
  }

  private func connection(_ name: String, _ fixture: ConsoleFixture) throws -> ResourceID {
    let directory = try XCTUnwrap(fixture.world.store.existingDirectory(named: "default"))
    return try ConnectionAdministration(fixture.world.store, fixture.world.keys).create(
      ConnectionDescription(name: name, provider: "okta"), in: directory, key: NewKey(name: name), context
    ).connection
  }

  private var context: RequestContext {
    RequestContext(Actor(.server), requestID: "x", operation: "CREATE")
  }

  private func room() throws -> Room {
    let fixture = try ConsoleFixture(self)
    let id = try connection("Okta", fixture)
    let directory = try XCTUnwrap(fixture.world.store.existingDirectory(named: "default"))
    let made = try fixture.world.links.create(for: id, in: directory, by: "me", context)
    return Room(fixture: fixture, link: made.link, secret: made.secret, connection: id)
  }

  private func steps(_ room: Room, _ steps: [SetupStep]) {
    let now = DateTime(milliseconds: room.fixture.clock.withLock { $0 })
    room.fixture.world.steps.saw(steps, by: room.connection, in: "default", at: now, requestID: "r")
  }

  func testALinkShowsItsConnectionAndMakesOneKey() throws {
    let room = try room()
    let cookie = try XCTUnwrap(try room.open().cookie)
    XCTAssertTrue(cookie.hasPrefix("scimdsetup_"))
    let shown = try room.ask("GET", "connection", cookie)
    XCTAssertEqual(shown.json?["id"]?.stringValue, room.connection.text)
    let made = try room.ask("POST", "key", cookie)
    XCTAssertEqual(made.status, 201)
    XCTAssertEqual(made.json?["connection"]?["id"]?.stringValue, room.connection.text)
    XCTAssertEqual(made.json?["scopes"], .array([.string("scim.*")]))
    XCTAssertEqual(try room.ask("POST", "key", cookie).json?["code"]?.stringValue, "setupKeyMade")
    try room.fixture.reopen()
    XCTAssertEqual(try room.ask("POST", "key", cookie).status, 409)
  }

  func testALinkReachesNothingElse() throws {
    let room = try room()
    let fixture = room.fixture
    let other = try connection("Entra", fixture)
    let cookie = try XCTUnwrap(try room.open().cookie)
    let token = try XCTUnwrap(cookie.split(separator: "=").last)
    // Neither as a session of the console nor under another name.
    for name in ["scimd_80", "__Host-scimd", "scimdsetup_80"] {
      for path in ["/admin/v1/directories", "/admin/v1/sessions", "/admin/v1/directories/default/users"] {
        let fields = ConsoleFixture.ownPage + [("Cookie", "\(name)=\(token)")]
        XCTAssertEqual(try fixture.send(fixture.admin, "GET", path, fields).status, 401, "\(name) \(path)")
      }
      XCTAssertEqual(
        try fixture.send(fixture.console, "GET", "/console/session", [("Cookie", "\(name)=\(token)")]).status,
        401)
    }
    for path in [
      "users", "keys", "connection/\(other.text)", "requests/none", "requests/%2e%2e", "links", "", "key",
    ] {
      XCTAssertEqual(try room.ask("GET", path, cookie).status, 404, path)
    }
    // The admin API itself refuses every route that is not marked, and marked ones for another connection.
    let caller = AdminCaller(room.link, remote: "::1", certificate: nil, createsKey: true)
    let root = "/admin/v1/directories/default"
    for (method, path) in [
      ("GET", "/admin/v1/directories"), ("GET", root), ("GET", "\(root)/users"), ("GET", "\(root)/keys"),
      ("GET", "\(root)/connections"), ("GET", "\(root)/connections/\(other.text)"),
      ("GET", "\(root)/connections/Okta"), ("GET", "\(root)/requests"),
      ("GET", "\(root)/requests?connection=\(other.text)"), ("GET", "\(root)/requests/watch"),
      ("POST", "\(root)/connections/\(room.connection.text)/pause"), ("GET", "/docs/errors"),
      ("GET", "\(root)/connections/\(room.connection.text)/links"),
    ] {
      let head = try HTTPRequestHead(method: method, target: path)
      let answer = AdminHandler(fixture.world).respond(
        to: HTTPRequest(head: head, body: [], peer: .unixSocket), by: caller)
      XCTAssertTrue(
        [403, 404].contains(answer.status.rawValue), "\(method) \(path): \(answer.status.rawValue)")
    }
    for body in [
      "{\"name\": \"x\"}", "{\"name\": \"x\", \"connection\": \"\(other.text)\"}",
      "{\"name\": \"x\", \"connection\": \"\(room.connection.text)\", \"scopes\": [\"admin.read\"]}",
    ] {
      let head = try HTTPRequestHead(method: "POST", target: "\(root)/keys")
      let answer = AdminHandler(fixture.world).respond(
        to: HTTPRequest(head: head, body: Array(body.utf8), peer: .unixSocket), by: caller)
      XCTAssertTrue((400..<404).contains(answer.status.rawValue), body)
    }
  }

  func testALinkEndsAfterSevenDaysOrADayAfterItsConnectionWorks() throws {
    let slow = try room()
    slow.fixture.wait(minutes: 7 * 24 * 60 - 1)
    XCTAssertEqual(try slow.open().status, 201)
    slow.fixture.wait(minutes: 1)
    XCTAssertEqual(try slow.open().json?["detail"]?.stringValue, "This link has expired.")
    let quick = try room()
    let cookie = try XCTUnwrap(try quick.open().cookie)
    steps(quick, [.keyAccepted])
    quick.fixture.wait(minutes: 50)
    steps(quick, [.userCreated])
    XCTAssertEqual(try quick.ask("GET", "link", cookie).status, 200)
    quick.fixture.wait(minutes: 24 * 60 - 1)
    XCTAssertEqual(try quick.open().status, 201)
    quick.fixture.wait(minutes: 1)
    XCTAssertEqual(try quick.open().json?["code"]?.stringValue, "setupLinkEnded")
  }

  func testARevokedLinkEndsItsVisitsAtOnceAndSaysSo() throws {
    let room = try room()
    let cookie = try XCTUnwrap(try room.open().cookie)
    let now = DateTime(milliseconds: room.fixture.clock.withLock { $0 })
    _ = try room.fixture.world.links.change(room.link.id, context) { link in
      link.revoked = now
      return true
    }
    XCTAssertEqual(try room.ask("GET", "connection", cookie).json?["code"]?.stringValue, "setupLinkEnded")
    XCTAssertEqual(try room.ask("POST", "key", cookie).status, 401)
    XCTAssertEqual(try room.open().json?["detail"]?.stringValue, "This link was revoked.")
    try room.fixture.reopen()
    XCTAssertEqual(try room.open().status, 401)
  }

  func testOnlyThePageOfTheLinkOpensItAndMakesAKey() throws {
    let room = try room()
    let body = "{\"secret\": \"\(room.secret)\"}"
    let fixture = room.fixture
    XCTAssertEqual(try fixture.send(fixture.setup, "POST", "/setup/session", body: body).status, 403)
    let cookie = try XCTUnwrap(try room.open().cookie)
    let foreign = [("Cookie", cookie), ("Sec-Fetch-Site", "cross-site"), ("X-Scimd-Console", "1")]
    XCTAssertEqual(try fixture.send(fixture.setup, "POST", "/setup/api/key", foreign).status, 403)
  }

  func testGuessingIsLimitedAndTheLogHasNoSecret() throws {
    let room = try room()
    var statuses: Set<Int> = []
    for _ in 0..<20 {
      statuses.insert(
        try room.fixture.send(
          room.fixture.setup, "POST", "/setup/session", ConsoleFixture.ownPage,
          body: "{\"secret\": \"sciml_x\"}"
        ).status)
    }
    XCTAssertEqual(statuses, [401, 429])
    XCTAssertEqual(try room.open().status, 201)
    let directory = try XCTUnwrap(room.fixture.world.store.existingDirectory(named: "default"))
    let links = directory.administrativeResources(directory.administrativeType("Link"))
    let document = try XCTUnwrap(links.first?.document)
    XCTAssertNil(document.attributes.members.first { $0.value == .string(room.secret) })
    XCTAssertNotNil(document.attributes["used"])
  }

  func testALinkGoesWithItsConnection() throws {
    let room = try room()
    let head = try HTTPRequestHead(
      method: "DELETE", target: "/admin/v1/directories/default/connections/Okta?users=keep")
    let answer = AdminHandler(room.fixture.world).respond(
      to: HTTPRequest(head: head, body: [], peer: .unixSocket), by: AdminCaller(.socket(user: 0)))
    XCTAssertTrue([200, 202].contains(answer.status.rawValue))
    room.fixture.world.jobs.finish()
    XCTAssertNil(room.fixture.world.links.link(room.link.id))
    XCTAssertEqual(try room.open().status, 401)
  }

  func testAnAddressForAMailIsOneAddress() throws {
    let room = try room()
    let target = "/admin/v1/directories/default/connections/Okta/links"
    for (address, status) in [
      ("it@example.com", 201), ("", 400), ("it", 400), ("@x", 400), ("a@b@c", 400), ("-t@x", 400),
      ("a b@c", 400),
      ("a@b\\nBcc: c@d", 400), ("\\\"a\\\"@b", 400), ("a@b?cc=d", 400),
      (String(repeating: "a", count: 300) + "@b", 400),
    ] {
      let head = try HTTPRequestHead(method: "POST", target: target)
      let answer = AdminHandler(room.fixture.world).respond(
        to: HTTPRequest(head: head, body: Array("{\"email\": \"\(address)\"}".utf8), peer: .unixSocket),
        by: AdminCaller(.socket(user: 0)))
      XCTAssertEqual(answer.status.rawValue, status, address)
    }
  }
}
