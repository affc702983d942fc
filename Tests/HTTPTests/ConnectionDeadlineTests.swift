import XCTest

@testable import HTTP

/// When a connection has been waited for long enough, in nanoseconds from 0.
final class ConnectionDeadlineTests: XCTestCase {
  private let get = "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n"
  private let second: UInt64 = 1_000_000_000

  private func driver() -> ConnectionDriver {
    var limits = HTTPLimits()
    limits.headSeconds = 10
    limits.bodySeconds = 20
    limits.idleSeconds = 75
    limits.minBytesPerSecond = 100
    return ConnectionDriver(limits: limits)
  }

  func testTheFirstRequestMustBeginWithinTheTimeOfAHead() {
    var driver = driver()
    driver.feed("")
    XCTAssertEqual(driver.state.deadline, 10 * second)
    driver.passDeadline()
    XCTAssertEqual(driver.outcome, Outcome(interim: 0, statuses: [], isClosed: true))
  }

  func testAConnectionMayRestBetweenRequestsFromTheLastAnswerOn() {
    var driver = driver()
    driver.feed(get)
    XCTAssertEqual(driver.state.deadline, 75 * second)
    driver.now = 5 * second
    driver.feed(get)
    XCTAssertEqual(driver.state.deadline, 80 * second)
    driver.passDeadline()
    XCTAssertEqual(driver.outcome, Outcome(interim: 0, statuses: [200, 200], isClosed: true))
  }

  func testTheTimeOfAHeadIsCountedFromItsFirstByteHoweverManyFollow() {
    var driver = driver()
    driver.feed(get)
    driver.now = 5 * second
    driver.feed("G")
    XCTAssertEqual(driver.state.deadline, 15 * second)
    driver.now = 9 * second
    driver.feed("ET /")
    XCTAssertEqual(driver.state.deadline, 15 * second)
    driver.passDeadline()
    XCTAssertEqual(driver.errors, [.headTimeout])
  }

  func testAHeadThatIsHalfHereIsStillWaitedForAsOneAfterTheAnswerBeforeItIsSent() {
    var driver = driver()
    driver.feed(get)
    driver.isBlocked = true
    driver.feed(get + "GET")
    driver.now = 5 * second
    driver.unblock()
    XCTAssertEqual(driver.state.deadline, 15 * second)
    XCTAssertFalse(driver.state.isIdle)
    driver.passDeadline()
    XCTAssertEqual(driver.errors, [.headTimeout])
  }

  func testABodyGetsTheTimeThatItsBytesTakeAtTheSlowestTransfer() {
    var driver = driver()
    driver.feed("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
    XCTAssertEqual(driver.state.deadline, 20 * second)
    driver.now = 3 * second
    driver.feed(String(repeating: "a", count: 200))
    XCTAssertEqual(driver.state.deadline, 22 * second)
    driver.passDeadline()
    XCTAssertEqual(driver.errors, [.bodyTimeout])
  }

  func testAHandlerMayTakeAnyTime() {
    var driver = driver()
    driver.defers = true
    driver.feed(get)
    XCTAssertEqual(driver.state.deadline, .max)
    driver.now = 3600 * second
    driver.reply()
    XCTAssertEqual(driver.state.deadline, 3675 * second)
  }

  func testAPeerThatDoesNotTakeItsAnswerIsClosedWithoutAnotherOne() {
    var driver = driver()
    driver.feed(get)
    driver.state.blocked(until: 4)
    driver.finishInput()
    XCTAssertEqual(driver.outcome.statuses, [200])
    var stuck = self.driver()
    stuck.defers = true
    stuck.isBlocked = true
    stuck.feed(get)
    stuck.passDeadline()
    XCTAssertEqual(stuck.outcome, Outcome(interim: 0, statuses: [], isClosed: true))
  }
}
