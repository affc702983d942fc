import Credentials
import Dispatch
import Platform
import SCIM

/// Writes what requests showed, such as the last use of keys, every few seconds while the server runs, and warns about
/// keys that expire soon.
final class KeyUpkeep: Sendable {
  private static let interval = DispatchTimeInterval.seconds(5)
  /// Intervals between two checks of expiry, which make a minute.
  private static let turnsPerLook = 12

  private let keys: KeyRing
  private let steps: ConnectionSteps
  private let sessions: ConsoleSessions
  private let report: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "scimd.upkeep")
  private let isStopped = Locked(false)

  /// - Parameter report: receives notices for the administrator as text.
  init(
    _ keys: KeyRing, _ steps: ConnectionSteps, _ sessions: ConsoleSessions,
    report: @escaping @Sendable (String) -> Void
  ) {
    self.keys = keys
    self.steps = steps
    self.sessions = sessions
    self.report = report
    queue.async { @Sendable [weak self] in self?.look() }
    wait(turn: 1)
  }

  /// Schedules the next turn; turns count from 1 to `turnsPerLook` and begin again.
  private func wait(turn: Int) {
    queue.asyncAfter(deadline: .now() + Self.interval) { @Sendable [weak self] in
      guard let self, !isStopped.withLock({ $0 }) else { return }
      keys.upkeep()
      steps.upkeep()
      if turn % Self.turnsPerLook == 0 {
        sessions.upkeep()
        look()
      }
      wait(turn: turn % Self.turnsPerLook + 1)
    }
  }

  /// Reports the warnings that are due.
  private func look() {
    guard !isStopped.withLock({ $0 }) else { return }
    for notice in keys.expiryNotices() { report(Self.text(notice)) }
  }

  /// The warning as a line for the administrator, with the command that helps.
  static func text(_ notice: KeyExpiryNotice) -> String {
    let key = notice.key
    let place = key.isForAllDirectories ? "for all directories" : "of the directory \(key.directory)"
    let name = "the key \(key.id) (\(TerminalText.value(key.name))) \(place)"
    guard notice.days > 0 else {
      return
        "\(name) expired at \(notice.expires): its client is refused. `scimd key create` creates a new one."
    }
    let days = notice.days == 1 ? "1 day" : "\(notice.days) days"
    return "\(name) expires in less than \(days), at \(notice.expires). "
      + "`scimd key rotate \(key.id)` replaces it without an outage."
  }

  /// Writes the remaining uses of keys and stops. Blocks.
  func stop() {
    isStopped.withLock { $0 = true }
    queue.sync { @Sendable in
      keys.upkeep()
      steps.upkeep(isLast: true)
      sessions.upkeep()
    }
  }
}
