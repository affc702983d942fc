import Dispatch
import Glibc
import Platform

/// Why a server stops: SIGTERM, SIGINT, or a failure; a second one ends the process at once, with exit code 74 where one
/// was a failure and else 1.
///
/// The signals are blocked and waited for: one that arrives while the server is starting is not lost, as it would be
/// between ignoring it and the moment a dispatch source listens. SIGHUP reopens the access log; a closed terminal must not
/// stop a server.
struct StopRequest {
  private let failure = Locked(false)

  /// To be made before there are other threads: they take over which signals are blocked.
  init() {
    var signals = StopRequest.signals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// To be called by what fails, from any thread, also while the server stops for another reason.
  var failing: @Sendable () -> Void {
    let failure = failure
    return {
      failure.withLock { $0 = true }
      kill(getpid(), SIGUSR1)
    }
  }

  var hasFailed: Bool { failure.withLock { $0 } }

  /// Blocks the calling thread until there is a reason.
  func wait(onHangup: () -> Void = {}) {
    while StopRequest.next() == SIGHUP { onHangup() }
    let (queue, failure) = (DispatchQueue(label: "scimd.stop"), failure)
    queue.async { @Sendable in
      while StopRequest.next() == SIGHUP {}
      _exit((failure.withLock { $0 } ? ExitCode.inputOutput : .failure).rawValue)
    }
  }

  private static var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGTERM, SIGINT, SIGUSR1, SIGHUP] { sigaddset(&signals, number) }
    return signals
  }

  /// Waits for the next of the signals.
  private static func next() -> Int32 {
    var signals = StopRequest.signals
    var number: Int32 = 0
    while sigwait(&signals, &number) != 0 {}
    return number
  }
}
