import Glibc
import HTTP
import Platform
import XCTest

/// Who gives way when all places are taken.
final class ServerRoomTests: ServerTestCase {
  /// Seven ordinary places and a kept one.
  private var limits: HTTPLimits {
    var limits = HTTPLimits()
    limits.maxConnections = 8
    return limits
  }

  private func connect(_ server: HTTPServer, _ count: Int, sending text: String) throws -> [RawClient] {
    let clients = try (0..<count).map { _ in
      let client = try RawClient(port: server.port)
      client.send(text)
      return client
    }
    usleep(30_000)
    return clients
  }

  /// Connections with half a body, which the server has asked for.
  private func connectSlowly(_ server: HTTPServer, _ count: Int) throws -> [RawClient] {
    try (0..<count).map { _ in
      let client = try RawClient(port: server.port)
      client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n")
      XCTAssertEqual(try client.response().status, 100)
      client.send("1")
      return client
    }
  }

  private func isOpen(_ client: RawClient) -> Bool {
    client.setTimeout(milliseconds: 20)
    return !client.isClosedByServer()
  }

  private let slowBody = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n1"

  func testEveryNewConnectionIsServedHoweverManyAreHalfOpen() throws {
    for text in ["", "GET /ok HTTP/1.1\r\nHost: h\r\n"] {
      let server = try start(limits: limits)
      let halfOpen = try connect(server, 30, sending: text)
      for _ in 0..<20 {
        let client = try RawClient(port: server.port)
        client.get("/ok")
        let response = try client.response()
        XCTAssertEqual(response.status, 200)
        XCTAssertNil(response.field("Connection"))
      }
      XCTAssertLessThanOrEqual(server.openConnections, 8)
      XCTAssertTrue(halfOpen[0].isClosedByServer())
    }
  }

  func testTheOneThatHasBeenWaitedForLongestGivesWay() throws {
    let server = try start(limits: limits)
    var halfOpen: [RawClient] = []
    for _ in 0..<7 { halfOpen += try connect(server, 1, sending: "GET /ok HTTP/1.1\r\n") }
    halfOpen += try connect(server, 2, sending: "")
    XCTAssertTrue(halfOpen[0].isClosedByServer())
    XCTAssertTrue(halfOpen[1].isClosedByServer())
    halfOpen[2].send("Host: h\r\n\r\n")
    XCTAssertEqual(try halfOpen[2].response().status, 200)
  }

  func testAHalfOpenConnectionGivesWayBeforeAnIdleOne() throws {
    let server = try start(limits: limits)
    let idle = try connect(server, 5, sending: "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n")
    for client in idle { XCTAssertEqual(try client.response().status, 200) }
    let halfOpen = try connect(server, 2, sending: "GET")
    let silent = try connect(server, 20, sending: "")
    for client in halfOpen + silent.prefix(5) { XCTAssertTrue(client.isClosedByServer()) }
    for client in idle { XCTAssertTrue(isOpen(client)) }
  }

  func testAnIdleConnectionGivesWayIfNoOtherIsHalfOpen() throws {
    let server = try start(limits: limits)
    let idle = try connect(server, 7, sending: "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n")
    for client in idle { XCTAssertEqual(try client.response().status, 200) }
    let client = try RawClient(port: server.port)
    client.get("/ok")
    XCTAssertNil(try client.response().field("Connection"), "an ordinary place")
    XCTAssertEqual(idle.filter { !isOpen($0) }.count, 1)
  }

  func testARequestUnderWayNeverGivesWay() throws {
    let server = try start(limits: limits)
    let slow = try connectSlowly(server, 7)
    let silent = try connect(server, 30, sending: "")
    for client in slow { client.send("234567890") }
    for client in slow { XCTAssertEqual(try client.response().status, 200) }
    XCTAssertTrue(silent[0].isClosedByServer())
  }

  func testTheKeptPlacesServeOneRequestEachWhileAllOthersAreBusy() throws {
    let server = try start(limits: limits)
    let slow = try connectSlowly(server, 7)
    for _ in 0..<5 {
      let client = try RawClient(port: server.port)
      client.get("/ok")
      let response = try client.response()
      XCTAssertEqual(response.status, 200)
      XCTAssertEqual(response.field("Connection"), "close")
      client.close()
    }
    // Neither a silent connection nor a slow body can hold a kept place.
    let silent = try connect(server, 3, sending: "")
    // One after the other: a connection whose head is still unread when the next one arrives gives way to it.
    for _ in 0..<3 {
      let client = try RawClient(port: server.port)
      client.send(slowBody)
      XCTAssertEqual(try client.response().status, 503)
    }
    let client = try RawClient(port: server.port)
    client.get("/ok")
    XCTAssertEqual(try client.response().status, 200)
    XCTAssertTrue(slow.allSatisfy { isOpen($0) })
    XCTAssertTrue(silent.allSatisfy { $0.isClosedByServer() })
  }

  func testConnectionsOfATrustedProxyGiveWayToo() throws {
    try SecureTransport.skipIfOn("the test has a server or client of its own")
    let server = try start(limits: limits, proxies: ["127.0.0.1"], proxiesSendHeader: true)
    let header = "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n"
    for text in ["", "PROXY TCP4 ", header, header + "GET"] {
      let halfOpen = try connect(server, 20, sending: text)
      let client = try RawClient(port: server.port)
      client.send(header + "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n")
      XCTAssertEqual(try client.response().status, 200, text)
      XCTAssertTrue(halfOpen[0].isClosedByServer(), text)
    }
  }

  func testNobodyGivesWayToAPeerThatIsOverItsOwnBound() throws {
    try SecureTransport.skipIfOn("over TLS a refused connection is closed without an answer")
    var limits = limits
    limits.maxConnectionsPerPeer = 7
    limits.loopbackIsUnbounded = false
    let server = try start(limits: limits)
    let halfOpen = try connect(server, 7, sending: "GET /ok HTTP/1.1\r\n")
    XCTAssertEqual(try RawClient(port: server.port).response().status, 503)
    for client in halfOpen { XCTAssertTrue(isOpen(client)) }
  }
}
