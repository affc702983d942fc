import Platform

/// A body that somebody else fills while its reader is connected, such as server-sent events.
package final class EventStreamBody: HTTPBodyProducer {
  private struct State {
    var waiting: [UInt8] = []
    var isEnded = false
    var wake: (@Sendable () -> Void)?
  }

  /// Bytes that may wait for the reader.
  private let limit: Int
  private let state = Locked(State())

  package init(limit: Int = 1 << 20) { self.limit = limit }

  /// Sends these bytes; false, and nothing is sent, if too many bytes wait. Any number fits if none wait.
  @discardableResult package func add(_ bytes: [UInt8]) -> Bool {
    let (isTaken, wake) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
      guard state.waiting.isEmpty || state.waiting.count + bytes.count <= limit else { return (false, nil) }
      state.waiting += bytes
      return (true, state.wake.take())
    }
    wake?()
    return isTaken
  }

  /// Shows that the connection is alive: a comment of server-sent events.
  package func beat() { add(Array(":\n\n".utf8)) }

  /// The body ends after what waits.
  package func end() {
    let wake = state.withLock { state in
      state.isEnded = true
      return state.wake.take()
    }
    wake?()
  }

  /// Everything that waits; nil at the end.
  package func nextPiece() -> [UInt8]? {
    state.withLock { state in
      let piece = state.waiting
      state.waiting = []
      return piece.isEmpty && state.isEnded ? nil : piece
    }
  }

  package var heldBytes: Int { state.withLock { $0.waiting.count } }

  package func whenReady(_ wake: @escaping @Sendable () -> Void) -> Bool {
    let isReady = state.withLock { state in
      let isReady = !state.waiting.isEmpty || state.isEnded
      state.wake = isReady ? nil : wake
      return isReady
    }
    if isReady { wake() }
    return true
  }
}
