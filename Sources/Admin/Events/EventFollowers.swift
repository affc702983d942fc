import Platform

/// An open answer that waits for events.
protocol EventReader: AnyObject, Sendable {
  /// Ends the answer, so that its connection can be closed.
  func end()
}

/// The open answers that wait for events.
package final class EventFollowers: Sendable {
  private struct Held {
    weak var reader: (any EventReader)?
  }

  private struct State {
    var held: [Held] = []
    /// Those that have gone are removed when there are so many.
    var sweepAt = 64
    var isEnded = false
  }

  private let state = Locked(State())

  func add(_ reader: any EventReader) {
    let isEnded = state.withLock { state in
      if state.held.count >= state.sweepAt {
        state.held.removeAll { $0.reader == nil }
        state.sweepAt = max(64, 2 * state.held.count)
      }
      state.held.append(Held(reader: reader))
      return state.isEnded
    }
    if isEnded { reader.end() }
  }

  /// Ends all, now and later.
  package func end() {
    let held = state.withLock { state in
      state.isEnded = true
      defer { state.held = [] }
      return state.held
    }
    for one in held { one.reader?.end() }
  }
}
