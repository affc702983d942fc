import Dispatch
import Glibc
import Platform

/// Why a server stops: SIGTERM, SIGINT, or a failure; a second signal ends the process at once with exit code 1.
///
/// The signals are blocked and waited for: one that arrives while the server is starting is not lost, as it would be
/// between ignoring it and the moment a dispatch source listens. SIGHUP is ignored: there is nothing to reload, and a
/// closed terminal shall not stop a server.
struct StopRequest {
  private let failure = Locked(String?.none)

  /// To be made before there are other threads: they take over which signals are blocked.
  init() {
    signal(SIGHUP, SIG_IGN)
    var signals = StopRequest.signals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// What ends the wait with a failure; may be called from any thread, by more than one.
  var failing: @Sendable (String) -> Void {
    let failure = failure
    return { reason in
      failure.withLock { if $0 == nil { $0 = reason } }
      kill(getpid(), SIGUSR1)
    }
  }

  /// Blocks the calling thread; the failure that ended the wait, nil for a signal.
  func wait() -> String? {
    let first = StopRequest.next()
    let queue = DispatchQueue(label: "scimd.stop")
    queue.async { @Sendable in
      let second = StopRequest.next()
      _exit(second == SIGUSR1 ? ExitCode.inputOutput.rawValue : ExitCode.failure.rawValue)
    }
    return first == SIGUSR1 ? failure.withLock { $0 } : nil
  }

  private static var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGTERM, SIGINT, SIGUSR1] { sigaddset(&signals, number) }
    return signals
  }

  /// The next of the signals to arrive.
  private static func next() -> Int32 {
    var signals = StopRequest.signals
    var number: Int32 = 0
    while sigwait(&signals, &number) != 0 {}
    return number
  }
}
