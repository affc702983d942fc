import Dispatch
import Glibc
import HTTP
import Platform
import XCTest

/// Slow handlers, too much at once, and peers that go away.
final class ServerOverloadTests: ServerTestCase {
  func testAHandlerThatTakesLongerThanEveryDeadlineCostsNoConnection() throws {
    let clock = Locked<UInt64>(0)
    var environment = Environment.system
    environment.monotonic = { Environment.system.monotonic() &+ clock.withLock { $0 } }
    let hour: UInt64 = 3600 * 1_000_000_000
    let server = try start(
      TestHandler(answers: { request, reply in
        guard request.head.method == .post else { return false }
        clock.withLock { $0 += hour }
        usleep(250_000)
        reply.send(TestHandler.response(to: request))
        return true
      }), environment: environment)
    let other = try RawClient(port: server.port)
    other.get("/ok")
    XCTAssertEqual(try other.response().status, 200)
    let client = try RawClient(port: server.port)
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}")
    usleep(100_000)
    // Sent while the loop is busy: in time, though the loop reads it an hour later.
    other.get("/ok")
    XCTAssertEqual(try client.response().status, 200)
    XCTAssertEqual(try other.response().status, 200)
    usleep(250_000)
    client.get("/ok")
    XCTAssertEqual(try client.response().status, 200)
  }

  func testTooManyRequestsInFlightAreToldSoAndTheConnectionStays() throws {
    var limits = HTTPLimits()
    limits.maxRequestsInFlight = 2
    let kept = Locked<[HTTPReply]>([])
    let server = try start(Self.keeping(kept), limits: limits)
    let clients = try (0..<3).map { _ in try RawClient(port: server.port) }
    for count in 1...2 {
      clients[count - 1].get("/ok")
      eventually({ kept.withLock { $0.count } == count })
    }
    clients[2].get("/ok")
    let response = try clients[2].response()
    XCTAssertEqual(response.status, 503)
    XCTAssertEqual(response.field("Retry-After"), "5")
    XCTAssertNil(response.field("Connection"))
    kept.withLock { $0.removeFirst() }.send(HTTPResponse(status: .ok))
    XCTAssertEqual(try clients[0].response().status, 200)
    clients[2].get("/ok")
    eventually({ kept.withLock { $0.count } == 2 })
    // A reply that is dropped counts out too.
    kept.withLock { $0 = [] }
    clients[0].get("/ok")
    eventually({ kept.withLock { $0.count } == 1 })
    kept.withLock { $0 = [] }
  }

  func testUnfinishedBodiesTogetherAreBounded() throws {
    var limits = HTTPLimits()
    limits.maxUnfinishedBodyBytes = 3000
    limits.maxBodyBytes = 2000
    let server = try start(limits: limits)
    let half =
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n" + String(repeating: "a", count: 1800)
    let first = try RawClient(port: server.port)
    first.send(half)
    usleep(100_000)
    let second = try RawClient(port: server.port)
    second.send(half)
    let response = try second.response()
    XCTAssertEqual(response.status, 503)
    XCTAssertEqual(response.field("Connection"), "close")
    first.send(String(repeating: "a", count: 200))
    XCTAssertEqual(try first.response().status, 200)
    // All is counted out: a body as large finds room, again and again.
    for _ in 0..<3 {
      let gone = try RawClient(port: server.port)
      gone.send(half)
      usleep(50_000)
      gone.reset()
      eventually({ server.openConnections <= 2 })
    }
    first.send(half + String(repeating: "a", count: 200))
    XCTAssertEqual(try first.response().status, 200)
  }

  func testOfPeersThatDoNotReadTheOneForWhichMostWaitsIsCutOff() throws {
    var limits = HTTPLimits()
    limits.maxUnsentBytes = 6_000_000
    let path = "/tmp/http-unsent-\(getpid()).sock"
    let answered = Locked(0)
    let server = try start(
      TestHandler(answers: { request, reply in
        defer { answered.withLock { $0 += 1 } }
        let size = request.head.path.dropFirst().reduce(0) { $0 * 10 + Int($1 - 48) }
        reply.send(HTTPResponse(status: .ok, body: .bytes([UInt8](repeating: 97, count: size))))
        return true
      }), limits: limits, listen: [.unix(path: path)])
    // Much more than a socket takes by itself.
    let sizes = [2_400_000, 3_200_000, 2_600_000]
    let clients = try sizes.map { size in
      let client = try RawClient(path: path)
      client.get("/\(size)")
      return client
    }
    eventually({ answered.withLock { $0 } == sizes.count })
    eventually({ server.openConnections == 2 }, "the largest is closed")
    XCTAssertThrowsError(try clients[1].response())
    for index in [0, 2] { XCTAssertEqual(try clients[index].response().body.count, sizes[index]) }
    // All is counted out: as much finds room again.
    for _ in 0..<3 {
      let client = try RawClient(path: path)
      client.get("/5000000")
      XCTAssertEqual(try client.response().body.count, 5_000_000)
    }
  }

  func testPeerThatResetsWhileItsRequestIsWorkedOnIsFreed() throws {
    let kept = Locked<[HTTPReply]>([])
    let server = try start(Self.keeping(kept))
    for extra in ["", "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n", "GET /o"] {
      let client = try RawClient(port: server.port)
      client.send("GET /ok HTTP/1.1\r\nHost: h\r\n\r\n" + extra)
      eventually({ kept.withLock { $0.count } == 1 })
      client.reset()
      eventually({ server.openConnections == 0 }, "freed before the handler answers")
      kept.withLock { $0.removeFirst() }.send(HTTPResponse(status: .ok))
    }
  }

  func testUnixPeerThatLeavesWhileItsRequestIsWorkedOnIsFreed() throws {
    let kept = Locked<[HTTPReply]>([])
    let path = "/tmp/http-overload-\(getpid()).sock"
    let server = try start(Self.keeping(kept), listen: [.unix(path: path)])
    let client = try RawClient(path: path)
    client.get("/ok")
    eventually({ kept.withLock { $0.count } == 1 })
    client.close()
    eventually({ server.openConnections == 0 })
    kept.withLock { $0 = [] }
  }

  func testBodyIsMeasuredByWhatCameAndNotByWhatWasAnnounced() throws {
    var limits = HTTPLimits()
    limits.bodySeconds = 0.3
    let client = try RawClient(port: start(limits: limits).port)
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n")
    for _ in 0..<10 {
      client.send("x")
      usleep(50_000)
    }
    XCTAssertEqual(try client.response().status, 408)
  }

  func testStreamThatIsReadTooSlowlyIsCutAtATotalDeadline() throws {
    var limits = HTTPLimits()
    limits.writeSeconds = 0.5
    limits.minBytesPerSecond = 1 << 30
    let server = try start(
      TestHandler(answers: { _, reply in
        reply.send(HTTPResponse(status: .ok, body: .stream(CountingProducer(pieces: 4000))))
        return true
      }), limits: limits)
    let client = try RawClient(port: server.port, receiveBuffer: 4096)
    client.get("/ok")
    eventually({ server.openConnections == 1 })
    var piece = [UInt8](repeating: 0, count: 4096)
    for _ in 0..<200 where server.openConnections == 1 {
      // Progress all the time, and too slow all the same.
      _ = recv(client.number, &piece, piece.count, 0)
      usleep(20_000)
    }
    XCTAssertEqual(server.openConnections, 0)
  }

  func testADeferredAnswerComesAfterTheAnswersThatThePeerHasNotTakenYet() throws {
    let kept = Locked<[HTTPReply]>([])
    let path = "/tmp/http-order-\(getpid()).sock"
    let size = Locked(0)
    _ = try start(
      TestHandler(answers: { request, reply in
        if request.head.method == .post {
          kept.withLock { $0.append(reply) }
        } else {
          let content = [UInt8](repeating: UInt8(ascii: "a"), count: size.withLock { $0 })
          reply.send(HTTPResponse(status: .ok, body: .bytes(content)))
        }
        return true
      }), listen: [.unix(path: path)])
    let last = HTTPResponse(status: .created, body: .bytes(Array("last".utf8)))
    // Somewhere among these the socket becomes full with the last answer before the deferred one.
    for bytes in stride(from: 9000, to: 32_000, by: 1000) {
      size.withLock { $0 = bytes }
      for count in (140_000 / bytes)...(280_000 / bytes) {
        let client = try RawClient(path: path)
        client.send(
          String(repeating: "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n", count: count)
            + "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
        usleep(1000)
        kept.withLock { $0.popLast() }?.send(last)
        for _ in 0..<count { XCTAssertEqual(try client.response().body.count, bytes, "\(count)") }
        eventually({ !kept.withLock { $0.isEmpty } || client.hasInput })
        kept.withLock { $0.popLast() }?.send(last)
        XCTAssertEqual(try client.response().body, Array("last".utf8), "\(bytes) bytes, \(count) times")
      }
    }
  }

  func testNoSizeOfPipelineIsServedInOneGo() throws {
    var limits = HTTPLimits()
    limits.maxPipelinedRequestsPerTurn = 3
    let client = try RawClient(port: start(limits: limits).port)
    client.send(String(repeating: "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n", count: 50))
    for _ in 0..<50 { XCTAssertEqual(try client.response().status, 200) }
  }

  private static func keeping(_ kept: Locked<[HTTPReply]>) -> TestHandler {
    TestHandler(answers: { _, reply in
      kept.withLock { $0.append(reply) }
      return true
    })
  }
}
