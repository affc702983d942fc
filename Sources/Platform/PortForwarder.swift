import Dispatch
import Glibc

/// Passes the bytes of connections to a loopback port on to a unix socket, unchanged.
package final class PortForwarder: Sendable {
  /// Connections at a time; others wait in the kernel's queue.
  private static let maxConnections = 64
  private static let pieceBytes = 65_536
  /// Milliseconds between two looks at whether it is to end.
  private static let beat: CInt = 200

  /// The port that the kernel chose.
  package let port: Int
  private let listener: Socket.Listener
  private let path: String
  private let open = Locked(0)

  /// Listens; connections are accepted by `run`.
  package init(to path: String) throws(SystemError) {
    self.path = path
    listener = try Socket.listen(host: "127.0.0.1", port: 0, sharesPort: false)
    port = listener.port
  }

  /// Forwards until `isDone` says so. Blocks; each connection has a thread.
  package func run(until isDone: () -> Bool) {
    while !isDone() {
      var event = pollfd(fd: listener.descriptor.number, events: Int16(POLLIN), revents: 0)
      guard poll(&event, 1, Self.beat) > 0, open.withLock({ $0 }) < Self.maxConnections else { continue }
      guard case .connection(let number, _) = Socket.accept(listener.descriptor.number) else { continue }
      open.withLock { $0 += 1 }
      let (client, path, open) = (Descriptor(owning: number), path, open)
      DispatchQueue(label: "scimd.forward").async { @Sendable in
        if let server = Self.connect(to: path) { Self.pump(client, server) }
        open.withLock { $0 -= 1 }
      }
    }
  }

  /// Nil if nobody listens there.
  private static func connect(to path: String) -> Descriptor? {
    guard let address = sockaddr_un(path.utf8) else { return nil }
    let number = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return nil }
    let server = Descriptor(owning: number)
    let result = withUnsafeBytes(of: address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) {
        Glibc.connect(number, $0.baseAddress, socklen_t(bytes.count))
      }
    }
    return result == 0 ? server : nil
  }

  /// Copies both ways until one side has closed.
  private static func pump(_ client: Descriptor, _ server: Descriptor) {
    var buffer = [UInt8](repeating: 0, count: pieceBytes)
    while true {
      var events = [
        pollfd(fd: client.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: server.number, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&events, 2, -1) >= 0 else {
        if errno == EINTR { continue }
        return
      }
      for (source, target) in [(0, server), (1, client)] where events[source].revents != 0 {
        guard copy(from: events[source].fd, to: target.number, &buffer) else { return }
      }
    }
  }

  /// Passes one piece on; false at the end or after an error.
  private static func copy(from source: CInt, to target: CInt, _ buffer: inout [UInt8]) -> Bool {
    let count = recv(source, &buffer, buffer.count, 0)
    guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
    var sent = 0
    while sent < count {
      let result = buffer.withUnsafeBytes {
        send(target, $0.baseAddress?.advanced(by: sent), count - sent, CInt(truncatingIfNeeded: MSG_NOSIGNAL))
      }
      if result > 0 {
        sent += result
      } else if errno == EAGAIN {
        var event = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
        guard poll(&event, 1, -1) > 0 || errno == EINTR else { return false }
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }
}
