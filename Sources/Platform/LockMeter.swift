import Synchronization

/// How often threads had to wait for a lock, and how long in all. Taking a free lock costs no more than before.
package final class LockMeter: Sendable {
  private let waits = Atomic<UInt64>(0)
  private let nanoseconds = Atomic<UInt64>(0)
  private let clock: @Sendable () -> UInt64

  /// - Parameter clock: monotonic, in nanoseconds.
  package init(clock: @escaping @Sendable () -> UInt64) { self.clock = clock }

  func measure(_ wait: () -> Void) {
    let start = clock()
    wait()
    waits.add(1, ordering: .relaxed)
    nanoseconds.add(clock() &- start, ordering: .relaxed)
  }

  package var counts: (waits: UInt64, nanoseconds: UInt64) {
    (waits.load(ordering: .relaxed), nanoseconds.load(ordering: .relaxed))
  }
}
