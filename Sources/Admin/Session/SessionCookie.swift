package import HTTP

/// The cookie of a console session. Over https it has the prefix `__Host-`, so that no other host can set it; over plain
/// http, where browsers refuse that prefix, its name has the port, because cookies are shared by all ports of a host.
package enum SessionCookie {
  /// The pages that a session is for; a browser can have both.
  package enum Place: Sendable {
    case console, setup

    var secureName: String {
      switch self {
      case .console: "__Host-scimd"
      case .setup: "__Host-scimd-setup"
      }
    }

    var plainPrefix: String {
      switch self {
      case .console: "scimd_"
      case .setup: "scimdsetup_"
      }
    }
  }

  /// Cookies of other servers on this host that are tried before ours.
  private static let maxTokens = 16

  /// The tokens that a request presents.
  package static func tokens(in head: HTTPRequestHead, of place: Place = .console) -> [ArraySlice<UInt8>] {
    var tokens: [ArraySlice<UInt8>] = []
    for field in head.values(of: .cookie) {
      for pair in field.split(separator: UInt8(ascii: ";")) where tokens.count < maxTokens {
        let trimmed = pair.drop { $0 == UInt8(ascii: " ") }
        guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")) else { continue }
        let name = trimmed[..<equals]
        if name.elementsEqual(place.secureName.utf8) || name.starts(with: place.plainPrefix.utf8) {
          tokens.append(trimmed[(equals + 1)...])
        }
      }
    }
    return tokens
  }

  /// The value of `Set-Cookie` that keeps a token; without one, it removes the cookie.
  package static func field(
    _ token: String?, isSecure: Bool, authority: String?, of place: Place = .console
  ) -> String {
    let port = authority.flatMap { $0.split(separator: ":").last }.flatMap { Int($0) } ?? 80
    let name = isSecure ? place.secureName : "\(place.plainPrefix)\(port)"
    let age = token.map { _ in "" } ?? "; Max-Age=0"
    return "\(name)=\(token ?? ""); Path=/; HttpOnly; SameSite=Strict\(age)\(isSecure ? "; Secure" : "")"
  }
}

extension FieldName {
  static var cookie: FieldName { FieldName("Cookie") }
}
