/// Where a server is reached, and the path that every request's path is appended to.
package struct ClientBase: Sendable, Equatable, CustomStringConvertible {
  /// The listener: a TCP address or a socket file.
  package enum Endpoint: Sendable, Equatable {
    case tcp(host: String, port: UInt16)
    case unix(path: String)
  }

  /// Where connections go.
  package let endpoint: Endpoint

  /// Starts with "/" or is empty; never ends with "/".
  package let prefix: String

  /// The value of the Host field (RFC 9112 §3.2).
  package let authority: String

  /// A socket file and a path on the server, "/scim/v2".
  package init(unixPath: String, prefix: String = "") {
    self.init(endpoint: .unix(path: unixPath), prefix: Self.trimmed(prefix), authority: "localhost")
  }

  /// Reads "http://host[:port][/prefix]", or "unix:/path/to/socket" with no prefix; throws `invalidURL`.
  package init(_ url: String) throws(ClientError) {
    if url.hasPrefix("unix:/") {
      self = ClientBase(unixPath: String(url.dropFirst("unix:".count)))
      return
    }
    if url.lowercased().hasPrefix("https://") {
      throw .invalidURL("\(url): https is not supported; use the server's local http address")
    }
    guard url.lowercased().hasPrefix("http://"), !url.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F })
    else {
      throw .invalidURL("\(url): expected http://host:port/prefix")
    }
    let rest = url.dropFirst("http://".count)
    let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
    guard !rest[end...].contains(where: { $0 == "?" || $0 == "#" }), !rest[..<end].contains("@") else {
      throw .invalidURL("\(url): a base URL must not have a query, fragment or user")
    }
    self = ClientBase(
      endpoint: try Self.endpoint(rest[..<end], url: url), prefix: Self.trimmed(String(rest[end...])),
      authority: String(rest[..<end]))
  }

  private init(endpoint: Endpoint, prefix: String, authority: String) {
    self.endpoint = endpoint
    self.prefix = prefix
    self.authority = authority
  }

  /// The same server without the prefix.
  package var root: ClientBase {
    ClientBase(endpoint: endpoint, prefix: "", authority: authority)
  }

  package var description: String {
    switch endpoint {
    case .tcp: "http://\(authority)\(prefix)"
    case .unix(let path): "unix:\(path)\(prefix)"
    }
  }

  /// Splits an authority into host and port, which is 80 if absent; an IPv6 address loses its brackets.
  private static func endpoint(_ authority: Substring, url: String) throws(ClientError) -> Endpoint {
    var host = authority
    var port: UInt16 = 80
    let bracket = authority.lastIndex(of: "]")
    let colon = authority.lastIndex(of: ":")
    if let colon, bracket.map({ $0 < colon }) ?? true {
      guard let number = UInt16(authority[authority.index(after: colon)...]), number > 0 else {
        throw .invalidURL("\(url): the port must be a number from 1 to 65535")
      }
      port = number
      host = authority[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty else { throw .invalidURL("\(url): no host") }
    return .tcp(host: String(host), port: port)
  }

  /// The path without slashes at its end, and with one at its beginning unless it is empty.
  private static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.hasSuffix("/") { path = path.dropLast() }
    return path.isEmpty || path.hasPrefix("/") ? String(path) : "/\(path)"
  }
}
