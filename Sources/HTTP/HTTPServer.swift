import Dispatch
import Glibc
package import Platform
package import TLS

/// An HTTP/1.1 server: listeners and event loops in front of a handler. Once started it runs until drained.
package final class HTTPServer: Sendable {
  /// The bound TCP port of the first TCP address; 0 without one.
  package let port: Int
  private let loops: [EventLoop]
  private let state: ServerState
  private let socketPaths: [String]

  /// Binds every address; throws when one is in use or malformed.
  ///
  /// - Parameters:
  ///   - loops: how many event loops; one per processor that the process may use is right.
  ///   - proxies: IP addresses that the connections of many clients come from; they are not bounded by address.
  ///   - proxiesSendHeader: whether such a connection begins with a PROXY protocol header, and must.
  ///   - tls: what the TCP addresses speak; nil for plain HTTP, which unix sockets always speak.
  package init(
    listen addresses: [ListenAddress], loops count: Int, limits: HTTPLimits = .default,
    environment: Environment, handler: any HTTPHandler, proxies: Set<String> = [],
    proxiesSendHeader: Bool = false, tls: TLSServer? = nil
  ) throws(SystemError) {
    precondition(count > 0, "a server needs a loop")
    var limits = limits
    limits.maxConnections = min(limits.maxConnections, Self.spareDescriptors())
    limits.keptConnections = max(0, min(limits.keptConnections, limits.maxConnections / 8))
    limits.maxUnfinishedBodyBytes = max(limits.maxUnfinishedBodyBytes, limits.maxBodyBytes)
    let state = ServerState(
      limits: limits, loops: count, environment: environment, handler: handler, proxies: proxies,
      proxiesSendHeader: proxiesSendHeader, speaksTLS: tls != nil)
    let bound = try Bound(addresses, loops: count, tls: tls)
    var loops: [EventLoop] = []
    for (index, listeners) in bound.listeners.enumerated() {
      loops.append(try EventLoop(index: index, server: state, listeners: listeners))
    }
    port = bound.port
    self.loops = loops
    self.state = state
    socketPaths = bound.paths
  }

  /// Begins to accept; once.
  package func start() {
    for loop in loops { loop.start() }
  }

  /// Connections that are open now.
  package var openConnections: Int { state.openConnections }

  package var activity: HTTPActivity { state.activity }

  /// For each event loop, the nanoseconds until it had a turn; nil for a loop that had none in time. Blocks, so it must
  /// not be called on a loop.
  package func lags(within seconds: Double) -> [UInt64?] {
    let lags = Locked([UInt64?](repeating: nil, count: loops.count))
    let group = DispatchGroup()
    let clock = state.environment.monotonic
    let start = clock()
    for (index, loop) in loops.enumerated() {
      group.enter()
      loop.probe {
        lags.withLock { $0[index] = clock() &- start }
        group.leave()
      }
    }
    _ = group.wait(timeout: .now() + seconds)
    return lags.withLock { $0 }
  }

  /// Calls `completion` once each event loop has had a turn, so none is stuck.
  package func turn(completion: @escaping @Sendable () -> Void) {
    Self.onAll(loops, { loop, done in loop.turn(done) }, then: completion)
  }

  /// Stops accepting, finishes requests in flight, closes idle connections; then calls `completion` once.
  /// - Parameter seconds: how long requests in flight may take before they are aborted.
  package func drain(deadline seconds: Double, completion: @escaping @Sendable () -> Void) {
    for path in socketPaths { unlink(path) }
    // No loop closes a connection while another still accepts new ones.
    Self.onAll(loops, { loop, done in loop.stopAccepting(done) }) { [loops] in
      Self.onAll(loops, { loop, done in loop.drain(deadline: seconds, completion: done) }, then: completion)
    }
  }

  /// Calls back once when a step has ended on every loop.
  private static func onAll(
    _ loops: [EventLoop], _ step: (EventLoop, @escaping @Sendable () -> Void) -> Void,
    then completion: @escaping @Sendable () -> Void
  ) {
    // A separate queue: a global one has no more threads than processors, and other work may block them for long.
    let (group, queue) = (DispatchGroup(), DispatchQueue(label: "http.drain"))
    for loop in loops {
      group.enter()
      step(loop) { group.leave() }
    }
    group.notify(queue: queue) { @Sendable in completion() }
  }

  /// The sockets of every address.
  private struct Bound {
    /// Of each loop.
    var listeners: [[EventLoop.Listener]]
    /// Of the first TCP address; 0 without one.
    var port = 0
    /// Of the unix sockets.
    var paths: [String] = []

    init(_ addresses: [ListenAddress], loops count: Int, tls: TLSServer?) throws(SystemError) {
      listeners = Array(repeating: [], count: count)
      for address in addresses {
        switch address {
        case .tcp(let host, let wanted):
          let bound = try Self.listenTCP(host, wanted, count)
          if port == 0 { port = bound[0].port }
          for (index, socket) in bound.enumerated() {
            listeners[index].append(EventLoop.Listener(socket: socket, isShared: false, tls: tls))
          }
        case .unix(let path, let mode):
          let socket = try Socket.listen(path: path, mode: mode)
          paths.append(path)
          share(socket, tls: nil)
        case .inherited(let number):
          let socket = try Socket.inherited(number)
          if port == 0 { port = socket.port }
          share(socket, tls: socket.port == 0 ? nil : tls)
        }
      }
    }

    /// One listener for all loops.
    private mutating func share(_ socket: Socket.Listener, tls: TLSServer?) {
      for index in listeners.indices {
        listeners[index].append(
          EventLoop.Listener(socket: socket, isShared: listeners.count > 1, tls: tls))
      }
    }

    /// One listener per loop, SO_REUSEPORT among them only: a second server must find the port in use.
    private static func listenTCP(
      _ host: String, _ port: Int, _ count: Int
    ) throws(SystemError) -> [Socket.Listener] {
      if count == 1 { return [try Socket.listen(host: host, port: port, sharesPort: false)] }
      if port != 0 { try Socket.checkFree(host: host, port: port) }
      var listeners = [try Socket.listen(host: host, port: port, sharesPort: true)]
      for _ in 1..<count {
        listeners.append(try Socket.listen(host: host, port: listeners[0].port, sharesPort: true))
      }
      return listeners
    }
  }

  /// Descriptors that connections may use: 64 are left for files and listeners, or a third of a small limit.
  private static func spareDescriptors() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
    let allowance = Int(clamping: limit.rlim_cur)
    return max(1, allowance - min(64, allowance / 3))
  }
}
