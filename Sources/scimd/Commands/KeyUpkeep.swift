import Credentials
import Dispatch
import Platform

/// Writes what requests leave behind of keys, every few seconds while the server runs.
final class KeyUpkeep: Sendable {
  private static let interval = DispatchTimeInterval.seconds(5)

  private let keys: KeyRing
  private let queue = DispatchQueue(label: "scimd.upkeep")
  private let isStopped = Locked(false)

  init(_ keys: KeyRing) {
    self.keys = keys
    wait()
  }

  private func wait() {
    queue.asyncAfter(deadline: .now() + Self.interval) { @Sendable [weak self] in
      guard let self, !isStopped.withLock({ $0 }) else { return }
      keys.upkeep()
      wait()
    }
  }

  /// Writes what is left; nothing happens afterwards. Blocks.
  func stop() {
    isStopped.withLock { $0 = true }
    queue.sync { @Sendable in keys.upkeep() }
  }
}
