import Dispatch
import Glibc
import Platform

/// Why a server stops: SIGTERM, SIGINT, or a failure; a second signal ends the process at once, exit code 1.
///
/// SIGHUP is ignored: there is nothing to reload, and a closed terminal shall not stop a server.
struct StopRequest {
  private struct State: Sendable {
    var signals = 0
    var failure: String?
  }

  private let sources: [any DispatchSourceSignal]
  private let arrived = DispatchSemaphore(value: 0)
  private let state = Locked(State())

  init() {
    signal(SIGHUP, SIG_IGN)
    let arrived = arrived
    let state = state
    sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { @Sendable in
        let isFirst = state.withLock { state in
          state.signals += 1
          return state.signals == 1
        }
        if isFirst { arrived.signal() } else { _exit(ExitCode.failure.rawValue) }
      }
      source.activate()
      return source
    }
  }

  /// What ends the wait with a failure; may be called from any thread, by more than one.
  var failing: @Sendable (String) -> Void {
    let arrived = arrived
    let state = state
    return { reason in
      state.withLock { state in
        if state.failure == nil { state.failure = reason }
      }
      arrived.signal()
    }
  }

  /// Blocks the calling thread; the failure that ended the wait, nil for a signal.
  func wait() -> String? {
    arrived.wait()
    return state.withLock { $0.failure }
  }
}
