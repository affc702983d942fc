package import Platform

/// The header in which a TCP proxy names the client before the first request (HAProxy's PROXY protocol, versions 1 and
/// 2). It is expected or it is not, and never guessed: a client must not be able to send one.
package struct ProxyHeader {
  /// Nil if the proxy connects on its own behalf, as health checks do, or does not report an address.
  package let client: PeerAddress?
  /// Bytes of the header.
  package let length: Int

  /// Bytes of the longest header that is read: one of version 2 with 520 bytes of addresses and extensions.
  package static let maxBytes = 536
  private static let maxLine = 107
  private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]
  private static let word = Array("PROXY ".utf8)

  /// The header at the beginning of `bytes`; nil while it is incomplete.
  package static func parse(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> ProxyHeader? {
    if bytes.first == word[0] {
      guard zip(bytes, word).allSatisfy({ $0 == $1 }) else { throw .malformedProxyHeader }
      return try line(bytes)
    }
    guard zip(bytes, signature).allSatisfy({ $0 == $1 }) else { throw .malformedProxyHeader }
    return bytes.count < 16 ? nil : try block(bytes)
  }

  // MARK: Version 1

  /// `PROXY TCP4 192.0.2.1 192.0.2.2 56324 443 CR LF`.
  private static func line(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> ProxyHeader? {
    guard let end = bytes.prefix(maxLine).firstIndex(of: UInt8(ascii: "\n")) else {
      guard bytes.count < maxLine else { throw .malformedProxyHeader }
      return nil
    }
    guard bytes[end - 1] == UInt8(ascii: "\r") else { throw .malformedProxyHeader }
    let length = end + 1 - bytes.startIndex
    let parts = bytes[..<(end - 1)].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    if parts.count > 1, parts[1].elementsEqual("UNKNOWN".utf8) {
      return ProxyHeader(client: nil, length: length)
    }
    guard parts.count == 6, isPort(parts[4]), isPort(parts[5]),
      let client = address(parts[2], parts[1]), address(parts[3], parts[1]) != nil
    else { throw .malformedProxyHeader }
    return ProxyHeader(client: client, length: length)
  }

  /// Nil unless the address has the form that the family says.
  private static func address(_ text: ArraySlice<UInt8>, _ family: ArraySlice<UInt8>) -> PeerAddress? {
    let isIPv6 = text.contains(UInt8(ascii: ":"))
    guard family.elementsEqual(isIPv6 ? "TCP6".utf8 : "TCP4".utf8) else { return nil }
    return PeerAddress(text: String(decoding: text, as: UTF8.self))
  }

  private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
    guard (1...5).contains(text.count), text.allSatisfy(Octet.isDigit) else { return false }
    return text.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 65535
  }

  // MARK: Version 2

  /// Signature, version and command, family and transport, length, addresses, extensions.
  private static func block(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> ProxyHeader? {
    let start = bytes.startIndex
    let length = 16 + Int(bytes[start + 14]) << 8 + Int(bytes[start + 15])
    let content = bytes.dropFirst(16)
    guard length <= maxBytes else { throw .malformedProxyHeader }
    switch (bytes[start + 12], bytes[start + 13]) {
    case (0x20, _), (0x21, 0x00), (0x21, 0x31):
      return bytes.count < length ? nil : ProxyHeader(client: nil, length: length)
    case (0x21, 0x11):
      guard length >= 16 + 12 else { throw .malformedProxyHeader }
      if bytes.count < length { return nil }
      return ProxyHeader(client: PeerAddress(ipv4: Array(content.prefix(4))), length: length)
    case (0x21, 0x21):
      guard length >= 16 + 36 else { throw .malformedProxyHeader }
      if bytes.count < length { return nil }
      return ProxyHeader(client: PeerAddress(ipv6: Array(content.prefix(16))), length: length)
    default:
      throw .malformedProxyHeader
    }
  }
}
