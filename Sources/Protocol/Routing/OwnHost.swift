import Platform
import SCIM

/// Whether a Host field names this machine.
enum OwnHost {
  /// True for `localhost`, a loopback address and the listen address, each with any port or none.
  /// - Parameter own: the listen address, as written in a URL.
  static func isOne(_ authority: String, listening own: String) -> Bool {
    let host = withoutPort(authority)
    if CaseFolding.sameName(host, "localhost") { return true }
    if CaseFolding.sameName(host, withoutPort(own)) { return true }
    let isBracketed = host.utf8.first == UInt8(ascii: "[") && host.utf8.last == UInt8(ascii: "]")
    return PeerAddress(text: isBracketed ? String(host.dropFirst().dropLast()) : host)?.isLoopback ?? false
  }

  /// `host:port` of a URL.
  static func authority(of base: String) -> String {
    let rest = base.utf8.drop { $0 != UInt8(ascii: "/") }.drop { $0 == UInt8(ascii: "/") }
    return String(Substring(rest.prefix { $0 != UInt8(ascii: "/") }))
  }

  /// `host` of `host:port`; the colons of an IPv6 address are in brackets.
  private static func withoutPort(_ authority: String) -> String {
    let end = authority.utf8.lastIndex(of: UInt8(ascii: "]")) ?? authority.utf8.startIndex
    guard let colon = authority.utf8[end...].lastIndex(of: UInt8(ascii: ":")) else { return authority }
    return String(authority[..<colon])
  }
}
