package import Platform

/// How much the journals of a store have written, and how long that took.
package final class LogMeter: Sendable {
  package struct Counts: Sendable {
    package fileprivate(set) var bytes: UInt64 = 0
    /// Records by batch: one write and one sync each.
    package fileprivate(set) var batches = Histogram([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
    /// Nanoseconds of writing and syncing a batch.
    package fileprivate(set) var durations = Histogram(Histogram.durations)
  }

  private let all = Locked(Counts())
  let clock: @Sendable () -> UInt64

  /// - Parameter clock: monotonic, in nanoseconds.
  package init(clock: @escaping @Sendable () -> UInt64) { self.clock = clock }

  package var counts: Counts { all.withLock { $0 } }

  /// Counts a batch whose writing began at `start` of the clock; one that fails ends its journal.
  func count(records: Int, bytes: Int, since start: UInt64) {
    let duration = clock() &- start
    all.withLock { counts in
      counts.bytes += UInt64(bytes)
      counts.batches.add(UInt64(records))
      counts.durations.add(duration)
    }
  }
}
