package import HTTP
import Platform
package import SCIM

/// Reads the key from the `Authorization` field (RFC 6750 §2.1). Nowhere else: a key in a URL ends in logs.
package struct Authorization: Sendable {
  private let keys: KeyRing
  private let trustedProxies: Set<String>
  /// Nil where wrong keys are not counted.
  private let failures: FailedKeys?

  package enum Outcome {
    case granted(GrantedKey)
    /// With the field that says what to do next, `WWW-Authenticate` or `Retry-After`, and the reason for the log.
    case refused(SCIMError, FieldName, String, KeyRefusal)
  }

  /// - Parameters:
  ///   - trustedProxies: addresses whose word for the client's address is believed.
  ///   - allowance: refused keys that one address may present per minute; 0 for no limit.
  package init(_ keys: KeyRing, trustedProxies: Set<String>, failedKeysPerMinute allowance: Int) {
    self.keys = keys
    self.trustedProxies = trustedProxies
    failures = allowance > 0 ? FailedKeys(perMinute: allowance, clock: keys.environment.monotonic) : nil
  }

  package func check(_ request: HTTPRequest) -> Outcome {
    // The HTTP layer lets only one such field through.
    guard let value = request.head[.authorization] else {
      return Authorization.refusal(
        nil, "A key is needed: send \"Authorization: Bearer <key>\".", KeyRefusal(reason: .none, hint: nil))
    }
    let token = Authorization.token(in: value)
    guard let key = keys.granted(token) else { return failure(of: request, keys.refusal(of: token)) }
    return .granted(key)
  }

  /// Only who presents a wrong key is counted and told to wait, so that nobody locks others out (S-17).
  private func failure(of request: HTTPRequest, _ reason: KeyRefusal) -> Outcome {
    let detail = "The key is not valid here: unknown, expired or revoked."
    guard let seconds = failures?.count(from: request.clientNetwork(trusting: trustedProxies)) else {
      return Authorization.refusal("invalid_token", detail, reason)
    }
    let advice =
      "Too many requests with such keys came from this address: wait \(seconds) s, or send a valid key."
    return .refused(
      SCIMError(status: 429, detail: "\(detail) \(advice)"), .retryAfter, String(seconds), reason)
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
  private static func refusal(_ error: String?, _ detail: String, _ reason: KeyRefusal) -> Outcome {
    let attribute = error.map { ", error=\"\($0)\"" } ?? ""
    return .refused(
      SCIMError(status: 401, detail: detail), .wwwAuthenticate, "Bearer realm=\"scim\"\(attribute)", reason)
  }
}
