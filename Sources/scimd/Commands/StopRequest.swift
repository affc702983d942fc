import Dispatch
import Glibc
import Platform

/// The reasons for a server to stop: SIGTERM, SIGINT, or a failure. A second one ends the process at once, with exit
/// code 74 if one of them was a failure, otherwise 1.
///
/// A failure is not reported by a signal. SIGHUP and SIGUSR1 reopen the access log, as logrotate expects, and SIGHUP also
/// reads the settings again; a closed terminal does not stop the server, and SIGUSR2 does nothing. All are blocked, and a thread of their own waits for
/// them, so that a signal that arrives during the start is not lost.
struct StopRequest {
  /// The request of a signal or a failure to stop or reopen.
  private enum Call: Sendable {
    case stop, reopen, reload
  }

  private let failure = Locked(false)
  private let calls = Locked<[Call]>([])
  private let arrived = DispatchSemaphore(value: 0)

  /// Must be created before other threads, because they inherit the blocked signals.
  init() {
    var signals = StopRequest.signals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let call = calling
    DispatchQueue(label: "scimd.signals").async { @Sendable in
      while true {
        switch StopRequest.next() {
        case SIGTERM, SIGINT: call(.stop)
        case SIGHUP: call(.reload)
        case SIGUSR1: call(.reopen)
        default: break
        }
      }
    }
  }

  /// Called on a failure, from any thread, also while the server is stopping for another reason.
  var failing: @Sendable () -> Void {
    let (failure, call) = (failure, calling)
    return {
      failure.withLock { $0 = true }
      call(.stop)
    }
  }

  var hasFailed: Bool { failure.withLock { $0 } }

  /// Blocks the calling thread until there is a reason to stop.
  ///
  /// - Parameter onReopen: opens the log again, and reads the settings again if that is true.
  func wait(onReopen: (_ reloads: Bool) -> Void = { _ in }) {
    while case let call = next(), call != .stop { onReopen(call == .reload) }
    let (queue, request) = (DispatchQueue(label: "scimd.stop"), self)
    queue.async { @Sendable in
      while request.next() != .stop {}
      _exit((request.hasFailed ? ExitCode.inputOutput : .failure).rawValue)
    }
  }

  /// Adds a call; safe from any thread.
  private var calling: @Sendable (Call) -> Void {
    let (calls, arrived) = (calls, arrived)
    return { call in
      calls.withLock { $0.append(call) }
      arrived.signal()
    }
  }

  /// Waits for the next call.
  private func next() -> Call {
    arrived.wait()
    return calls.withLock { $0.isEmpty ? .reopen : $0.removeFirst() }
  }

  private static var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2] { sigaddset(&signals, number) }
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
