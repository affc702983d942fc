import Synchronization

/// How many requests are accepted: a steady rate, and a burst of those not used before.
package struct RequestLimit: Sendable, Equatable {
  package let perSecond: Int
  package let burst: Int

  package init(perSecond: Int, burst: Int) {
    precondition(perSecond > 0 && burst > 0 && perSecond <= 1_000_000 && burst <= 10_000_000, "a limit")
    self.perSecond = perSecond
    self.burst = burst
  }

  /// Nanoseconds from one request to the next.
  var interval: UInt64 { 1_000_000_000 / UInt64(perSecond) }
}
