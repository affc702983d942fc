import Synchronization

/// Counts the requests of one connection or key, as a bucket that refills steadily. It lives as long as its key.
final class RequestMeter: Sendable {
  /// When the bucket will be full again, in nanoseconds of the monotonic clock.
  private let full = Atomic<UInt64>(0)

  /// Counts one request, or only checks if `charging` is false. The whole seconds to wait if the limit is exceeded.
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
