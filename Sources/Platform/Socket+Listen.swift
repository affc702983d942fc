import CPlatform
import Glibc

extension Socket {
  /// A listening socket and the TCP port it is bound to, 0 for a unix socket.
  package struct Listener: Sendable {
    package let descriptor: Descriptor
    package let port: Int
  }

  /// Listens on a numeric address; `localhost`, `*` and an empty host have their usual meaning.
  ///
  /// - Parameter sharesPort: SO_REUSEPORT, for one listener per loop.
  package static func listen(
    host: String, port: Int, sharesPort: Bool
  ) throws(SystemError) -> Listener {
    let call = "listen on \(host):\(port)"
    let descriptor = try bind(call, host, port, sharesPort: sharesPort)
    guard Glibc.listen(descriptor.number, backlog) == 0 else { throw .current(call) }
    return Listener(descriptor: descriptor, port: try boundPort(call, descriptor.number))
  }

  /// Throws EADDRINUSE if another process listens on a numeric address. Binds without listening, so that nobody can
  /// connect: a probing listener would reset the connections that arrive before it closes.
  package static func checkFree(host: String, port: Int) throws(SystemError) {
    _ = try bind("listen on \(host):\(port)", host, port, sharesPort: false)
  }

  /// Binds to an IPv4 or IPv6 address; throws EINVAL for a name or a port out of range.
  private static func bind(
    _ call: String, _ host: String, _ port: Int, sharesPort: Bool
  ) throws(SystemError) -> Descriptor {
    guard let port = in_port_t(exactly: port) else { throw SystemError(call: call, code: EINVAL) }
    if let address = ipv4(host, port) {
      return try bind(call, AF_INET, address, sharesPort: sharesPort)
    }
    if let address = ipv6(host, port) {
      return try bind(call, AF_INET6, address, sharesPort: sharesPort)
    }
    throw SystemError(call: call, code: EINVAL)
  }

  /// Listens on a path; a socket nobody listens on any more is replaced.
  package static func listen(path: String, mode: UInt32) throws(SystemError) -> Listener {
    let call = "listen on \(path)"
    guard !path.isEmpty, !path.utf8.contains(0), let address = sockaddr_un(path.utf8) else {
      throw SystemError(call: call, code: ENAMETOOLONG)
    }
    try removeStale(call, path, address)
    let number = try SystemError.retrying(call) { cplatform_stream_socket(AF_UNIX) }
    let descriptor = Descriptor(owning: number)
    guard withAddress(address, { Glibc.bind(number, $0, $1) }) == 0 else { throw .current(call) }
    guard chmod(path, mode) == 0 else { throw .current(call) }
    guard Glibc.listen(number, backlog) == 0 else { throw .current(call) }
    return Listener(descriptor: descriptor, port: 0)
  }

  /// Takes over a listening socket that another process opened; throws EINVAL for anything else.
  package static func inherited(_ number: CInt) throws(SystemError) -> Listener {
    let call = "listen on the socket of the service manager"
    var (isListening, length) = (CInt(0), socklen_t(MemoryLayout<CInt>.size))
    guard getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0 else {
      throw .current(call)
    }
    guard isListening != 0 else { throw SystemError(call: call, code: EINVAL) }
    let descriptor = Descriptor(owning: number)
    guard fcntl(number, F_SETFL, O_NONBLOCK) == 0, fcntl(number, F_SETFD, FD_CLOEXEC) == 0 else {
      throw .current(call)
    }
    return Listener(
      descriptor: descriptor, port: try family(call, number) == AF_UNIX ? 0 : boundPort(call, number))
  }

  private static func family(_ call: String, _ number: CInt) throws(SystemError) -> CInt {
    var (domain, length) = (CInt(0), socklen_t(MemoryLayout<CInt>.size))
    guard getsockopt(number, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 else { throw .current(call) }
    return domain
  }

  /// The kernel cuts it to net.core.somaxconn.
  private static let backlog: CInt = 4096

  /// Removes a socket file that nobody listens on. Throws EADDRINUSE if a server answers or is too busy to, or if the
  /// path is not a socket.
  private static func removeStale(
    _ call: String, _ path: String, _ address: sockaddr_un
  ) throws(SystemError) {
    let probe = Descriptor(owning: try SystemError.retrying(call) { cplatform_stream_socket(AF_UNIX) })
    if withAddress(address, { connect(probe.number, $0, $1) }) == 0 {
      throw SystemError(call: call, code: EADDRINUSE)
    }
    switch errno {
    case ENOENT: return
    case ECONNREFUSED:
      var information = stat()
      guard lstat(path, &information) == 0 else { return }
      guard information.st_mode & S_IFMT == S_IFSOCK else {
        throw SystemError(call: call, code: EADDRINUSE)
      }
      guard unlink(path) == 0 || errno == ENOENT else { throw .current(call) }
    case EAGAIN: throw SystemError(call: call, code: EADDRINUSE)
    default: throw .current(call)
    }
  }

  /// SO_REUSEADDR lets a restarted server bind while old connections are in TIME_WAIT.
  private static func bind<Address>(
    _ call: String, _ family: CInt, _ address: Address, sharesPort: Bool
  ) throws(SystemError) -> Descriptor {
    let number = try SystemError.retrying(call) { cplatform_stream_socket(family) }
    let descriptor = Descriptor(owning: number)
    setOption(number, SOL_SOCKET, SO_REUSEADDR)
    if sharesPort { setOption(number, SOL_SOCKET, SO_REUSEPORT) }
    guard withAddress(address, { Glibc.bind(number, $0, $1) }) == 0 else { throw .current(call) }
    return descriptor
  }

  /// The port that the kernel chose for port 0.
  private static func boundPort(_ call: String, _ number: CInt) throws(SystemError) -> Int {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = withUnsafeMutableBytes(of: &storage) { raw in
      getsockname(number, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
    }
    guard result == 0 else { throw .current(call) }
    // sin_port and sin6_port have the same offset.
    return withUnsafeBytes(of: storage) { Int($0[2]) << 8 | Int($0[3]) }
  }

  /// Nil unless the host is an IPv4 address or one of the words that stand for one.
  private static func ipv4(_ host: String, _ port: in_port_t) -> sockaddr_in? {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    let text =
      switch host {
      case "localhost": "127.0.0.1"
      case "", "*": "0.0.0.0"
      default: host
      }
    return inet_pton(AF_INET, text, &address.sin_addr) == 1 ? address : nil
  }

  private static func ipv6(_ host: String, _ port: in_port_t) -> sockaddr_in6? {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    let text = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    return inet_pton(AF_INET6, text, &address.sin6_addr) == 1 ? address : nil
  }

  /// Calls `body` with the address as the socket calls take it.
  private static func withAddress<Address>(
    _ address: Address, _ body: (UnsafePointer<sockaddr>?, socklen_t) -> CInt
  ) -> CInt {
    withUnsafeBytes(of: address) { raw in
      body(raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
    }
  }
}
