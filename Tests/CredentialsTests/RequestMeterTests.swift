import Dispatch
import Platform
import XCTest

@testable import Credentials

/// How many requests a key may send, to the nanosecond.
final class RequestMeterTests: XCTestCase {
  private let second: UInt64 = 1_000_000_000
  private let limit = RequestLimit(perSecond: 100, burst: 1000)

  func testABurstIsTakenAtOnceAndThenOneRequestForEachInterval() {
    let meter = RequestMeter()
    let start = 5 * second
    for _ in 0..<1000 { XCTAssertNil(meter.wait(limit, now: start, charging: true)) }
    XCTAssertEqual(meter.wait(limit, now: start, charging: true), 1)
    let interval = second / 100
    XCTAssertEqual(meter.wait(limit, now: start + interval - 1, charging: true), 1)
    XCTAssertNil(meter.wait(limit, now: start + interval, charging: true))
    XCTAssertEqual(meter.wait(limit, now: start + interval, charging: true), 1)
    // Refused ones cost nothing, and a pause fills the bucket to the brim and no further.
    let later = start + 3600 * second
    for _ in 0..<1000 { XCTAssertNil(meter.wait(limit, now: later, charging: true)) }
    XCTAssertNotNil(meter.wait(limit, now: later, charging: true))
  }

  func testARequestThatIsOnlyLookedAtIsNotCounted() {
    let meter = RequestMeter()
    let one = RequestLimit(perSecond: 1, burst: 1)
    for _ in 0..<10 { XCTAssertNil(meter.wait(one, now: 7, charging: false)) }
    XCTAssertNil(meter.wait(one, now: 7, charging: true))
    XCTAssertEqual(meter.wait(one, now: 7, charging: false), 1)
  }

  func testTheSecondsToWaitAreWholeAndEnough() {
    let meter = RequestMeter()
    let slow = RequestLimit(perSecond: 1, burst: 3)
    for _ in 0..<3 { XCTAssertNil(meter.wait(slow, now: 0, charging: true)) }
    XCTAssertEqual(meter.wait(slow, now: 1, charging: true), 1)
    XCTAssertNil(meter.wait(slow, now: second, charging: true))
  }

  func testAProviderThatSends25RequestsASecondForTenMinutesIsNeverHeldUp() {
    let meter = RequestMeter()
    for number in 0..<UInt64(25 * 600) {
      XCTAssertNil(meter.wait(limit, now: number * second / 25, charging: true))
    }
  }

  func testConcurrentRequestsAreEachCountedOnce() {
    let meter = RequestMeter()
    let taken = Locked(0)
    let limit = limit
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<500 where meter.wait(limit, now: 1, charging: true) == nil { taken.withLock { $0 += 1 } }
    }
    XCTAssertEqual(taken.withLock { $0 }, 1000)
  }
}
