import Glibc

/// One connected stream socket of a client; blocking, closed with its last reference.
///
/// Not `Sendable`: one thread at a time uses it.
package final class ClientSocket {
  private let descriptor: CInt

  private init(owning descriptor: CInt) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Connects to the first address of `host` that answers; `timeout` in seconds bounds connecting and then
  /// every single send and receive. Throws ETIMEDOUT when it has passed, ENOENT for an unknown name.
  package static func connect(
    host: String, port: UInt16, timeout: Double
  ) throws(SystemError) -> ClientSocket {
    var failure = SystemError(call: "getaddrinfo \(host)", code: ENOENT)
    for address in addresses(of: host, port: port) {
      do throws(SystemError) {
        return try connect(to: address, timeout: timeout)
      } catch { failure = error }
    }
    throw failure
  }

  /// Connects to the listener behind this file; times as for a host.
  package static func connect(unixPath: String, timeout: Double) throws(SystemError) -> ClientSocket {
    guard let address = sockaddr_un(unixPath.utf8) else {
      throw SystemError(call: "connect \(unixPath)", code: ENAMETOOLONG)
    }
    let bytes = withUnsafeBytes(of: address) { Array($0) }
    return try connect(to: Address(family: AF_UNIX, bytes: bytes), timeout: timeout)
  }

  /// Sends a beginning of these bytes and returns its length, at least 1.
  package func send(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
    while true {
      let count = Glibc.send(
        descriptor, bytes.baseAddress, bytes.count, CInt(truncatingIfNeeded: MSG_NOSIGNAL))
      if count >= 0 { return count }
      if errno != EINTR { throw Self.failure("send") }
    }
  }

  /// Appends what has arrived, at most `limit` bytes; returns 0 when the peer has closed.
  package func receive(into bytes: inout [UInt8], atMost limit: Int) throws(SystemError) -> Int {
    var failure: SystemError?
    let received = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      while true {
        let result = recv(descriptor, buffer.baseAddress, limit, 0)
        if result >= 0 {
          count = result
          return
        }
        if errno != EINTR {
          failure = Self.failure("recv")
          return
        }
      }
    }
    if let failure { throw failure }
    bytes.append(contentsOf: received)
    return received.count
  }

  /// Whether the peer has neither closed the connection nor sent unexpected bytes.
  package var isQuiet: Bool {
    var byte: UInt8 = 0
    return recv(
      descriptor, &byte, 1, CInt(truncatingIfNeeded: MSG_PEEK) | CInt(truncatingIfNeeded: MSG_DONTWAIT)) < 0
      && errno == EAGAIN
  }

  /// Sets the time-outs first: SO_SNDTIMEO also bounds connect(2).
  private static func connect(to address: Address, timeout: Double) throws(SystemError) -> ClientSocket {
    let descriptor = socket(address.family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw failure("socket") }
    let client = ClientSocket(owning: descriptor)
    var time = timeval(
      tv_sec: time_t(timeout), tv_usec: suseconds_t(timeout.truncatingRemainder(dividingBy: 1) * 1e6))
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
    if address.family != AF_UNIX {
      var on: CInt = 1
      setsockopt(
        descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    }
    while true {
      let result = address.bytes.withUnsafeBytes { bytes in
        bytes.withMemoryRebound(to: sockaddr.self) {
          Glibc.connect(descriptor, $0.baseAddress, socklen_t(bytes.count))
        }
      }
      if result == 0 { return client }
      if errno != EINTR { throw failure("connect") }
    }
  }

  /// SO_SNDTIMEO and SO_RCVTIMEO report their passing as EINPROGRESS and EAGAIN.
  private static func failure(_ call: String) -> SystemError {
    let code = errno
    return SystemError(call: call, code: code == EAGAIN || code == EINPROGRESS ? ETIMEDOUT : code)
  }
}

extension ClientSocket {
  /// A socket address as the kernel takes it.
  private struct Address {
    let family: CInt
    let bytes: [UInt8]
  }

  /// The addresses that the resolver finds, in its order; may block for the time-out of the name servers. Empty for an unknown name.
  private static func addresses(of host: String, port: UInt16) -> [Address] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var first: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, "\(port)", &hints, &first) == 0 else { return [] }
    defer { freeaddrinfo(first) }
    var found: [Address] = []
    var next = first
    while let entry = next {
      let bytes = UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen))
      found.append(Address(family: entry.pointee.ai_family, bytes: Array(bytes)))
      next = entry.pointee.ai_next
    }
    return found
  }
}

extension SystemError {
  /// Whether the call gave up after its time-out.
  package var isTimeout: Bool { code == ETIMEDOUT }
}
