import HTTP

/// The command line of `http-echo`.
struct Options {
  private(set) var address: ListenAddress?
  private(set) var loops = 1
  private(set) var limits = HTTPLimits()
  private(set) var contentBytes = 0
  /// PEM files of a certificate and its key; nil for plain HTTP.
  private(set) var tls: (certificate: String, key: String)?

  static let usage = """
    usage: http-echo --listen IP:PORT | unix:PATH [--loops N] [--max-connections N] [--content BYTES] [--tls CERTIFICATE,KEY]
    Answers every request with 200 and its body; a request without a body gets --content bytes.
    """

  /// Nil when an argument is not understood.
  init?(_ arguments: [String]) {
    limits.maxRequestsPerConnection = .max
    var rest = arguments[...]
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { return nil }
      switch (name, Int(value)) {
      case ("--listen", _): address = Self.address(value)
      case ("--loops", let number?) where number > 0: loops = number
      case ("--max-connections", let number?) where number > 0: limits.maxConnections = number
      case ("--content", let number?) where number >= 0: contentBytes = number
      case ("--tls", _):
        let files = value.split(separator: ",").map { String($0) }
        guard files.count == 2 else { return nil }
        tls = (files[0], files[1])
      default: return nil
      }
    }
    guard address != nil else { return nil }
  }

  private static func address(_ text: String) -> ListenAddress? {
    if text.hasPrefix("unix:") { return .unix(path: String(text.dropFirst(5))) }
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
      return nil
    }
    return .tcp(host: String(text[..<colon]), port: port)
  }
}
