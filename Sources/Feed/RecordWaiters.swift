import Dispatch
import Platform
import Storage

/// Those who wait for the next record of a directory: however many they are, the journal has one to call.
final class RecordWaiters: Sendable {
  private struct State {
    var waiters: [Int: @Sendable () -> Void] = [:]
    var next = 0
    var isParked = false
  }

  private let directory: Directory
  private let state = Locked(State())
  /// Where they are called, so that the journal does one thing for them, however many there are.
  private let queue = DispatchQueue(label: "scimd.feed.waiters")

  init(_ directory: Directory) { self.directory = directory }

  /// Calls `body` once when a record after `seq` is on disk; nil if that was at once.
  func add(after seq: UInt64, _ body: @escaping @Sendable () -> Void) -> Int? {
    let (number, parks) = state.withLock { state in
      state.next += 1
      state.waiters[state.next] = body
      defer { state.isParked = true }
      return (state.next, !state.isParked)
    }
    let last = directory.lastOnDisk
    if parks {
      directory.whenWritten(after: last) { [weak self] in
        self?.queue.async { @Sendable [weak self] in self?.wake() }
      }
    }
    // It was written before the waiter was among those that are called.
    if directory.lastOnDisk > seq {
      guard let body = state.withLock({ $0.waiters.removeValue(forKey: number) }) else { return nil }
      body()
      return nil
    }
    return number
  }

  func remove(_ number: Int) { state.withLock { _ = $0.waiters.removeValue(forKey: number) } }

  private func wake() {
    let waiters = state.withLock { state in
      state.isParked = false
      defer { state.waiters = [:] }
      return state.waiters
    }
    for body in waiters.values { body() }
  }
}
