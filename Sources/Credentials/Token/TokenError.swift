/// Why a request for a token is refused (RFC 6749 §5.2).
struct TokenError: Error, Sendable, Equatable {
  enum Code: String, Sendable {
    case invalidRequest = "invalid_request"
    case invalidClient = "invalid_client"
    case invalidGrant = "invalid_grant"
    case unauthorizedClient = "unauthorized_client"
    case unsupportedGrantType = "unsupported_grant_type"
    case invalidScope = "invalid_scope"
    case temporarilyUnavailable = "temporarily_unavailable"
    case serverError = "server_error"
  }

  let code: Code
  let status: Int
  /// ASCII without quotes and backslashes, as the RFC requires.
  let description: String
  /// Seconds to wait; nil if waiting does not help.
  var retryAfter: Int?
  /// Whether credentials were wrong, which is counted by address.
  private(set) var isWrongCredential = false

  init(_ code: Code, _ description: String, status: Int = 400, retryAfter: Int? = nil) {
    self.code = code
    self.status = status
    self.description = description
    self.retryAfter = retryAfter
  }

  static let invalidClient = wrong(
    .invalidClient, "The client id or the secret is not valid here: unknown, expired or revoked.", status: 401
  )

  /// Of a signed token, whatever is wrong with it: the client does not learn what.
  static func invalid(_ role: TokenRequest.Assertion.Role) -> TokenError {
    let text = "The signed token is not valid here; the administrator finds the reason by the request id."
    return switch role {
    case .client: wrong(.invalidClient, text, status: 401)
    case .grant: wrong(.invalidGrant, text, status: 400)
    }
  }

  private static func wrong(_ code: Code, _ description: String, status: Int) -> TokenError {
    var error = TokenError(code, description, status: status)
    error.isWrongCredential = true
    return error
  }
}
