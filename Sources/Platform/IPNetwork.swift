/// A network such as `203.0.113.0/24` or `2001:db8::/32`; a single address is one of its own.
package struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
  private let base: PeerAddress.Network
  /// Leading bits that count, of 128.
  private let length: Int
  /// As it is written: with the bits of the address family, without them for a single address.
  package let description: String

  /// Nil unless `text` is an address, or an address and the number of its leading bits with all other bits zero:
  /// `10.1.2.3/8` is refused, because it may mean the address or the network.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = PeerAddress(text: String(parts[0])), let whole = address.whole else { return nil }
    // An IPv4 address in IPv6 form would have two lengths.
    let isIPv4 = !address.text.utf8.contains(UInt8(ascii: ":"))
    guard !isIPv4 || !text.utf8.contains(UInt8(ascii: ":")) else { return nil }
    let size = isIPv4 ? 32 : 128
    var bits = size
    if parts.count == 2 {
      guard let number = Int(parts[1]), String(number).utf8.elementsEqual(parts[1].utf8),
        (0...size).contains(number)
      else { return nil }
      bits = number
    }
    length = 128 - size + bits
    base = Self.masked(whole, length)
    guard base == whole else { return nil }
    description = bits == size ? address.text : "\(address.text)/\(bits)"
  }

  /// False for a unix socket, whose peer has no address.
  package func contains(_ address: PeerAddress) -> Bool {
    address.whole.map { Self.masked($0, length) == base } ?? false
  }

  /// Whether every address of `other` is one of this network.
  package func contains(_ other: IPNetwork) -> Bool {
    length <= other.length && Self.masked(other.base, length) == base
  }

  /// The address with everything but its first `length` bits zero, of 128.
  private static func masked(_ address: PeerAddress.Network, _ length: Int) -> PeerAddress.Network {
    func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : ~(.max >> UInt64(bits)) }
    return PeerAddress.Network(high: address.high & mask(length), low: address.low & mask(length - 64))
  }
}
