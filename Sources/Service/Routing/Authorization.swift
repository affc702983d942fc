import HTTP
import SCIM

/// Reads the key from the `Authorization` field (RFC 6750 §2.1). Nowhere else: a key in a URL ends in logs.
struct Authorization {
  let keys: KeyStore

  enum Outcome {
    case granted(GrantedKey)
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
    guard let key = keys.granted(Authorization.token(in: value)) else {
      return Authorization.refusal("invalid_token", "The key is not valid here: unknown, expired or revoked.")
    }
    return .granted(key)
  }

  /// What follows `Bearer`; Okta's "Header Auth" sends the key alone.
  private static func token(in value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let scheme = StaticString("bearer ")
    let size = scheme.utf8CodeUnitCount
    guard value.count > size else { return value }
    for (offset, byte) in value.prefix(size).enumerated() where byte | 0x20 != scheme.utf8Start[offset] {
      return value
    }
    return value.dropFirst(size).drop { $0 == UInt8(ascii: " ") }
  }

  /// RFC 6750 §3: without credentials the challenge names no error.
  private static func refusal(_ error: String?, _ detail: String, status: Int = 401) -> Outcome {
    let attribute = error.map { ", error=\"\($0)\"" } ?? ""
    return .refused(
      SCIMError(status: status, detail: detail), challenge: "Bearer realm=\"scim\"\(attribute)")
  }
}
