import Platform

/// Which refusals beyond the allowance of an address the log has: the first hundred of a burst each, then one in a
/// hundred, which stands for all of them.
final class RefusalSample: Sendable {
  private struct State {
    var count = 0
    /// Of the last one, in nanoseconds of the monotonic clock.
    var last: UInt64 = 0
  }

  static let size = 100
  /// A burst is over after so many nanoseconds without one.
  static let pause: UInt64 = 60_000_000_000

  private let state = Locked(State())

  /// For how many refusals the line of this one stands; 0 for no line.
  func lines(now: UInt64) -> Int {
    state.withLock { state in
      if now > state.last, now - state.last > Self.pause { state.count = 0 }
      state.last = now
      state.count += 1
      if state.count <= Self.size { return 1 }
      return state.count % Self.size == 0 ? Self.size : 0
    }
  }
}
