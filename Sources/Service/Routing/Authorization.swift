import HTTP
import SCIM

/// Reads the key from the `Authorization` field (RFC 6750 §2.1). Nowhere else: a key in a URL ends in logs.
struct Authorization {
  let keys: KeyStore

  enum Outcome {
    case granted(APIKey)
    /// With the value of `WWW-Authenticate`.
    case refused(SCIMError, challenge: String)
  }

  func check(_ head: HTTPRequestHead) -> Outcome {
    guard let value = head[.authorization] else {
      return Authorization.refusal(nil, "A key is needed: send \"Authorization: Bearer <key>\".")
    }
    guard head.count(of: .authorization) == 1 else {
      return Authorization.refusal(
        "invalid_request", "The Authorization header field was sent more than once.", status: 400)
    }
    switch keys.authenticate(Authorization.token(in: value)) {
    case .valid(let key): return .granted(key)
    case .malformed, .invalid:
      return Authorization.refusal("invalid_token", "The key is not valid here: unknown, expired or revoked.")
    }
  }

  /// What follows `Bearer`; Okta's "Header Auth" sends the key alone.
  private static func token(in value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let scheme = Array("bearer ".utf8)
    guard value.count > scheme.count, zip(value, scheme).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else {
      return value
    }
    return value.dropFirst(scheme.count).drop { $0 == UInt8(ascii: " ") }
  }

  /// RFC 6750 §3: without credentials the challenge names no error.
  private static func refusal(_ error: String?, _ detail: String, status: Int = 401) -> Outcome {
    let attribute = error.map { ", error=\"\($0)\"" } ?? ""
    return .refused(
      SCIMError(status: status, detail: detail), challenge: "Bearer realm=\"scim\"\(attribute)")
  }
}
