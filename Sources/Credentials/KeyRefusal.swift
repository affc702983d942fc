/// Why a request was refused for its key: for the log alone, as the peer is told the same in every case.
package struct KeyRefusal: Sendable, Equatable {
  package enum Reason: String, Sendable {
    /// No `Authorization` field.
    case none
    /// Not the form or not the checksum of a key.
    case malformed
    case unknown, expired, revoked
  }

  package let reason: Reason
  /// What may be shown of the key; nil if it does not have the form of one.
  package let hint: String?
}

extension KeyRing {
  /// Why a token is refused.
  func refusal(of token: ArraySlice<UInt8>) -> KeyRefusal {
    guard APIKeySecret.isWellFormed(token) else { return KeyRefusal(reason: .malformed, hint: nil) }
    let reason: KeyRefusal.Reason =
      switch key(withDigest: KeyDigest(of: token))?.status(at: now) {
      case .revoked: .revoked
      case .expired: .expired
      case .active, nil: .unknown
      }
    return KeyRefusal(reason: reason, hint: APIKeySecret.hint(of: String(decoding: token, as: UTF8.self)))
  }
}
