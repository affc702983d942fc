import Glibc

/// An address to listen on: `HOST:PORT`, `[IPv6]:PORT` or `unix:PATH`; a host is an IP address,
/// `localhost`, or `*` for all addresses.
enum ListenSetting: Sendable, Equatable, CustomStringConvertible {
  case tcp(host: String, port: Int)
  case unix(path: String)

  /// Port 0 lets the kernel choose one. Names other than `localhost` are refused.
  init(_ text: String) throws(BadValue) {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      guard (1...107).contains(path.utf8.count) else {
        throw BadValue("the path of a unix socket has 1 to 107 bytes")
      }
      self = .unix(path: path)
      return
    }
    let problem = BadValue(
      "\"\(text)\" is not an address; write IP:PORT, such as 127.0.0.1:8080, or unix:PATH")
    guard let colon = text.lastIndex(of: ":") else { throw problem }
    var host = String(text[..<colon])
    guard let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port) else {
      throw problem
    }
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
      guard Self.isAddress(host), host.contains(":") else { throw problem }
    } else {
      guard !host.contains(":"), Self.isAddress(host) || host == "localhost" || host == "*" else {
        throw problem
      }
    }
    self = .tcp(host: host, port: port)
  }

  var description: String {
    switch self {
    case .tcp(let host, let port): "\(Self.bracketed(host)):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }

  /// Whether only this machine can connect.
  var isLocal: Bool {
    switch self {
    case .unix: true
    case .tcp(let host, _): Self.isLoopback(host)
    }
  }

  /// Whether a host is this machine itself.
  static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || (host.hasPrefix("127.") && isAddress(host))
  }

  /// The host to connect to from this machine.
  var reachableHost: String {
    switch self {
    case .tcp("0.0.0.0", _), .tcp("*", _): "127.0.0.1"
    case .tcp("::", _): "::1"
    case .tcp(let host, _): host
    case .unix: "localhost"
    }
  }

  /// The host as a URL writes it: an IPv6 address in brackets.
  static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

  /// Whether `text` is an IPv4 or IPv6 address, not a name.
  static func isAddress(_ text: String) -> Bool {
    var bytes = in6_addr()
    return inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1
  }
}
