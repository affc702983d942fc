import Dispatch
import Glibc
import Platform

/// Whether SIGINT or SIGTERM has asked a long command to end after its clean-up; a second signal ends the process at
/// once.
struct Interruption: Sendable {
  private let hasArrived = Locked(false)

  var isRequested: Bool { hasArrived.withLock { $0 } }

  /// Must be created before other threads, because they inherit the blocked signals.
  init() {
    var signals = Interruption.signals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let hasArrived = hasArrived
    DispatchQueue(label: "scimd.interruption").async { @Sendable in
      Interruption.waitForSignal()
      hasArrived.withLock { $0 = true }
      Interruption.waitForSignal()
      _exit(ExitCode.interrupted.rawValue)
    }
  }

  private static var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGTERM, SIGINT] { sigaddset(&signals, number) }
    return signals
  }

  private static func waitForSignal() {
    var signals = Interruption.signals
    var number: Int32 = 0
    while sigwait(&signals, &number) != 0 {}
  }
}
