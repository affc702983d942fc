import Credentials
import Dispatch

/// A server that accepts connections, and how to stop it.
struct RunningServer: Sendable {
  /// The bound TCP port; 0 if it listens only on a unix socket.
  let port: Int
  /// The bound TCP port of the second listener; 0 if it has none.
  var adminPort = 0
  /// The bound TCP port of the listener for metrics; 0 if it has none.
  var metricsPort = 0
  /// The bound TCP port of the listener that redirects; 0 without one.
  var redirectPort = 0
  /// The key created because the folder had none.
  let firstKey: CreatedKey?
  /// Stops accepting, lets requests in flight finish for `seconds`, then calls back.
  let drain: @Sendable (_ seconds: Int, _ completion: @escaping @Sendable () -> Void) -> Void
  /// Calls back once every event loop of the main listener has had a turn.
  var turn: @Sendable (@escaping @Sendable () -> Void) -> Void = { $0() }
  /// Opens the file of the access log again, after it was renamed, and reads the certificates again.
  var reopen: @Sendable () -> Void = {}
  /// Shows settings that changed to administrators.
  var publish: @Sendable (Configuration) -> Void = { _ in }
  /// Writes remaining data and unlocks the folder.
  let close: @Sendable () throws(CommandError) -> Void

  /// Drains, waits and closes. Blocks.
  func stop(within seconds: Int) throws(CommandError) {
    let done = DispatchSemaphore(value: 0)
    drain(seconds) { done.signal() }
    done.wait()
    try close()
  }
}
