import Admin
import Credentials
import HTTP
import JSON
import Platform
import Storage
import XCTest

@testable import Console

final class SessionTests: XCTestCase {
  private func link(_ fixture: ConsoleFixture, forOthers: Bool = false) -> String {
    let grant = SessionGrant(.user(0), directory: nil, scopes: [.adminWrite, .adminRead])
    return fixture.world.sessions.invite(grant, forOthers: forOthers).secret
  }

  private func body(_ member: String, _ text: String) -> String { "{\"\(member)\": \"\(text)\"}" }

  private func list(_ fixture: ConsoleFixture, _ cookie: String) throws -> ConsoleFixture.Answer {
    try fixture.send(fixture.admin, "GET", "/admin/v1/directories", [("Cookie", cookie)])
  }

  func testALinkWorksOnceAndWithinAMinute() throws {
    let fixture = try ConsoleFixture(self)
    let secret = link(fixture)
    XCTAssertEqual(try fixture.signIn(body("secret", secret)).status, 201)
    XCTAssertEqual(try fixture.signIn(body("secret", secret)).json?["code"]?.stringValue, "linkEnded")
    let late = link(fixture)
    fixture.wait(minutes: 1)
    XCTAssertEqual(try fixture.signIn(body("secret", late)).status, 401)
  }

  func testALinkWorksFromThisMachineUnlessItIsForOthers() throws {
    let fixture = try ConsoleFixture(self)
    let other = PeerAddress(ipv4: [192, 0, 2, 7])
    let secret = link(fixture)
    XCTAssertEqual(try fixture.signIn(body("secret", secret), peer: other).status, 401)
    // A stranger's attempt does not use it up.
    XCTAssertEqual(try fixture.signIn(body("secret", secret)).status, 201)
    XCTAssertEqual(
      try fixture.signIn(body("secret", link(fixture, forOthers: true)), peer: other).status, 201)
    // A trusted proxy says who asks.
    let fields = ConsoleFixture.ownPage + [("X-Forwarded-For", "192.0.2.7")]
    let proxy = PeerAddress(ipv4: [10, 0, 0, 1])
    XCTAssertEqual(try fixture.signIn(body("secret", link(fixture)), fields, peer: proxy).status, 401)
  }

  func testTheCookieIsForThePagesOfThisServerAloneAndOverHTTPSForThisHost() throws {
    let fixture = try ConsoleFixture(self)
    let plain = try fixture.signIn(
      body("secret", link(fixture)), ConsoleFixture.ownPage + [("Host", "a:8080")])
    let text = try XCTUnwrap(plain.field("Set-Cookie"))
    XCTAssertTrue(text.hasPrefix("scimd_8080=scims_"), text)
    XCTAssertTrue(text.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"), text)
    XCTAssertEqual(plain.field("Cache-Control"), "no-store")
    let fields = ConsoleFixture.ownPage + [("X-Forwarded-Proto", "https")]
    let secure = try fixture.signIn(
      body("secret", link(fixture, forOthers: true)), fields, peer: PeerAddress(ipv4: [10, 0, 0, 1]))
    let safe = try XCTUnwrap(secure.field("Set-Cookie"))
    XCTAssertTrue(safe.hasPrefix("__Host-scimd=scims_") && safe.hasSuffix("SameSite=Strict; Secure"), safe)
    // Nobody but a trusted proxy is believed.
    let claimed = try fixture.signIn(body("secret", link(fixture)), fields)
    XCTAssertFalse(try XCTUnwrap(claimed.field("Set-Cookie")).contains("Secure"))
  }

  func testOnlyAPageOfTheConsoleSignsInAndChangesSomething() throws {
    let fixture = try ConsoleFixture(self)
    let cookie = try XCTUnwrap(try fixture.signIn(body("secret", link(fixture))).cookie)
    let mark = ("X-Scimd-Console", "1")
    let foreign: [[(String, String)]] = [
      [], [mark], [("Sec-Fetch-Site", "same-origin")], [mark, ("Sec-Fetch-Site", "cross-site")],
      [mark, ("Sec-Fetch-Site", "same-site")], [mark, ("Origin", "http://evil.example")],
      [mark, ("Origin", "null")], [mark, ("Origin", "http://localhost.evil.example")],
      [mark, ("Origin", "http://localhost"), ("Sec-Fetch-Site", "cross-site")],
      [("X-Scimd-Console", "2"), ("Sec-Fetch-Site", "same-origin")],
    ]
    for fields in foreign {
      XCTAssertEqual(try fixture.signIn(body("secret", link(fixture)), fields).status, 403, "\(fields)")
      let made = try fixture.send(
        fixture.admin, "POST", "/admin/v1/directories", fields + [("Cookie", cookie)],
        body: "{\"name\": \"other\"}")
      XCTAssertEqual(made.json?["code"]?.stringValue, "notFromConsole", "\(fields)")
    }
    for fields in [ConsoleFixture.ownPage, [mark, ("Origin", "http://localhost")]] {
      let made = try fixture.send(
        fixture.admin, "POST", "/admin/v1/directories", fields + [("Cookie", cookie)],
        body: "{\"name\": \"d\(fields[1].0.count)\"}")
      XCTAssertEqual(made.status, 201, made.text)
    }
  }

  func testASessionEndsAfterAnHourWithoutARequestAndAfterTwelveHoursInAnyCase() throws {
    let fixture = try ConsoleFixture(self)
    let idle = try XCTUnwrap(try fixture.signIn(body("secret", link(fixture))).cookie)
    fixture.wait(minutes: 59)
    XCTAssertEqual(try list(fixture, idle).status, 200)
    fixture.wait(minutes: 60)
    XCTAssertEqual(try list(fixture, idle).json?["code"]?.stringValue, "sessionEnded")
    let busy = try XCTUnwrap(try fixture.signIn(body("secret", link(fixture))).cookie)
    for _ in 0..<14 {
      fixture.wait(minutes: 50)
      XCTAssertEqual(try list(fixture, busy).status, 200)
    }
    fixture.wait(minutes: 20)
    XCTAssertEqual(try list(fixture, busy).status, 401)
    XCTAssertTrue(fixture.world.sessions.all.isEmpty)
  }

  func testASessionSurvivesARestartAndALinkDoesNot() throws {
    let fixture = try ConsoleFixture(self)
    let cookie = try XCTUnwrap(try fixture.signIn(body("secret", link(fixture))).cookie)
    let secret = link(fixture)
    try fixture.reopen()
    XCTAssertEqual(try list(fixture, cookie).status, 200)
    XCTAssertEqual(try fixture.signIn(body("secret", secret)).status, 401)
  }

  func testTheLogHasTheDigestOfATokenAndNeverTheToken() throws {
    let fixture = try ConsoleFixture(self)
    let cookie = try XCTUnwrap(try fixture.signIn(body("secret", link(fixture))).cookie)
    let token = try XCTUnwrap(cookie.split(separator: "=").last)
    let notes = fixture.world.store.system.notes(withPrefix: "console.session:")
    XCTAssertEqual(notes.count, 1)
    let text = String(decoding: try XCTUnwrap(notes.first).value.serialized(), as: UTF8.self)
    XCTAssertFalse(text.contains(token))
    XCTAssertTrue(text.contains("\"digest\":\""))
  }

  func testAnEndedSessionIsRefusedAtOnceAlsoAfterARestart() throws {
    let fixture = try ConsoleFixture(self)
    let first = try XCTUnwrap(try fixture.signIn(body("secret", link(fixture))).cookie)
    let second = try XCTUnwrap(try fixture.signIn(body("secret", link(fixture))).cookie)
    let items = try fixture.send(fixture.admin, "GET", "/admin/v1/sessions", [("Cookie", first)])
      .json?["items"]?.arrayValue
    let other = try XCTUnwrap(items?.first { $0["own"] == nil }?["id"]?.stringValue)
    let fields = ConsoleFixture.ownPage + [("Cookie", first)]
    XCTAssertEqual(
      try fixture.send(fixture.admin, "DELETE", "/admin/v1/sessions/\(other)", fields).status, 200)
    XCTAssertEqual(try list(fixture, second).status, 401)
    // Signing out removes the cookie too.
    let out = try fixture.send(fixture.console, "DELETE", "/console/session", fields)
    XCTAssertEqual(out.status, 204)
    XCTAssertTrue(try XCTUnwrap(out.field("Set-Cookie")).contains("Max-Age=0"))
    XCTAssertEqual(try list(fixture, first).status, 401)
    try fixture.reopen()
    for cookie in [first, second] { XCTAssertEqual(try list(fixture, cookie).status, 401) }
  }

  func testAKeySignsInWithItsOwnRightsAndTheSessionEndsWithIt() throws {
    let fixture = try ConsoleFixture(self)
    let key = try fixture.key([.adminRead])
    let answer = try fixture.signIn(body("key", key.secret))
    XCTAssertEqual(answer.json?["viewer"]?.boolValue, true)
    XCTAssertEqual(answer.json?["directory"]?.stringValue, "default")
    let cookie = try XCTUnwrap(answer.cookie)
    // One directory, and reading only.
    XCTAssertEqual(try list(fixture, cookie).status, 403)
    let users = "/admin/v1/directories/default/users"
    XCTAssertEqual(try fixture.send(fixture.admin, "GET", users, [("Cookie", cookie)]).status, 200)
    let made = try fixture.send(
      fixture.admin, "POST", users, ConsoleFixture.ownPage + [("Cookie", cookie)],
      body: "{\"userName\": \"ada\"}")
    XCTAssertEqual(made.json?["code"]?.stringValue, "insufficientScope")
    try fixture.revoke(key)
    XCTAssertEqual(try fixture.send(fixture.admin, "GET", users, [("Cookie", cookie)]).status, 401)
  }

  func testAKeyWithoutAnAdminScopeDoesNotSignIn() throws {
    let fixture = try ConsoleFixture(self)
    let answer = try fixture.signIn(body("key", try fixture.key([.scim]).secret))
    XCTAssertEqual(answer.json?["code"]?.stringValue, "insufficientScope")
  }

  func testGuessingIsCountedByAddressAndAValidKeyIsNeverDelayed() throws {
    let fixture = try ConsoleFixture(self)
    let key = try fixture.key([.adminRead])
    var statuses: Set<Int> = []
    for _ in 0..<20 { statuses.insert(try fixture.signIn(body("key", "scim_wrong")).status) }
    XCTAssertEqual(statuses, [401, 429])
    XCTAssertEqual(try fixture.signIn(body("secret", "scimc_wrong")).status, 429)
    XCTAssertEqual(try fixture.signIn(body("key", key.secret)).status, 201)
  }

  func testASessionMakesNoLinksAndNoKeyBeyondItsOwn() throws {
    let fixture = try ConsoleFixture(self)
    let key = try fixture.key([.adminWrite])
    let cookie = try XCTUnwrap(try fixture.signIn(body("key", key.secret)).cookie)
    let fields = ConsoleFixture.ownPage + [("Cookie", cookie)]
    let link = try fixture.send(fixture.admin, "POST", "/admin/v1/console/links", fields, body: "{}")
    XCTAssertEqual(link.status, 403)
    let made = try fixture.send(
      fixture.admin, "POST", "/admin/v1/directories/default/keys", fields,
      body: "{\"name\": \"x\", \"scopes\": [\"admin.erase\"]}")
    XCTAssertEqual(made.json?["pointer"]?.stringValue, "/scopes", made.text)
  }

  func testAPageWithoutASessionGetsNoChallengeThatWouldMakeTheBrowserAskForAPassword() throws {
    let fixture = try ConsoleFixture(self)
    let page = try fixture.send(
      fixture.admin, "GET", "/admin/v1/directories", [("Sec-Fetch-Site", "same-origin")])
    XCTAssertEqual(page.json?["code"]?.stringValue, "sessionEnded")
    XCTAssertNil(page.field("WWW-Authenticate"))
    let other = try fixture.send(fixture.admin, "GET", "/admin/v1/directories")
    XCTAssertNotNil(other.field("WWW-Authenticate"))
  }

  func testAKeyOfOneDirectorySeesAndEndsOnlyTheSessionsOfItsDirectory() throws {
    let fixture = try ConsoleFixture(self)
    _ = try fixture.signIn(body("secret", link(fixture)))
    let foreign = try XCTUnwrap(fixture.world.sessions.all.first)
    let key = try fixture.key([.adminWrite])
    let own = try fixture.signIn(body("key", key.secret)).json?["id"]?.stringValue
    let fields = [("Authorization", "Bearer \(key.secret)")]
    let items = try fixture.send(fixture.admin, "GET", "/admin/v1/sessions", fields).json?["items"]
    XCTAssertEqual(items?.arrayValue?.compactMap { $0["id"]?.stringValue }, [own])
    let ended = try fixture.send(fixture.admin, "DELETE", "/admin/v1/sessions/\(foreign.id)", fields)
    XCTAssertEqual(ended.json?["code"]?.stringValue, "unknownResource")
    XCTAssertEqual(fixture.world.sessions.all.count, 2)
  }

  func testALinkGivesNoMoreThanItsMakerHas() throws {
    let fixture = try ConsoleFixture(self)
    let key = try fixture.key([.adminRead])
    let fields = [("Authorization", "Bearer \(key.secret)")]
    let made = try fixture.send(fixture.admin, "POST", "/admin/v1/console/links", fields, body: "{}").json
    let answer = try fixture.signIn(body("secret", try XCTUnwrap(made?["secret"]?.stringValue)))
    XCTAssertEqual(answer.json?["viewer"]?.boolValue, true)
    XCTAssertEqual(answer.json?["directory"]?.stringValue, "default")
    XCTAssertEqual(answer.json?["by"]?.stringValue, key.key.id)
  }

  func testTheNumberOfSessionsAndLinksIsBounded() throws {
    let fixture = try ConsoleFixture(self)
    let first = link(fixture)
    fixture.clock.withLock { $0 += 1 }
    for _ in 0..<70 { _ = link(fixture) }
    XCTAssertEqual(try fixture.signIn(body("secret", first)).status, 401)
    let grant = SessionGrant(.user(0), directory: nil, scopes: [.adminRead])
    for _ in 0..<300 {
      let context = RequestContext(Actor(.session), requestID: "x", operation: "BEGIN /sessions")
      _ = try fixture.world.sessions.begin(grant, remote: "::1", agent: nil, context).whenDurable().get()
    }
    XCTAssertEqual(fixture.world.sessions.all.count, 256)
  }

  func testAMalformedSignInIsRefusedWithAReason() throws {
    let fixture = try ConsoleFixture(self)
    for (text, status) in [
      ("", 400), ("{", 400), ("[]", 400), ("{}", 400), ("{\"secret\": 7}", 400), ("{\"other\": \"x\"}", 400),
      (body("key", String(repeating: "x", count: 5000)), 413), (body("key", "\\u0000"), 401),
    ] {
      XCTAssertEqual(try fixture.signIn(text).status, status, text.prefix(40).description)
    }
  }
}
