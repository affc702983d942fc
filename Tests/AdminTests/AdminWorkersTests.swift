import Dispatch
import HTTP
import Platform
import XCTest

@testable import Admin

/// Requests that take long delay only their like.
final class AdminWorkersTests: XCTestCase {
  func testAShortRequestIsAnsweredWhileEveryThreadForLongOnesIsTaken() {
    let workers = AdminWorkers()
    let gate = DispatchSemaphore(value: 0)
    let ended = expectation(description: "the long ones")
    ended.expectedFulfillmentCount = 3
    for _ in 0..<3 {
      XCTAssertTrue(
        workers.submit(isLong: true) {
          gate.wait()
          ended.fulfill()
        })
    }
    let answered = expectation(description: "the short one")
    XCTAssertTrue(workers.submit(isLong: false) { answered.fulfill() })
    wait(for: [answered], timeout: 30)
    for _ in 0..<3 { gate.signal() }
    wait(for: [ended], timeout: 30)
  }

  func testTheNumberOfWaitingRequestsIsBounded() {
    let workers = AdminWorkers()
    let gate = DispatchSemaphore(value: 0)
    let count = Locked(0)
    var taken = 0
    while taken < 10_000,
      workers.submit(
        isLong: true,
        {
          gate.wait(); count.withLock { $0 += 1 }
        })
    { taken += 1 }
    XCTAssertLessThan(taken, 100)
    for _ in 0..<taken { gate.signal() }
    let done = expectation(description: "every request that was taken")
    while !workers.submit(isLong: true, { done.fulfill() }) { usleep(1000) }
    wait(for: [done], timeout: 30)
  }

  func testWhatLooksAtMuchIsInTheLaneForLongRequests() {
    let long = Set(AdminRoute.all.filter(\.isLong).map(\.verb))
    XCTAssertEqual(
      long,
      [
        "import", "findings", "show", "export", "backup", "info", "erase", "history", "who", "review",
        "apply", "list", "listSystem", "remove", "replay", "verify", "test", "resend", "draft", "discard",
        "rollback", "explain", "create", "take-over",
      ])
  }
}
