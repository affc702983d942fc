import Dispatch
import Platform
import XCTest

@testable import Storage

/// Directories take turns, and none takes all.
final class WorkerPoolTests: XCTestCase {
  /// Jobs that wait for a gate, in the order in which they began.
  private final class Bench: Sendable {
    let pool = WorkerPool()
    let order = Locked<[String]>([])
    private let gate = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    func submit(_ directory: String, _ name: String) -> Bool {
      pool.submit(for: directory) {
        self.order.withLock { $0.append(name) }
        self.gate.wait()
        self.ended.signal()
      }
    }

    func open(_ count: Int) { for _ in 0..<count { gate.signal() } }
    func waitForEnd(of count: Int) { for _ in 0..<count { ended.wait() } }

    func waitForBegin(of count: Int) {
      while order.withLock({ $0.count }) < count { usleep(1000) }
    }
  }

  func testATenthSearchWaitsBehindTheFirstOfEveryOtherDirectory() {
    let bench = Bench()
    for number in 0..<10 { XCTAssertTrue(bench.submit("a", "a\(number)")) }
    bench.waitForBegin(of: 2)
    for directory in ["b", "c"] { XCTAssertTrue(bench.submit(directory, directory)) }
    bench.waitForBegin(of: 3)
    XCTAssertEqual(bench.order.withLock { Set($0) }, ["a0", "a1", "b"], "one place is kept for others")
    bench.open(12)
    bench.waitForEnd(of: 12)
    let order = bench.order.withLock { $0 }
    XCTAssertLessThan(order.firstIndex(of: "c") ?? .max, 6)
    XCTAssertEqual(order.filter { $0.hasPrefix("a") }.count, 10)
  }

  func testADirectoryThatFillsItsQueueLeavesRoomForOthers() {
    let bench = Bench()
    var taken = 0
    while taken < 1000, bench.submit("a", "a") { taken += 1 }
    XCTAssertLessThan(taken, 100)
    XCTAssertTrue(bench.submit("b", "b"))
    bench.open(taken + 1)
    bench.waitForEnd(of: taken + 1)
    XCTAssertTrue(bench.submit("a", "again"), "what has ended makes room")
    bench.open(1)
    bench.waitForEnd(of: 1)
  }
}
