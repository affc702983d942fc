package import Platform

/// Which addresses the server itself may connect to on behalf of others: the one guard of everything that goes out.
///
/// A name is looked up once for each attempt, every address that it has is checked, and the connection is made to an
/// address that was checked, so that a name cannot change its meaning in between.
package struct OutboundGuard: Sendable {
  /// A server that may be connected to.
  package struct Place: Sendable {
    package let base: ClientBase
    /// The path and query of the URL.
    package let path: String
    /// The checked address, as text.
    package let address: String
    /// Whether the address is a public one; answers of others are not shown.
    package let isPublic: Bool
  }

  /// Networks that may be connected to although they are not public, and with plain http.
  private let allowed: [IPNetwork]
  /// Whose certificates https accepts.
  private let tls: ClientTLS
  /// Looks a name up; throws if it has no address.
  private let resolve: @Sendable (String) throws(SystemError) -> [PeerAddress]

  package init(
    allowed: [IPNetwork], tls: ClientTLS = .system,
    resolve: @escaping @Sendable (String) throws(SystemError) -> [PeerAddress] = {
      host throws(SystemError) in try ClientSocket.lookUp(host)
    }
  ) {
    self.allowed = allowed
    self.tls = tls
    self.resolve = resolve
  }

  /// Checks the form of a URL, before anything is looked up; throws `invalidURL`.
  package static func base(of url: String, tls: ClientTLS = .system) throws(ClientError) -> (
    base: ClientBase, path: String, isPlain: Bool
  ) {
    let lower = url.lowercased()
    let isPlain = lower.hasPrefix("http://")
    guard isPlain || lower.hasPrefix("https://"), url.utf8.count <= maxURLBytes else {
      throw .invalidURL("the URL must begin with https:// and have at most \(maxURLBytes) bytes")
    }
    let rest = url[url.index(url.startIndex, offsetBy: isPlain ? 7 : 8)...]
    guard !rest.utf8.contains(UInt8(ascii: "#")) else {
      throw .invalidURL("\(url): a fragment is never sent")
    }
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let target = String(rest[end...])
    let base = try ClientBase(String(url[..<end]), tls: tls)
    return (base, target.isEmpty ? "/" : target.hasPrefix("?") ? "/" + target : target, isPlain)
  }

  private static let maxURLBytes = 2048

  /// The server of a URL with an address that may be connected to; throws `refused` with the reason, or `unreachable`.
  package func place(of url: String) throws(ClientError) -> Place {
    let (base, path, isPlain) = try Self.base(of: url, tls: tls)
    guard case .tcp(let host, _) = base.endpoint else { throw .invalidURL("\(url): not a TCP address") }
    let found: [PeerAddress]
    do throws(SystemError) { found = try resolve(host) } catch { throw .unreachable(base.description, error) }
    for address in found {
      let isAllowed = allowed.contains { $0.contains(address) }
      guard isAllowed || address.isPublic else {
        throw .refused(
          "\(host) has the address \(address.text), which is not a public one: name its network in the setting "
            + "outboundAllow if the server may connect to it")
      }
      guard isAllowed || !isPlain else {
        throw .refused(
          "\(host) may only be connected to with https: name its network in the setting outboundAllow to allow http"
        )
      }
    }
    guard let address = found.first else { throw .refused("\(host) has no address") }
    return Place(base: base, path: path, address: address.text, isPublic: found.allSatisfy(\.isPublic))
  }
}
