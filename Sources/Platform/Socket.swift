import CPlatform
import Glibc

/// Stream sockets, non-blocking and closed on exec.
package enum Socket {
  /// The result of a read or write.
  package enum Transfer: Sendable {
    case bytes(Int)
    case wouldBlock
    case failed(CInt)
  }

  /// The result of accept4(2).
  package enum Accepted: Sendable {
    case connection(CInt, PeerAddress)
    case none
    /// The connection died in the queue; the next one may be fine (accept(2), "Error handling").
    case lost
    /// EMFILE, ENFILE, ENOBUFS or ENOMEM: accepting again at once would spin.
    case exhausted
  }

  /// Accepts one connection without blocking. A listener that is closed has none.
  package static func accept(_ listener: CInt) -> Accepted {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let number = withUnsafeMutableBytes(of: &storage) { raw in
      cplatform_accept(listener, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
    }
    if number >= 0 { return .connection(number, peer(storage, number)) }
    switch errno {
    case EAGAIN: return .none
    case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
    case EBADF, EINVAL, ENOTSOCK: return .none
    default: return .lost
    }
  }

  /// Reads once, as much as the buffer takes; `.bytes(0)` when the peer has closed.
  @inline(__always)
  package static func receive(_ number: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Transfer {
    while true {
      let count = recv(number, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT))
      if count >= 0 { return .bytes(count) }
      if errno == EAGAIN { return .wouldBlock }
      if errno != EINTR { return .failed(errno) }
    }
  }

  /// Writes once, as much as the kernel takes; never raises SIGPIPE.
  @inline(__always)
  package static func send(_ number: CInt, _ bytes: UnsafeRawBufferPointer) -> Transfer {
    while true {
      let flags = CInt(MSG_DONTWAIT | MSG_NOSIGNAL)
      let count = Glibc.send(number, bytes.baseAddress, bytes.count, flags)
      if count >= 0 { return .bytes(count) }
      if errno == EAGAIN { return .wouldBlock }
      if errno != EINTR { return .failed(errno) }
    }
  }

  /// Sends two parts in one call; never raises SIGPIPE.
  package static func send(
    _ number: CInt, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
  ) -> Transfer {
    var parts = (
      iovec(
        iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count),
      iovec(
        iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
    )
    return withUnsafeMutableBytes(of: &parts) { raw in
      var message = msghdr()
      message.msg_iov = raw.baseAddress?.assumingMemoryBound(to: iovec.self)
      message.msg_iovlen = 2
      while true {
        let count = sendmsg(number, &message, CInt(MSG_DONTWAIT | MSG_NOSIGNAL))
        if count >= 0 { return .bytes(count) }
        if errno == EAGAIN { return .wouldBlock }
        if errno != EINTR { return .failed(errno) }
      }
    }
  }

  /// Sends FIN; the other direction stays open.
  package static func shutdownWrite(_ number: CInt) {
    shutdown(number, CInt(SHUT_WR))
  }

  /// Makes the next close send RST, so that the peer sees an abort and not an end.
  package static func resetOnClose(_ number: CInt) {
    var value = Glibc.linger(l_onoff: 1, l_linger: 0)
    setsockopt(number, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  package static func close(_ number: CInt) {
    _ = Glibc.close(number)
  }

  /// Sends small segments at once: without it Nagle and delayed ACK cost 40 ms a response.
  package static func setNoDelay(_ number: CInt) {
    setOption(number, CInt(IPPROTO_TCP), TCP_NODELAY)
  }

  /// Switches an option on; a failure is ignored.
  static func setOption(_ number: CInt, _ level: CInt, _ name: CInt) {
    var one: CInt = 1
    setsockopt(number, level, name, &one, socklen_t(MemoryLayout<CInt>.size))
  }

  /// SO_PEERCRED: the user as of connect(2).
  private static func unixUser(of number: CInt) -> UInt32? {
    var user: UInt32 = 0
    return cplatform_peer_user(number, &user) == 0 ? user : nil
  }

  /// Reads the address at its offsets in `sockaddr_in` and `sockaddr_in6`.
  private static func peer(_ storage: sockaddr_storage, _ number: CInt) -> PeerAddress {
    withUnsafeBytes(of: storage) { raw in
      switch CInt(storage.ss_family) {
      case AF_INET: PeerAddress(ipv4: Array(raw[4..<8]))
      case AF_INET6: PeerAddress(ipv6: Array(raw[8..<24]))
      default: .unixSocket(user: unixUser(of: number))
      }
    }
  }
}
