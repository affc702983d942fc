import Glibc

/// The service manager that started this process and expects notifications: sd_notify(3), for systemd and others.
package struct ServiceManager: Sendable {
  package enum Message: Sendable {
    /// The server is ready; `systemctl status` shows `status`.
    case ready(status: String)
    case stopping
    /// The server is not stuck.
    case alive

    var text: String {
      switch self {
      case .ready(let status): "READY=1\nSTATUS=\(status)"
      case .stopping: "STOPPING=1"
      case .alive: "WATCHDOG=1"
      }
    }
  }

  private let address: sockaddr_un
  /// Bytes of the address: an abstract name ends with them.
  private let addressLength: socklen_t
  /// How often the manager expects `alive`, in microseconds; nil for never.
  package let watchdog: UInt64?

  /// Nil without `NOTIFY_SOCKET`.
  ///
  /// - Parameter variable: looks up a variable of the environment.
  package init?(process: Int32 = getpid(), _ variable: (String) -> String?) {
    // A path, or an abstract name that begins with "@" instead of 0.
    guard var name = variable("NOTIFY_SOCKET").map({ Array($0.utf8) }), let first = name.first,
      first == UInt8(ascii: "/") || first == UInt8(ascii: "@")
    else { return nil }
    if first == UInt8(ascii: "@") { name[0] = 0 }
    guard let address = sockaddr_un(name) else { return nil }
    self.address = address
    addressLength = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
    let isMine = variable("WATCHDOG_PID").map { $0 == String(process) } ?? true
    watchdog = isMine ? variable("WATCHDOG_USEC").flatMap { UInt64($0) } : nil
  }

  /// The first socket that a manager passes on: sd_listen_fds(3).
  package static let firstSocket: Int32 = 3

  /// How many listening sockets the manager passed on to this process, from `firstSocket` on.
  ///
  /// - Parameter variable: looks up a variable of the environment.
  package static func passedSockets(process: Int32 = getpid(), _ variable: (String) -> String?) -> Int {
    guard variable("LISTEN_PID").flatMap({ Int32($0) }) == process else { return 0 }
    return variable("LISTEN_FDS").flatMap { Int($0) } ?? 0
  }

  /// Sends the message and ignores errors: a server also runs without its manager.
  package func tell(_ message: Message) {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let bytes = Array(message.text.utf8)
    _ = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(
          descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT), $0, addressLength)
      }
    }
  }
}
