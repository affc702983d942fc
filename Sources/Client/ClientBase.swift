/// Where a server is reached, what it is trusted by, and the path that every request's path is appended to.
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

  /// Nil for plain HTTP.
  package let tls: ClientTLS?

  /// The value of the Host field (RFC 9112 §3.2).
  package let authority: String

  /// A socket file and a path on the server, "/scim/v2".
  package init(unixPath: String, prefix: String = "") {
    self.init(endpoint: .unix(path: unixPath), prefix: Self.trimmed(prefix), tls: nil, authority: "localhost")
  }

  /// Reads "http://host[:port][/prefix]", the same with https, or "unix:/path/to/socket" with no prefix; throws `invalidURL`.
  ///
  /// - Parameter tls: whose certificates https accepts.
  package init(_ url: String, tls: ClientTLS = .system) throws(ClientError) {
    if url.hasPrefix("unix:/") {
      self = ClientBase(unixPath: String(url.dropFirst("unix:".count)))
      return
    }
    let scheme = ["https://", "http://"].first { url.lowercased().hasPrefix($0) }
    guard let scheme, !url.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else {
      throw .invalidURL("\(url): expected http://host:port/prefix or https://host:port/prefix")
    }
    let isSecure = scheme.utf8.count == "https://".utf8.count
    let rest = url.dropFirst(scheme.count)
    let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
    guard !rest[end...].contains(where: { $0 == "?" || $0 == "#" }), !rest[..<end].contains("@") else {
      throw .invalidURL("\(url): a base URL must not have a query, fragment or user")
    }
    self = ClientBase(
      endpoint: try Self.endpoint(rest[..<end], standard: isSecure ? 443 : 80, url: url),
      prefix: Self.trimmed(String(rest[end...])), tls: isSecure ? tls : nil,
      authority: String(rest[..<end]))
  }

  private init(endpoint: Endpoint, prefix: String, tls: ClientTLS?, authority: String) {
    self.endpoint = endpoint
    self.tls = tls
    self.prefix = prefix
    self.authority = authority
  }

  /// The same server without the prefix.
  package var root: ClientBase {
    ClientBase(endpoint: endpoint, prefix: "", tls: tls, authority: authority)
  }

  package var description: String {
    switch endpoint {
    case .tcp: "\(tls == nil ? "http" : "https")://\(authority)\(prefix)"
    case .unix(let path): "unix:\(path)\(prefix)"
    }
  }

  /// Splits an authority into host and port, which is `standard` if absent; an IPv6 address loses its brackets.
  private static func endpoint(
    _ authority: Substring, standard: UInt16, url: String
  ) throws(ClientError) -> Endpoint {
    var host = authority
    var port = standard
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
