/// Why a request for a token is refused (RFC 6749 §5.2).
struct TokenError: Error, Sendable, Equatable {
  enum Code: String, Sendable {
    case invalidRequest = "invalid_request"
    case invalidClient = "invalid_client"
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

  init(_ code: Code, _ description: String, status: Int = 400, retryAfter: Int? = nil) {
    self.code = code
    self.status = status
    self.description = description
    self.retryAfter = retryAfter
  }

  static let invalidClient = TokenError(
    .invalidClient, "The client id or the secret is not valid here: unknown, expired or revoked.", status: 401
  )
}
