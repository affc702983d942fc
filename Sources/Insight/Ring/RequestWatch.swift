import Dispatch
import HTTP
package import JSON
import Platform

/// New requests as server-sent events, for one reader:
///
///     event: request
///     data: {"id": "...", ...}
///
/// A comment every 15 seconds shows that the connection is alive. A reader that is too slow misses entries, and is told
/// how many: `event: dropped`, `data: {"dropped": 5}`.
package final class RequestWatch: HTTPBodyProducer {
  /// What the reader gets of an entry of a directory; nil for nothing.
  package typealias Selection = @Sendable (_ directory: String, _ line: ArraySlice<UInt8>) -> JSONValue?

  private struct State {
    var waiting: [UInt8] = []
    var dropped = 0
    var isEnded = false
    var wake: (@Sendable () -> Void)?
  }

  /// Bytes that may wait for the reader.
  private static let limit = 1 << 20

  private let selection: Selection
  private let state = Locked(State())

  init(_ selection: @escaping Selection) { self.selection = selection }

  // MARK: From the ring

  func offer(_ directory: String, _ line: ArraySlice<UInt8>) {
    guard let json = selection(directory, line) else { return }
    add(Array("event: request\ndata: ".utf8) + json.serialized() + Array("\n\n".utf8))
  }

  /// Shows that the connection is alive.
  func beat() { add(Array(":\n\n".utf8)) }

  func end() {
    let wake = state.withLock { state in
      state.isEnded = true
      return state.wake.take()
    }
    wake?()
  }

  private func add(_ bytes: [UInt8]) {
    let wake = state.withLock { state -> (@Sendable () -> Void)? in
      guard state.waiting.count + bytes.count <= Self.limit else {
        state.dropped += 1
        return nil
      }
      state.waiting += bytes
      return state.wake.take()
    }
    wake?()
  }

  // MARK: HTTPBodyProducer

  package func nextPiece() -> [UInt8]? {
    state.withLock { state in
      var piece = state.waiting
      state.waiting = []
      if state.dropped > 0 {
        piece += Array("event: dropped\ndata: {\"dropped\":\(state.dropped)}\n\n".utf8)
        state.dropped = 0
      }
      return piece.isEmpty && state.isEnded ? nil : piece
    }
  }

  package var heldBytes: Int { state.withLock { $0.waiting.count } }

  package func whenReady(_ wake: @escaping @Sendable () -> Void) -> Bool {
    let isReady = state.withLock { state in
      let isReady = !state.waiting.isEmpty || state.dropped > 0 || state.isEnded
      state.wake = isReady ? nil : wake
      return isReady
    }
    if isReady { wake() }
    return true
  }
}
