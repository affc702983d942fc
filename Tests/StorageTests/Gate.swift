import Dispatch
import Platform

@testable import Storage

/// Stops one call of the log until it is told to go on.
final class Gate: Sendable {
  private let state = Locked<(count: Int, isOpen: Bool)>((0, false))
  private let reached = DispatchSemaphore(value: 0)
  private let opened = DispatchSemaphore(value: 0)

  /// The system's calls; of `call`, the one of that number (from 1) waits, nil for each until the gate is open.
  func io(stopping call: FaultyDisk.Call, at number: Int? = nil) -> LogIO {
    var io = LogIO.system
    switch call {
    case .rename:
      io.rename = { [self] (old, new) throws(SystemError) in
        pass(number)
        try LogIO.system.rename(old, new)
      }
    default:
      io.dataSync = { [self] (file) throws(SystemError) in
        pass(number)
        try LogIO.system.dataSync(file)
      }
    }
    return io
  }

  private func pass(_ number: Int?) {
    let stops = state.withLock { state in
      state.count += 1
      return !state.isOpen && (number == nil || state.count == number)
    }
    guard stops else { return }
    reached.signal()
    opened.wait()
    opened.signal()
  }

  func waitUntilReached() { reached.wait() }

  func open() {
    state.withLock { $0.isOpen = true }
    opened.signal()
  }
}
