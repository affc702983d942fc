extension PeerAddress {
  /// Networks that are not reached through the internet, or not meant for single servers (RFC 6890 and others).
  private static let special: [IPNetwork] = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
    // IPv4-compatible, unspecified and loopback.
    "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    "5f00::/16",
    "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
  ].compactMap { IPNetwork($0) }

  /// NAT64: the last four bytes are an IPv4 address.
  private static let translated = IPNetwork("64:ff9b::/96")

  /// Whether it is the address of a server on the internet.
  package var isPublic: Bool {
    guard let whole else { return false }
    if let translated = Self.translated, translated.contains(self) {
      return PeerAddress(ipv4: (0..<4).map { UInt8(truncatingIfNeeded: whole.low >> UInt64(24 - 8 * $0)) })
        .isPublic
    }
    return !Self.special.contains { $0.contains(self) }
  }
}
