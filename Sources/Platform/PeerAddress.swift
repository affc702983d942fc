import Glibc

/// The address of the other end of a connection.
package struct PeerAddress: Sendable, Hashable {
  /// `192.0.2.1`, `2001:db8::1`, or `unix`; an IPv4-mapped address is written as IPv4.
  package let text: String
  package let isLoopback: Bool
  package let isUnixSocket: Bool
  /// The address without port, an IPv6 address cut to its /64: the part that one peer cannot choose freely.
  package let network: Network
  /// The whole address, IPv4 as the IPv4-mapped IPv6 address; nil for a unix socket.
  let whole: Network?
  /// The number of the user behind a unix socket; nil if the kernel does not say it.
  package private(set) var unixUser: UInt32?

  /// The part of an address that limits are counted by.
  package struct Network: Sendable, Hashable {
    let high: UInt64
    let low: UInt64
  }

  package static let unixSocket = PeerAddress(
    text: "unix", isLoopback: false, isUnixSocket: true, network: Network(high: 0, low: 0), whole: nil)

  /// A unix socket, and the user who connected to it.
  package static func unixSocket(user: UInt32?) -> PeerAddress {
    var peer = unixSocket
    peer.unixUser = user
    return peer
  }

  private init(text: String, isLoopback: Bool, isUnixSocket: Bool, network: Network, whole: Network?) {
    self.text = text
    self.isLoopback = isLoopback
    self.isUnixSocket = isUnixSocket
    self.network = network
    self.whole = whole
  }

  /// An IPv4 address in network byte order.
  package init(ipv4 bytes: [UInt8]) {
    precondition(bytes.count == 4, "an IPv4 address has 4 bytes")
    text = bytes.map { String($0) }.joined(separator: ".")
    isLoopback = bytes[0] == 127
    isUnixSocket = false
    network = Network(high: 0, low: Self.number(bytes[...]) | 0xffff_0000_0000)
    whole = network
  }

  /// An IPv6 address in network byte order.
  package init(ipv6 bytes: [UInt8]) {
    precondition(bytes.count == 16, "an IPv6 address has 16 bytes")
    if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff {
      self.init(ipv4: Array(bytes[12...]))
      return
    }
    var address = in6_addr()
    withUnsafeMutableBytes(of: &address) { $0.copyBytes(from: bytes) }
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count))
    let isLoopback = bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] == 1
    self.init(
      text: String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self),
      isLoopback: isLoopback, isUnixSocket: false,
      network: Network(high: Self.number(bytes[..<8]), low: isLoopback ? 1 : 0),
      whole: Network(high: Self.number(bytes[..<8]), low: Self.number(bytes[8...])))
  }

  /// Parses an address, such as one sent by a proxy; nil if it is not an address.
  package init?(text: String) {
    // It would end the text for `inet_pton`, whatever follows.
    guard !text.utf8.contains(0) else { return nil }
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &bytes) == 1 {
      self.init(ipv4: Array(bytes[..<4]))
    } else if inet_pton(AF_INET6, text, &bytes) == 1 {
      self.init(ipv6: bytes)
    } else {
      return nil
    }
  }

  /// At most 8 bytes, the highest first.
  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
