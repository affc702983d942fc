import HTTP
import JSON
import Platform
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

  func testAnIdCannotBreakItsLine() throws {
    let fixture = try ServiceFixture(self)
    _ = try fixture.send("GET", "/Users/%22%0A%7B%5C%E2%82%AC")
    let lines = try fixture.logLines()
    XCTAssertEqual(lines.count, 1)
    XCTAssertEqual(lines[0]["resource"], "\"\n{\\€")
  }

  func testALongIdIsCut() throws {
    let fixture = try ServiceFixture(self)
    _ = try fixture.send("GET", "/Users/" + String(repeating: "a", count: 1000))
    XCTAssertEqual(try fixture.logLines()[0]["resource"]?.stringValue?.utf8.count, 64)
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
