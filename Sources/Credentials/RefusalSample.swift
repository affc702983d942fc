import Platform

/// Decides which refusals beyond an address's allowance get a log line: each of the first hundred of a burst, then
/// every hundredth, which stands for a hundred.
final class RefusalSample: Sendable {
  private struct State {
    var count = 0
    /// Of the last one, in nanoseconds of the monotonic clock.
    var last: UInt64 = 0
  }

  static let size = 100
  /// Nanoseconds without a refusal after which a burst is over.
  static let pause: UInt64 = 60_000_000_000

  private let state = Locked(State())

  /// How many refusals the line of this one stands for; 0 if it gets no line.
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
