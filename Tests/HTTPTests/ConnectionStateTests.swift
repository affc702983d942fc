import Platform
import XCTest

@testable import HTTP

/// Stages of a connection and what leads from one to the next.
final class ConnectionStateTests: XCTestCase {
  private let get = "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n"

  private func post(_ length: Int, _ fields: String = "") -> String {
    "POST /echo HTTP/1.1\r\nHost: h\r\n\(fields)Content-Length: \(length)\r\n\r\n"
  }

  // MARK: Order

  func testOneRequestIsHandledAtATime() {
    var driver = ConnectionDriver()
    driver.defers = true
    driver.feed(get + get)
    XCTAssertEqual(driver.requests.count, 1)
    XCTAssertFalse(driver.state.wantsBytes)
    driver.reply()
    XCTAssertEqual(driver.requests.count, 2)
    driver.reply()
    XCTAssertEqual(driver.outcome.statuses, [200, 200])
    XCTAssertTrue(driver.state.wantsBytes)
  }

  func testAnAnswerToAnEarlierRequestIsStale() {
    var driver = ConnectionDriver()
    driver.defers = true
    driver.feed(get)
    driver.reply(to: 1)
    driver.feed(get)
    driver.reply(to: 1)
    XCTAssertEqual(driver.outcome.statuses, [200])
    XCTAssertTrue(driver.state.awaits(2))
    driver.passDeadline()
    XCTAssertFalse(driver.state.awaits(2), "closed")
  }

  func testInputWaitsUntilAnAnswerIsSent() {
    var driver = ConnectionDriver()
    driver.feed(get)
    driver.state.blocked(until: 7)
    XCTAssertEqual(driver.state.deadline, 7)
    XCTAssertFalse(driver.state.wantsBytes)
    driver.unblock()
    driver.feed(get)
    XCTAssertEqual(driver.outcome.statuses, [200, 200])
  }

  func testAHandlerMayAnswerWhileTheAnswerBeforeIsNotSent() {
    var driver = ConnectionDriver()
    driver.defers = true
    driver.isBlocked = true
    driver.feed(get + get)
    XCTAssertTrue(driver.state.isSending)
    XCTAssertTrue(driver.state.awaits(1))
    driver.reply()
    XCTAssertEqual(driver.requests.count, 1, "the next request waits for the socket")
    driver.unblock()
    XCTAssertEqual(driver.requests.count, 2)
    XCTAssertTrue(driver.state.awaits(2))
  }

  func testAHandlerThatIsStillAtWorkWhenTheSocketTakesTheRestAnswersLater() {
    var driver = ConnectionDriver()
    driver.defers = true
    driver.isBlocked = true
    driver.feed(get)
    driver.unblock()
    XCTAssertTrue(driver.state.isBusy)
    XCTAssertFalse(driver.state.isSending)
    XCTAssertEqual(driver.state.deadline, .max)
    driver.reply()
    XCTAssertEqual(driver.outcome.statuses, [200])
  }

  func testARequestThatIsHalfHereGoesOnAfterTheAnswerBeforeItIsSent() {
    for first in [get.utf8.count / 2, get.utf8.count + 3] {
      let second = Array((get + post(4) + "abcd").utf8)
      let cut = get.utf8.count + first
      var driver = ConnectionDriver()
      driver.feed(get)
      driver.isBlocked = true
      driver.feed(second[..<min(cut, second.count)])
      driver.unblock()
      driver.feed(second[min(cut, second.count)...])
      XCTAssertEqual(driver.outcome.statuses, [200, 200, 200])
      XCTAssertEqual(driver.requests.last?.body, Array("abcd".utf8))
    }
  }

  func testAPeerThatHasFinishedGetsItsAnswersFirst() {
    var driver = ConnectionDriver()
    driver.defers = true
    driver.feed(get + get)
    driver.finishInput()
    XCTAssertFalse(driver.outcome.isClosed)
    driver.reply()
    XCTAssertFalse(driver.outcome.isClosed)
    driver.reply()
    XCTAssertTrue(driver.outcome.isClosed)
    XCTAssertFalse(driver.lingers)
  }

  // MARK: Bodies

  func testABodyIsInvitedOnceAndOnlyIfNoneOfItIsHere() {
    var driver = ConnectionDriver()
    driver.feed(post(2, "Expect: 100-continue\r\n"))
    XCTAssertEqual(driver.outcome.interim, 1)
    driver.feed("a")
    driver.feed("b")
    XCTAssertEqual(driver.outcome, Outcome(interim: 1, statuses: [200], isClosed: false))
    driver.feed(post(2, "Expect: 100-continue\r\n") + "a")
    driver.feed("b")
    XCTAssertEqual(driver.outcome.interim, 1)
  }

  func testOnlyTheBytesOfAnUnfinishedBodyAreHeld() {
    var driver = ConnectionDriver()
    driver.defers = true
    driver.feed(post(10) + "1234")
    XCTAssertEqual(driver.state.heldBytes, 4)
    driver.state.blocked(until: 1)
    XCTAssertEqual(driver.state.heldBytes, 4)
    driver.unblock()
    driver.feed("567890")
    XCTAssertEqual(driver.state.heldBytes, 0)
    XCTAssertEqual(driver.requests.last?.body.count, 10)
  }

  func testTheBodyOfARefusedRequestIsDroppedAndTheConnectionStays() {
    var driver = ConnectionDriver()
    driver.refusal = HTTPResponse(status: .unauthorized)
    driver.feed(post(10) + "123")
    XCTAssertEqual(driver.outcome.statuses, [401])
    XCTAssertEqual(driver.state.heldBytes, 0)
    driver.feed("4567890" + get)
    XCTAssertEqual(driver.outcome, Outcome(interim: 0, statuses: [401, 200], isClosed: false))
  }

  func testARefusalEndsTheConnectionIfItsBodyIsTooLargeOrMayNotCome() {
    var limits = HTTPLimits()
    limits.maxDiscardedBodyBytes = 20
    for (request, closes) in [
      (post(20), false), (post(21), true), (post(5, "Expect: 100-continue\r\n"), true),
      (post(5, "Expect: 100-continue\r\n") + "1", false),
    ] {
      var driver = ConnectionDriver(limits: limits)
      driver.refusal = HTTPResponse(status: .unauthorized)
      driver.feed(request)
      XCTAssertEqual(driver.outcome, Outcome(interim: 0, statuses: [401], isClosed: closes), request)
      XCTAssertEqual(driver.context.closes, closes)
    }
  }

  func testWhatIsWrongWithADroppedBodyIsNotAnsweredAgain() {
    var limits = HTTPLimits()
    limits.maxDiscardedBodyBytes = 20
    let chunked = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    for body in ["x\r\n", "20\r\n" + String(repeating: "a", count: 21)] {
      var driver = ConnectionDriver(limits: limits)
      driver.refusal = HTTPResponse(status: .unauthorized)
      driver.feed(chunked + body)
      XCTAssertEqual(driver.outcome, Outcome(interim: 0, statuses: [401], isClosed: true), body)
      XCTAssertTrue(driver.lingers)
    }
    var slow = ConnectionDriver()
    slow.refusal = HTTPResponse(status: .unauthorized)
    slow.feed(chunked + "1\r\n")
    slow.passDeadline()
    XCTAssertEqual(slow.outcome, Outcome(interim: 0, statuses: [401], isClosed: true))
  }

  // MARK: The end

  func testTheLastAnswerIsWaitedForUnlessThePeerAskedToClose() {
    let close = "GET /ok HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    let broken =
      "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nx"
    for (bytes, lingers) in [
      (close, false), (close + get, true), ("GET\r\n\r\n", true), (broken, true),
    ] {
      var driver = ConnectionDriver()
      driver.feed(bytes)
      XCTAssertTrue(driver.outcome.isClosed, bytes)
      XCTAssertEqual(driver.lingers, lingers, bytes)
      XCTAssertEqual(driver.outcome.statuses.count, 1, bytes)
    }
  }

  func testALingeringConnectionDropsABoundedNumberOfBytes() {
    var limits = HTTPLimits()
    limits.maxLingerBytes = 10
    var driver = ConnectionDriver(limits: limits)
    driver.feed("GET\r\n\r\n")
    XCTAssertEqual(driver.state.reading, .drop)
    XCTAssertTrue(driver.state.drop(9))
    XCTAssertFalse(driver.state.drop(1))
  }

  func testTheLastRequestOfAConnectionAndTheFirstWhileDrainingCloseIt() {
    var limits = HTTPLimits()
    limits.maxRequestsPerConnection = 2
    var driver = ConnectionDriver(limits: limits)
    driver.feed(get)
    XCTAssertFalse(driver.context.closes)
    driver.feed(get)
    XCTAssertTrue(driver.context.closes)
    XCTAssertTrue(driver.outcome.isClosed)
    var draining = ConnectionDriver()
    draining.isDraining = true
    draining.feed(get)
    XCTAssertTrue(draining.context.closes)
  }

  func testOnlyAConnectionWithoutAPartOfARequestIsIdle() {
    var driver = ConnectionDriver()
    driver.defers = true
    XCTAssertTrue(driver.state.isIdle)
    driver.feed("GET")
    XCTAssertFalse(driver.state.isIdle)
    driver.feed(" /ok HTTP/1.1\r\nHost: h\r\n\r\n")
    XCTAssertFalse(driver.state.isIdle)
    driver.reply()
    XCTAssertTrue(driver.state.isIdle)
    driver.feed(post(2) + "a")
    XCTAssertFalse(driver.state.isIdle)
  }

  func testAnErrorIsWrittenByItsOwnRulesAndNotByThoseOfTheRequestBefore() {
    var driver = ConnectionDriver()
    driver.feed("HEAD /ok HTTP/1.1\r\nHost: h\r\n\r\n")
    XCTAssertTrue(driver.context.omitsContent)
    driver.feed("nonsense\r\n\r\n")
    XCTAssertEqual(driver.outcome.statuses.last, 400)
    XCTAssertFalse(driver.context.omitsContent)
    XCTAssertTrue(driver.context.closes)
  }

  // MARK: Places

  func testOnlyAConnectionWithoutARequestUnderWayGivesWay() {
    var driver = ConnectionDriver()
    driver.defers = true
    XCTAssertEqual(driver.state.precedence, .halfOpen)
    driver.feed("GET /ok")
    XCTAssertEqual(driver.state.precedence, .halfOpen)
    driver.feed(" HTTP/1.1\r\nHost: h\r\n\r\n")
    XCTAssertEqual(driver.state.precedence, .none, "handled")
    driver.reply()
    XCTAssertEqual(driver.state.precedence, .idle)
    driver.feed("G")
    XCTAssertEqual(driver.state.precedence, .halfOpen)
    driver.feed("ET /ok HTTP/1.1\r\nHost: h\r\n\r\n")
    driver.reply()
    driver.feed(post(2) + "1")
    XCTAssertEqual(driver.state.precedence, .none, "a body arrives")
    driver.fail(.bodyTimeout)
    XCTAssertEqual(driver.state.precedence, .lingering)
    XCTAssertEqual(ConnectionDriver(expectsProxyHeader: true).state.precedence, .halfOpen)
  }

  func testAConnectionInAKeptPlaceGetsOneAnswerAndMaySendNoBody() {
    var driver = ConnectionDriver(isGuest: true)
    driver.feed(get)
    XCTAssertTrue(driver.context.closes)
    XCTAssertEqual(driver.outcome, Outcome(interim: 0, statuses: [200], isClosed: true))
    for body in [post(1), post(1) + "1", post(1, "Expect: 100-continue\r\n")] {
      var driver = ConnectionDriver(isGuest: true)
      driver.feed(body)
      XCTAssertEqual(driver.errors, [.tooManyConnections(limit: driver.limits.maxConnections)])
      XCTAssertEqual(driver.outcome, Outcome(interim: 0, statuses: [503], isClosed: true))
    }
  }

  // MARK: The header of a proxy

  func testTheClientIsTheOneThatTheProxyNamed() {
    let header = Array("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n".utf8)
    for cut in header.indices {
      var driver = ConnectionDriver(expectsProxyHeader: true)
      driver.feed(header[..<cut])
      driver.feed(header[cut...] + Array(get.utf8))
      XCTAssertEqual(driver.requests.first?.peer.text, "192.0.2.1", "\(cut)")
    }
  }

  func testARequestInPlaceOfTheHeaderIsRefused() {
    var driver = ConnectionDriver(expectsProxyHeader: true)
    driver.feed(get)
    XCTAssertEqual(driver.errors, [.malformedProxyHeader])
    XCTAssertTrue(driver.requests.isEmpty)
    XCTAssertTrue(driver.lingers)
  }
}
