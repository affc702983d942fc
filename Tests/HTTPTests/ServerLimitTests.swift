import Dispatch
import Glibc
import HTTP
import Platform
import XCTest

/// Time, volume and life cycle.
final class ServerLimitTests: ServerTestCase {
  func testDrippingHeadIsEndedByATotalDeadline() throws {
    var limits = HTTPLimits()
    limits.headSeconds = 0.3
    let client = try RawClient(port: start(limits: limits).port)
    client.send("GET /ok HTTP/1.1\r\n")
    for _ in 0..<10 {
      client.send("X: y\r\n")
      usleep(50_000)
    }
    XCTAssertEqual(try client.response().status, 408)
  }

  func testDrippingBodyIsEndedByATotalDeadline() throws {
    var limits = HTTPLimits()
    limits.bodySeconds = 0.3
    let client = try RawClient(port: start(limits: limits).port)
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
    for _ in 0..<10 {
      client.send("x")
      usleep(50_000)
    }
    XCTAssertEqual(try client.response().status, 408)
  }

  func testSilentConnectionIsClosedWithoutAnAnswer() throws {
    var limits = HTTPLimits()
    limits.headSeconds = 0.1
    let client = try RawClient(port: start(limits: limits).port)
    XCTAssertTrue(client.isClosedByServer())
  }

  func testIdleConnectionIsClosedWithoutAnAnswer() throws {
    var limits = HTTPLimits()
    limits.idleSeconds = 0.1
    let client = try RawClient(port: start(limits: limits).port)
    client.get("/ok")
    XCTAssertEqual(try client.response().status, 200)
    XCTAssertTrue(client.isClosedByServer())
  }

  func testPeerThatDoesNotReadIsClosed() throws {
    var limits = HTTPLimits()
    limits.writeSeconds = 0.2
    limits.minBytesPerSecond = 1 << 30
    let server = try start(Self.large(1 << 24), limits: limits)
    let client = try RawClient(port: server.port, receiveBuffer: 4096)
    client.get("/ok")
    eventually({ server.openConnections == 1 })
    eventually({ server.openConnections == 0 }, "closed at the write deadline")
  }

  func testUnreadAnswersStopTheReading() throws {
    let handled = Locked(0)
    let server = try start(
      TestHandler(answers: { _, reply in
        handled.withLock { $0 += 1 }
        reply.send(HTTPResponse(status: .ok, body: .bytes([UInt8](repeating: 97, count: 100_000))))
        return true
      }))
    let client = try RawClient(port: server.port, receiveBuffer: 4096)
    client.send(String(repeating: "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n", count: 1000))
    usleep(200_000)
    XCTAssertLessThan(handled.withLock { $0 }, 200)
    let other = try RawClient(port: server.port)
    other.get("/ok")
    XCTAssertEqual(try other.response().status, 200)
    for _ in 0..<300 { XCTAssertEqual(try client.response().body.count, 100_000) }
  }

  func testLargeBodyArrivesWhole() throws {
    let client = try RawClient(port: start(Self.large(5_000_000)).port, receiveBuffer: 8192)
    for _ in 0..<2 {
      client.get("/ok")
      XCTAssertEqual(try client.response().body.count, 5_000_000)
    }
  }

  func testStreamIsPulledOnlyAsFastAsItIsRead() throws {
    let producer = CountingProducer(pieces: 300)
    let server = try start(Self.streaming(producer))
    let client = try RawClient(port: server.port, receiveBuffer: 4096)
    client.get("/ok")
    usleep(100_000)
    XCTAssertLessThan(producer.made.withLock { $0 }, 300)
    let body = try client.response().body
    XCTAssertEqual(body.count, 300 * 32768)
    for index in 0..<300 { XCTAssertEqual(body[index * 32768], UInt8(index & 0xff)) }
    client.get("/ok", method: "HEAD")
    XCTAssertEqual(try client.response(isHead: true).field("Transfer-Encoding"), "chunked")
  }

  func testStreamToHTTP10EndsWithTheConnection() throws {
    let client = try RawClient(port: start(Self.streaming(CountingProducer(pieces: 5))).port)
    client.send("GET /ok HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    let response = try client.response()
    XCTAssertEqual(response.field("Connection"), "close")
    XCTAssertEqual(response.body.count, 5 * 32768)
  }

  func testFailedStreamIsCutAndNeverLooksComplete() throws {
    let client = try RawClient(port: start(Self.streaming(CountingProducer(pieces: 5, fails: true))).port)
    client.get("/ok")
    XCTAssertThrowsError(try client.response())
  }

  func testConnectionsThatWereClosedBeforeTheyWereAcceptedTakeNobodysPlace() throws {
    try SecureTransport.skipIfOn("the test has a server or client of its own")
    var limits = HTTPLimits.default
    limits.maxConnections = 3
    let (isBusy, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let handler = TestHandler(answers: { request, _ in
      guard Array(request.head.path) == Array("/echo".utf8) else { return false }
      isBusy.signal()
      goOn.wait()
      return false
    })
    let port = try start(handler, limits: limits).port
    let first = try RawClient(port: port)
    first.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}")
    isBusy.wait()
    for _ in 0..<20 { try RawClient(port: port).close() }
    let last = try RawClient(port: port)
    last.get("/ok")
    goOn.signal()
    XCTAssertEqual(try last.response().status, 200)
    XCTAssertEqual(try first.response().status, 200)
  }

  func testTooManyConnectionsAreToldSo() throws {
    try SecureTransport.skipIfOn("over TLS a refused connection is closed without an answer")
    var limits = HTTPLimits()
    limits.maxConnections = 3
    let server = try start(limits: limits)
    let open = try (0..<3).map { _ in try RawClient(port: server.port) }
    for client in open {
      client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n")
      XCTAssertEqual(try client.response().status, 100, "its request is under way")
    }
    let extra = try RawClient(port: server.port)
    let response = try extra.response()
    XCTAssertEqual(response.status, 503)
    XCTAssertEqual(response.field("Retry-After"), "5")
    XCTAssertTrue(extra.isClosedByServer())
    open[0].close()
    eventually({ server.openConnections == 2 })
    let again = try RawClient(port: server.port)
    again.get("/ok")
    XCTAssertEqual(try again.response().status, 200)
  }

  func testConnectionsOfOnePeerAreBounded() throws {
    try SecureTransport.skipIfOn("over TLS a refused connection is closed without an answer")
    var limits = HTTPLimits()
    limits.maxConnectionsPerPeer = 2
    limits.loopbackIsUnbounded = false
    let server = try start(limits: limits)
    let open = try (0..<2).map { _ in try RawClient(port: server.port) }
    eventually({ server.openConnections == 2 })
    XCTAssertEqual(try RawClient(port: server.port).response().status, 503)
    open[1].close()
    eventually({ server.openConnections == 1 })
    let again = try RawClient(port: server.port)
    again.get("/ok")
    XCTAssertEqual(try again.response().status, 200)
  }

  func testConnectionsOfAProxyAreNotBoundedByItsAddress() throws {
    var limits = HTTPLimits()
    limits.maxConnectionsPerPeer = 1
    limits.loopbackIsUnbounded = false
    let server = try start(limits: limits, proxies: ["127.0.0.1"])
    for client in try (0..<3).map({ _ in try RawClient(port: server.port) }) {
      client.get("/ok")
      XCTAssertEqual(try client.response().status, 200)
    }
    eventually({ server.openConnections == 0 })
  }

  func testLastRequestOfAConnectionSaysSo() throws {
    var limits = HTTPLimits()
    limits.maxRequestsPerConnection = 2
    let client = try RawClient(port: start(limits: limits).port)
    client.get("/ok")
    XCTAssertNil(try client.response().field("Connection"))
    client.get("/ok")
    XCTAssertEqual(try client.response().field("Connection"), "close")
    XCTAssertTrue(client.isClosedByServer())
  }

  func testChurnWithResetsLeaksNothing() throws {
    let server = try start(loops: 2)
    let before = openDescriptors()
    for index in 0..<200 {
      let client = try RawClient(port: server.port)
      if index % 2 == 0 { for _ in 0..<5 { client.get("/ok") } }
      if index % 3 == 0 { client.reset() } else { client.close() }
    }
    eventually({ server.openConnections == 0 })
    XCTAssertLessThanOrEqual(openDescriptors(), before + 2)
  }

  func testDrainFinishesWhatIsInFlightAndClosesTheIdle() throws {
    let kept = Locked<[HTTPReply]>([])
    let server = try start(
      TestHandler(answers: { request, reply in
        guard request.head.method == .post else { return false }
        kept.withLock { $0.append(reply) }
        return true
      }))
    let idle = try RawClient(port: server.port)
    idle.get("/ok")
    XCTAssertEqual(try idle.response().status, 200)
    let busy = try RawClient(port: server.port)
    busy.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
    eventually({ kept.withLock { $0.count } == 1 })
    let halfway = try RawClient(port: server.port)
    halfway.send("GET /ok HTTP/1.1\r\nHost: h\r\n")
    eventually({ server.openConnections == 3 })
    usleep(50_000)
    let drained = DispatchSemaphore(value: 0)
    server.drain(deadline: 2) { drained.signal() }
    XCTAssertTrue(idle.isClosedByServer())
    halfway.send("\r\n")
    XCTAssertEqual(try halfway.response().field("Connection"), "close")
    XCTAssertThrowsError(try RawClient(port: server.port))
    kept.withLock { $0.removeFirst() }.send(HTTPResponse(status: .created))
    let response = try busy.response()
    XCTAssertEqual(response.status, 201)
    XCTAssertEqual(response.field("Connection"), "close")
    busy.close()
    halfway.close()
    XCTAssertEqual(drained.wait(timeout: .now() + 3), .success)
  }

  func testDrainEndsAtItsDeadline() throws {
    let server = try start(
      TestHandler(answers: { _, reply in
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) { _ = reply }
        return true
      }))
    let client = try RawClient(port: server.port)
    client.get("/ok")
    eventually({ server.openConnections == 1 })
    let drained = DispatchSemaphore(value: 0)
    server.drain(deadline: 0.1) { drained.signal() }
    XCTAssertEqual(drained.wait(timeout: .now() + 3), .success)
    XCTAssertEqual(server.openConnections, 0)
  }

  func testDrainEndsWhileOthersHoldEverySharedThread() throws {
    let server = try start(TestHandler(answers: { _, _ in false }))
    let isOver = Locked(false)
    defer { isOver.withLock { $0 = true } }
    // The global queues have a thread for each processor, and no more while those compute.
    for _ in 0..<2 * ProcessInfo.processInfo.processorCount {
      DispatchQueue.global().async { while !isOver.withLock({ $0 }) {} }
    }
    let drained = DispatchSemaphore(value: 0)
    server.drain(deadline: 0.1) { drained.signal() }
    XCTAssertEqual(drained.wait(timeout: .now() + 10), .success)
  }

  func testServerLoopsAndConnectionsAreFreedAfterADrain() throws {
    try SecureTransport.skipIfOn("the test has a server or client of its own")
    // Every connection holds its loop, every loop the handler, and the handler this object.
    weak var gone: Token?
    do {
      let token = Token()
      gone = token
      let kept = Locked<[HTTPReply]>([])
      let handler = TestHandler(answers: { request, reply in
        withExtendedLifetime(token) {}
        guard request.head.method == .post else { return false }
        kept.withLock { $0.append(reply) }
        return true
      })
      let server = try HTTPServer(
        listen: [.tcp(host: "127.0.0.1", port: 0)], loops: 2, environment: .system, handler: handler)
      server.start()
      let clients = try (0..<4).map { _ in try RawClient(port: server.port) }
      for client in clients {
        client.get("/ok")
        XCTAssertEqual(try client.response().status, 200)
        client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
      }
      eventually({ kept.withLock { $0.count } == 4 })
      let drained = DispatchSemaphore(value: 0)
      server.drain(deadline: 0) { drained.signal() }
      XCTAssertEqual(drained.wait(timeout: .now() + 3), .success)
      for reply in kept.withLock({ $0 }) { reply.send(HTTPResponse(status: .ok)) }
      kept.withLock { $0 = [] }
    }
    eventually({ gone == nil }, "everything is freed")
  }

  private func openDescriptors() -> Int {
    (0..<1024).count { fcntl($0, F_GETFD) >= 0 }
  }

  private static func large(_ count: Int) -> TestHandler {
    TestHandler(answers: { _, reply in
      reply.send(HTTPResponse(status: .ok, body: .bytes([UInt8](repeating: 97, count: count))))
      return true
    })
  }

  private static func streaming(_ producer: CountingProducer) -> TestHandler {
    TestHandler(answers: { _, reply in
      reply.send(HTTPResponse(status: .ok, body: .stream(producer)))
      return true
    })
  }
}

private final class Token: Sendable {}

/// Makes pieces of 32 KiB filled with their number.
final class CountingProducer: HTTPBodyProducer {
  struct Failed: Error {}

  let made = Locked(0)
  private let pieces: Int
  private let fails: Bool

  init(pieces: Int, fails: Bool = false) {
    self.pieces = pieces
    self.fails = fails
  }

  func nextPiece() throws -> [UInt8]? {
    let number = made.withLock { made in
      made += 1
      return made - 1
    }
    if number < pieces { return [UInt8](repeating: UInt8(number & 0xff), count: 32768) }
    if fails { throw Failed() }
    return nil
  }
}
