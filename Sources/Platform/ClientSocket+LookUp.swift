import Glibc

extension ClientSocket {
  /// The addresses of a name, in the order in which to try them; may block for the time-out of the name servers. Throws
  /// ENOENT for an unknown name.
  package static func lookUp(_ host: String) throws(SystemError) -> [PeerAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var first: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &first) == 0 else {
      throw SystemError(call: "getaddrinfo \(host)", code: ENOENT)
    }
    defer { freeaddrinfo(first) }
    var found: [PeerAddress] = []
    var next = first
    while let entry = next {
      let bytes = UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen))
      // The address is behind family and port, in IPv6 behind the flow label too.
      if entry.pointee.ai_family == AF_INET, bytes.count >= 8 {
        found.append(PeerAddress(ipv4: Array(bytes[4..<8])))
      } else if entry.pointee.ai_family == AF_INET6, bytes.count >= 24 {
        found.append(PeerAddress(ipv6: Array(bytes[8..<24])))
      }
      next = entry.pointee.ai_next
    }
    guard !found.isEmpty else { throw SystemError(call: "getaddrinfo \(host)", code: ENOENT) }
    return found
  }
}
