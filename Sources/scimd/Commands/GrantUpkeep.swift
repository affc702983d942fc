import Access
import Dispatch
import Platform

/// Removes grants that have ended, every second while the server runs.
final class GrantUpkeep: Sendable {
  private static let interval = DispatchTimeInterval.seconds(1)

  private let clock: AccessClock
  private let queue = DispatchQueue(label: "scimd.grants")
  private let isStopped = Locked(false)

  init(_ clock: AccessClock) {
    self.clock = clock
    wait()
  }

  /// Schedules the next sweep, and again after that.
  private func wait() {
    queue.asyncAfter(deadline: .now() + Self.interval) { @Sendable [weak self] in
      guard let self, !isStopped.withLock({ $0 }) else { return }
      clock.sweep()
      wait()
    }
  }

  /// Waits for a sweep in progress; none follows.
  func stop() {
    isStopped.withLock { $0 = true }
    queue.sync { @Sendable in }
  }
}
