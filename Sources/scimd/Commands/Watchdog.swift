import Dispatch
import Platform

/// Reports to the service manager that the server is not stuck, twice per watchdog period and only after each event
/// loop has had a turn.
final class Watchdog: Sendable {
  private let manager: ServiceManager
  private let interval: DispatchTimeInterval
  private let turn: @Sendable (@escaping @Sendable () -> Void) -> Void
  private let queue = DispatchQueue(label: "scimd.watchdog")

  /// Nil if the manager has no watchdog.
  ///
  /// - Parameter turn: calls back once every event loop has had a turn.
  init?(_ manager: ServiceManager, turn: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void) {
    guard let microseconds = manager.watchdog, microseconds > 1 else { return nil }
    self.manager = manager
    interval = .microseconds(Int(clamping: microseconds / 2))
    self.turn = turn
    wait()
  }

  /// Schedules the next report. If a loop is stuck, its turn never comes and nothing is reported.
  private func wait() {
    queue.asyncAfter(deadline: .now() + interval) { @Sendable [weak self] in
      guard let self else { return }
      turn { [manager] in manager.tell(.alive) }
      wait()
    }
  }
}
