import Synchronization

/// The requests of one connection or key, as a bucket that refills steadily. Each is as long in memory as its key.
final class RequestMeter: Sendable {
  /// When the bucket is full again, in nanoseconds of the monotonic clock.
  private let full = Atomic<UInt64>(0)

  /// Takes one request out of the bucket, or only looks; the whole seconds to wait if it is empty.
  func wait(_ limit: RequestLimit, now: UInt64, charging: Bool) -> Int? {
    let tolerance = limit.interval * UInt64(limit.burst - 1)
    var known = full.load(ordering: .relaxed)
    while true {
      let start = max(known, now)
      if start - now > tolerance { return Int((start - now - tolerance - 1) / 1_000_000_000) + 1 }
      guard charging else { return nil }
      let (isDone, other) = full.compareExchange(
        expected: known, desired: start + limit.interval, ordering: .relaxed)
      if isDone { return nil }
      known = other
    }
  }
}
