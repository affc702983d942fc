import Dispatch
import Glibc
import HTTP
import Platform
import XCTest

final class ServerTests: ServerTestCase {
  func testEveryCaseMeetsItsExpectationOverASocket() throws {
    let port = try start().port
    for item in try ByteCase.all() {
      let client = try RawClient(port: port)
      client.send(item.bytes)
      let outcome = try outcome(of: item, client)
      let isMet = item.expectation.isMet(by: outcome)
      XCTAssertTrue(isMet, "\(item.file): \(item.expectation.text), \(outcome)")
      CaseTable.record(item, "socket", isMet)
      if item.expectation.mustStayOpen {
        client.get("/ok")
        XCTAssertEqual(try client.response().status, 200, item.file)
      }
    }
  }

  func testSameAnswersOneByteASegmentOverASocket() throws {
    let port = try start().port
    for item in try ByteCase.all() where item.bytes.count <= 2000 {
      let client = try RawClient(port: port)
      Socket.setNoDelay(client.number)
      for byte in item.bytes { client.send([byte]) }
      let outcome = try outcome(of: item, client)
      let isMet = item.expectation.isMet(by: outcome)
      XCTAssertTrue(isMet, "\(item.file): \(item.expectation.text), \(outcome)")
      CaseTable.record(item, "segments", isMet)
    }
  }

  /// Reads the answers; every one must have a Date, and a close that was announced must come.
  private func outcome(of item: ByteCase, _ client: RawClient) throws -> Outcome {
    client.setTimeout(milliseconds: item.expectation.mustWait ? 20 : 2000)
    var outcome = Outcome()
    do {
      while outcome.statuses.count < item.expectation.responseCount {
        let response = try client.response(isHead: item.bytes.starts(with: Array("HEAD".utf8)))
        if response.status == 100 {
          outcome.interim += 1
          if item.expectation.text == "100" { break }
        } else {
          outcome.statuses.append(response.status)
          XCTAssertNotNil(response.field("Date"), item.file)
          outcome.isClosed = response.field("Connection") == "close"
        }
      }
    } catch is RawClient.Closed {
      outcome.isClosed = true
    } catch is RawClient.TimedOut {}
    if outcome.isClosed { XCTAssertTrue(client.isClosedByServer(), item.file) }
    return outcome
  }

  func testManyRequestsOnOneConnection() throws {
    let client = try RawClient(port: start().port)
    for _ in 0..<HTTPLimits.default.maxRequestsPerConnection {
      client.get("/ok")
      let response = try client.response()
      XCTAssertEqual(response.status, 200)
      XCTAssertEqual(response.body, Array("fine".utf8))
    }
    XCTAssertTrue(client.isClosedByServer())
  }

  func testPipelinedAnswersKeepTheirOrder() throws {
    let server = try start()
    let client = try RawClient(port: server.port)
    var bytes = ""
    for index in 0..<1000 {
      let body = "body \(index)"
      bytes += "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
    client.send(bytes)
    for index in 0..<1000 {
      XCTAssertEqual(try client.response().body, Array("body \(index)".utf8))
    }
  }

  func testPipelinedDeferredAnswersKeepTheirOrder() throws {
    let server = try start(Self.deferring)
    let client = try RawClient(port: server.port)
    for index in 0..<100 {
      client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n\(10 + index % 90)")
    }
    for index in 0..<100 {
      XCTAssertEqual(try client.response().body, Array("\(10 + index % 90)".utf8))
    }
  }

  func testDeferredReplyFromAnotherThread() throws {
    let client = try RawClient(port: start(Self.deferring, loops: 2).port)
    for _ in 0..<50 {
      client.get("/ok")
      XCTAssertEqual(try client.response().status, 200)
    }
  }

  func testDroppedReplyClosesTheConnection() throws {
    let server = try start(TestHandler(answers: { _, _ in true }))
    let client = try RawClient(port: server.port)
    client.get("/ok")
    XCTAssertTrue(client.isClosedByServer())
  }

  func testReplyAfterThePeerIsGoneIsDropped() throws {
    let kept = Locked<[HTTPReply]>([])
    let server = try start(
      TestHandler(answers: { _, reply in
        kept.withLock { $0.append(reply) }
        return true
      }))
    let client = try RawClient(port: server.port)
    client.get("/ok")
    eventually({ kept.withLock { $0.count } == 1 })
    client.reset()
    eventually({ server.openConnections == 0 })
    kept.withLock { $0.removeFirst() }.send(HTTPResponse(status: .ok))
    let other = try RawClient(port: server.port)
    other.get("/none")
    eventually({ kept.withLock { $0.count } == 1 })
    kept.withLock { $0.removeFirst() }.send(HTTPResponse(status: .created))
    XCTAssertEqual(try other.response().status, 201)
  }

  func testHeadHasNoContent() throws {
    let client = try RawClient(port: start().port)
    client.get("/ok", method: "HEAD")
    XCTAssertEqual(try client.response(isHead: true).field("Content-Length"), "4")
    client.get("/ok")
    XCTAssertEqual(try client.response().body, Array("fine".utf8))
  }

  func testBodyIsInvitedBeforeItIsSent() throws {
    let client = try RawClient(port: start().port)
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    XCTAssertEqual(try client.response().status, 100)
    client.send("{}")
    XCTAssertEqual(try client.response().body, Array("{}".utf8))
  }

  func testRefusedRequestIsNotInvited() throws {
    let client = try RawClient(port: start(Self.refusing).port)
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    let response = try client.response()
    XCTAssertEqual(response.status, 401)
    XCTAssertEqual(response.field("Connection"), "close")
    XCTAssertTrue(client.isClosedByServer())
  }

  func testRefusalSkipsTheBodyAndKeepsTheConnection() throws {
    let client = try RawClient(port: start(Self.refusing).port)
    for body in ["Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"] {
      client.send("POST /echo HTTP/1.1\r\nHost: h\r\n\(body)")
      let response = try client.response()
      XCTAssertEqual(response.status, 401)
      XCTAssertNil(response.field("Connection"))
    }
    client.get("/ok")
    XCTAssertEqual(try client.response().status, 401)
  }

  func testNothingIsJudgedTwiceWhereTheBodyCameWithTheHead() throws {
    let judged = Locked(0)
    let handler = TestHandler(refuses: { _ in
      judged.withLock { $0 += 1 }
      return nil
    })
    let client = try RawClient(port: start(handler).port)
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
    XCTAssertEqual(try client.response().status, 200)
    XCTAssertEqual(judged.withLock { $0 }, 1)
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    XCTAssertEqual(try client.response().status, 100)
    client.send("hello")
    XCTAssertEqual(try client.response().status, 200)
    XCTAssertEqual(judged.withLock { $0 }, 3)
  }

  func testRefusalOfALargeBodyCloses() throws {
    let client = try RawClient(port: start(Self.refusing).port)
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n")
    XCTAssertEqual(try client.response().field("Connection"), "close")
  }

  func testBadChunkAfterARefusalIsNotAnsweredTwice() throws {
    let client = try RawClient(port: start(Self.refusing).port)
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n")
    XCTAssertEqual(try client.response().status, 401)
    XCTAssertTrue(client.isClosedByServer())
  }

  func testHalfCloseIsNotAnAbort() throws {
    let client = try RawClient(port: start(Self.deferring).port)
    client.get("/ok")
    client.get("/ok")
    client.finishWriting()
    XCTAssertEqual(try client.response().status, 200)
    XCTAssertEqual(try client.response().status, 200)
    XCTAssertTrue(client.isClosedByServer())
  }

  func testHalfARequestIsNeverHandled() throws {
    let handled = Locked(0)
    let server = try start(
      TestHandler(answers: { _, _ in
        handled.withLock { $0 += 1 }
        return false
      }))
    let client = try RawClient(port: server.port)
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello")
    client.finishWriting()
    XCTAssertTrue(client.isClosedByServer())
    XCTAssertEqual(handled.withLock { $0 }, 0)
  }

  func testErrorReachesAPeerThatIsStillSending() throws {
    let client = try RawClient(port: start().port)
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n")
    client.send([UInt8](repeating: 97, count: 1_000_000))
    XCTAssertEqual(try client.response().status, 413)
  }

  func testAPortIsFoundInUseWithoutListeningOnIt() throws {
    do {
      let listener = try Socket.listen(host: "127.0.0.1", port: 0, sharesPort: true)
      XCTAssertThrowsError(try Socket.checkFree(host: "127.0.0.1", port: listener.port)) { error in
        XCTAssertEqual((error as? SystemError)?.code, EADDRINUSE)
      }
    }
    XCTAssertNoThrow(try Socket.checkFree(host: "127.0.0.1", port: 0))
    XCTAssertThrowsError(try Socket.checkFree(host: "nowhere", port: 1))
  }

  func testUnixSocketIsServedAndReplacedWhenStale() throws {
    let path = "/tmp/http-\(getpid()).sock"
    unlink(path)
    do { _ = try Socket.listen(path: path, mode: 0o600) }
    var information = stat()
    XCTAssertEqual(stat(path, &information), 0, "the stale socket is there")
    _ = try start(loops: 2, listen: [.unix(path: path)])
    XCTAssertEqual(stat(path, &information), 0)
    XCTAssertEqual(information.st_mode & 0o777, 0o600)
    for _ in 0..<5 {
      let client = try RawClient(path: path)
      client.get("/ok")
      XCTAssertEqual(try client.response().status, 200)
    }
    XCTAssertThrowsError(try Socket.listen(path: path, mode: 0o600)) { error in
      XCTAssertEqual((error as? SystemError)?.code, EADDRINUSE)
    }
  }

  func testPortInUseIsFound() throws {
    for loops in [1, 2] {
      let port = try start(loops: loops).port
      XCTAssertThrowsError(
        try HTTPServer(
          listen: [.tcp(host: "127.0.0.1", port: port)], loops: loops, environment: .system,
          handler: TestHandler()))
    }
  }

  func testIPv6IsServed() throws {
    guard (try? Socket.listen(host: "::1", port: 0, sharesPort: false)) != nil else {
      throw XCTSkip("no IPv6 on this machine")
    }
    XCTAssertNotEqual(try start(listen: [.tcp(host: "::1", port: 0)]).port, 0)
  }

  static let deferring = TestHandler(answers: { request, reply in
    DispatchQueue.global().async { reply.send(TestHandler.response(to: request)) }
    return true
  })

  static let refusing = TestHandler(refuses: { _ in HTTPResponse(status: .unauthorized) })
}
