import XCTest

@testable import HTTP

/// Every exchange of Fixtures/cases on a connection without a socket.
final class ConnectionStateCaseTests: XCTestCase {
  func testEveryCaseMeetsItsExpectation() throws {
    for item in try ByteCase.all() {
      let driver = ConnectionDriver.run([item.bytes[...]])
      let isMet = item.expectation.isMet(by: driver.outcome)
      XCTAssertTrue(isMet, "\(item.file): \(item.expectation.text), \(driver.outcome)")
      CaseTable.record(item, "state", isMet)
    }
  }

  func testSameAnswersHoweverTheBytesAreCut() throws {
    for item in try ByteCase.all() {
      let whole = ConnectionDriver.run([item.bytes[...]])
      assertSame(whole, ConnectionDriver.run(item.bytes.indices.map { item.bytes[$0...$0] }), item.file)
      for cut in item.bytes.indices.dropFirst() where item.bytes.count < 400 {
        assertSame(
          whole, ConnectionDriver.run([item.bytes[..<cut], item.bytes[cut...]]), "\(item.file) at \(cut)")
      }
    }
  }

  /// The answers wait for the socket, and the bytes after them wait for the answers.
  func testSameAnswersThroughASocketThatBlocksAfterEveryOne() throws {
    for item in try ByteCase.all() {
      let whole = ConnectionDriver.run([item.bytes[...]])
      var blocked = ConnectionDriver()
      blocked.isBlocked = true
      blocked.feed(item.bytes[...])
      while blocked.state.isSending {
        blocked.unblock()
        blocked.isBlocked = true
      }
      assertSame(whole, blocked, item.file)
    }
  }

  func testSameAnswersIfTheHandlerTakesItsTime() throws {
    for item in try ByteCase.all() {
      let whole = ConnectionDriver.run([item.bytes[...]])
      var deferred = ConnectionDriver()
      deferred.defers = true
      deferred.feed(item.bytes[...])
      while let request = deferred.requests.last, deferred.state.awaits(deferred.state.handled) {
        deferred.reply(TestHandler.response(to: request))
      }
      assertSame(whole, deferred, item.file)
    }
  }

  func testConnectionThatStaysOpenServesTheNextRequest() throws {
    for item in try ByteCase.all() where item.expectation.mustStayOpen {
      var driver = ConnectionDriver.run([item.bytes[...]])
      driver.feed("GET /ok HTTP/1.1\r\nHost: h\r\n\r\n")
      XCTAssertEqual(driver.outcome.statuses.last, 200, item.file)
      XCTAssertEqual(driver.outcome.statuses.count, 2, item.file)
    }
  }

  private func assertSame(
    _ one: ConnectionDriver, _ other: ConnectionDriver, _ name: @autoclosure () -> String, line: UInt = #line
  ) {
    let isSame =
      one.outcome.statuses == other.outcome.statuses && one.errors == other.errors
      && one.outcome.isClosed == other.outcome.isClosed
      && one.requests.elementsEqual(other.requests) { $0.body == $1.body }
    if !isSame { XCTFail("\(name()): \(one.outcome), \(other.outcome), \(other.errors)", line: line) }
  }
}
