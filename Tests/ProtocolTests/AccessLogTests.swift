import Foundation
import HTTP
import JSON
import Platform
import SCIM
import XCTest

@testable import Credentials
@testable import Protocol

final class AccessLogTests: XCTestCase {
  func testEveryRequestIsOneLineOfJSON() throws {
    let fixture = try ServiceFixture(self)
    let created = try fixture.createUser("ada")
    let id = try XCTUnwrap(try created.json()["id"]?.stringValue)
    _ = try fixture.send("GET", "/scim/v2/Users/\(id)")
    _ = try fixture.send("GET", "/Nope")
    _ = try fixture.send("OPTIONS", "/Users")
    _ = try fixture.send("GET", "/Users", [("Authorization", "Bearer wrong")])

    let lines = try fixture.logLines()
    XCTAssertEqual(lines.map { $0["status"] }, [201, 200, 404, 204, 401])
    XCTAssertEqual(lines.map { $0["method"] }, ["POST", "GET", "GET", "OPTIONS", "GET"])
    XCTAssertEqual(lines.map { $0["path"] }, ["/Users", "/Users/{id}", "?", "/Users", "/Users"])
    XCTAssertEqual(lines.map { $0["code"] }, [nil, nil, "noSuchEndpoint", nil, "keyInvalid"])
    XCTAssertEqual(lines[0]["request"]?.stringValue, created.fields[.requestId])
    XCTAssertEqual(lines[1]["resource"], .string(id))
    XCTAssertEqual(lines[1]["key"], .string(fixture.key.key.id))
    XCTAssertNil(lines[4]["key"])
    for line in lines {
      XCTAssertEqual(line["remote"], "127.0.0.1")
      XCTAssertNotNil(line["time"]?.stringValue)
      XCTAssertNotNil(line["microseconds"]?.integerValue)
    }
  }

  func testNoNameNoFilterAndNoKeyIsLogged() throws {
    let fixture = try ServiceFixture(self)
    _ = try fixture.createUser("SENTINEL")
    _ = try fixture.send("GET", "/Users?filter=userName%20eq%20%22SENTINEL%22&access_token=SENTINEL")
    _ = try fixture.send("GET", "/SENTINEL", [("User-Agent", "SENTINEL")])
    _ = try fixture.send("GET", "/Users", [("Authorization", "Bearer SENTINEL")])
    _ = try fixture.send("GET", "/Schemas/SENTINEL", [("Host", "SENTINEL")])
    let text = fixture.logText()
    XCTAssertEqual(text.split(separator: "\n").count, 5)
    XCTAssertFalse(text.contains("SENTINEL"), text)
    XCTAssertFalse(text.contains(fixture.key.secret), text)
  }

  /// A name, or a key that was pasted into the wrong place, stays out of the log.
  func testOnlyAnIdOfTheRightFormIsLogged() throws {
    let fixture = try ServiceFixture(self)
    let id = "0b6f2f2e-6d0c-4a55-9d53-0c5f6d1f2a3b"
    let others = [
      fixture.key.secret, "ada@example.com", "%22%0A%7B%5C%E2%82%AC", String(repeating: "a", count: 1000),
      id.uppercased(), id + "x", "bulkId:a",
    ]
    for method in ["GET", "PUT", "PATCH", "DELETE"] {
      for other in others { _ = try fixture.send(method, "/Users/\(other)") }
      _ = try fixture.send(method, "/Groups/\(id)")
    }
    let lines = try fixture.logLines()
    XCTAssertEqual(lines.filter { $0["resource"] == "?" }.count, 4 * others.count)
    XCTAssertEqual(lines.filter { $0["resource"] == .string(id) }.count, 4)
    XCTAssertFalse(fixture.logText().contains(fixture.key.secret))
    XCTAssertFalse(fixture.logText().contains("ada@example.com"))
  }

  /// The line says what the answer does not.
  func testARefusedKeyIsLoggedWithTheReasonAndAHint() throws {
    let fixture = try ServiceFixture(self)
    let revoked = try fixture.keys.create(NewKey(name: "revoked"))
    _ = try fixture.keys.revoke(revoked.key.id)
    let expired = try fixture.keys.create(
      NewKey(name: "expired", expires: .at(DateTime(milliseconds: Environment.system.now() + 60_000))))
    fixture.lead.withLock { $0 = 3_600_000 }
    let unknown = APIKeySecret.make(.system)
    let damaged = String(unknown.dropLast()) + (unknown.hasSuffix("0") ? "1" : "0")
    let cases = [
      (unknown, "unknown"), (expired.secret, "expired"), (revoked.secret, "revoked"), (damaged, "malformed"),
      ("hunter2", "malformed"),
    ]
    for (secret, _) in cases {
      _ = try fixture.send("GET", "/Users", [("Authorization", "Bearer \(secret)")])
    }
    let head = try HTTPRequestHead(method: "GET", target: "/Users", fields: [])
    _ = fixture.service.refusal(of: head, peer: PeerAddress(ipv4: [127, 0, 0, 1]))
    let lines = try fixture.logLines()
    XCTAssertEqual(lines.map { $0["refused"]?.stringValue }, cases.map { $0.1 } + ["none"])
    XCTAssertEqual(
      lines.map { $0["hint"]?.stringValue },
      [unknown, expired.secret, revoked.secret].map(APIKeySecret.hint) + [nil, nil, nil])
    for (secret, _) in cases { XCTAssertFalse(fixture.logText().contains(secret)) }
  }

  func testBytesThatAreNoRequestAreLoggedWithTheSenderAndTheRuleThatTheyBreak() throws {
    let fixture = try ServiceFixture(self)
    let peer = PeerAddress(ipv4: [192, 0, 2, 7])
    let errors: [(HTTPError, String)] = [
      (.tlsOnPlainPort, "tlsOnPlainPort"), (.bodyTooLarge(limit: 5), "bodyTooLarge"),
      (.duplicateField("Host"), "duplicateField"), (.plainOnTLSPort, "plainOnTLSPort"),
    ]
    for (error, _) in errors { _ = fixture.service.response(to: error, peer: peer) }
    let lines = try fixture.logLines()
    XCTAssertEqual(lines.map { $0["refused"]?.stringValue }, errors.map(\.1))
    XCTAssertEqual(lines.map { $0["remote"]?.stringValue }, Array(repeating: "192.0.2.7", count: 4))
    XCTAssertEqual(
      lines.map { $0["code"] }, ["tlsOnPlainPort", "contentTooLarge", "malformedRequest", "plainOnTLSPort"])
    XCTAssertEqual(SCIMError(.plainOnTLSPort).code, .plainOnTLSPort)
    XCTAssertEqual(SCIMError(.tooManyConnections(limit: 5)).code, .tooManyConnections)
    XCTAssertEqual(lines.map { $0["status"]?.integerValue }, errors.map { Int64($0.0.status.rawValue) })
  }

  func testTheAnswerIsTheSameWhateverIsWrongWithAKey() throws {
    let fixture = try ServiceFixture(self)
    let revoked = try fixture.keys.create(NewKey(name: "revoked"))
    _ = try fixture.keys.revoke(revoked.key.id)
    let answers = try [revoked.secret, APIKeySecret.make(.system), "hunter2"].map { secret in
      let answer = try fixture.send("GET", "/Users", [("Authorization", "Bearer \(secret)")])
      let detail = try answer.json()["detail"]?.stringValue ?? ""
      return
        "\(answer.status.rawValue) \(detail.prefix { $0 != "(" }) \(answer.fields[.wwwAuthenticate] ?? "")"
    }
    XCTAssertEqual(Set(answers).count, 1, "\(answers)")
  }

  func testTheClientsAddressIsTheTrustedProxysLastWord() throws {
    var settings = ServiceSettings()
    settings.trustedProxies = ["10.0.0.1"]
    let fixture = try ServiceFixture(self, settings)
    let fields = [("X-Forwarded-For", "203.0.113.9, 198.51.100.7")]
    _ = try fixture.send("GET", "/Users", fields, from: PeerAddress(ipv4: [10, 0, 0, 1]))
    _ = try fixture.send("GET", "/Users", fields, from: PeerAddress(ipv4: [192, 0, 2, 1]))
    XCTAssertEqual(try fixture.logLines().map { $0["remote"] }, ["198.51.100.7", "192.0.2.1"])
  }

  /// A reader that is too slow costs lines, never requests; each one missing is counted.
  func testDroppedLinesAreCounted() throws {
    let written = Locked([UInt8]())
    let log = AccessLog { bytes in written.withLock { $0 += bytes } }
    let line = Array("{\"filler\":\"\(String(repeating: "x", count: 100_000))\"}".utf8)
    for _ in 0..<100 { log.append(line) }
    log.flush()
    log.flush()
    var whole = 0
    var dropped: Int64 = 0
    for line in written.withLock({ $0 }).split(separator: 0x0A) {
      let json = try JSONParser.parse(Array(line))
      if let count = json["droppedLogLines"]?.integerValue { dropped += count } else { whole += 1 }
    }
    XCTAssertEqual(whole + Int(dropped), 100)
  }
}
