import SCIM
package import Storage

/// Why a request was refused for its key: for the log alone, as the peer is told the same in every case.
package struct KeyRefusal: Sendable, Equatable {
  package enum Reason: String, Sendable {
    /// No `Authorization` field, or one of a scheme that the server does not have.
    case none
    /// Not the form or not the checksum of a key.
    case malformed
    case unknown, expired, revoked
    /// A secret that a newer one of the same key has replaced.
    case rotated
    /// The user is not the id of the key.
    case user
    /// A way of proving who one is that the directory's policy `authKinds` leaves out, or that is not this key's.
    case kind
    /// An address that is not among the networks of the key or of its directory.
    case network
    /// More requests than the key may send.
    case throttled
  }

  package let reason: Reason
  /// What may be shown of the key; nil if it does not have the form of one.
  package let hint: String?
  /// Whose key it is, valid or not; nil if nobody knows it.
  package private(set) var owner: Owner?
  /// How many characters a text has that begins like a key but is not one; nil for any other.
  package private(set) var length: Int?
  /// How many requests its line in the log stands for; 0 for none.
  package var requests = 1

  /// Whose key was refused.
  package struct Owner: Sendable, Equatable {
    /// The `keyId`.
    package let key: String
    package let connection: ResourceID?
    package let directory: String

    init(_ key: APIKey) {
      self.key = key.id
      connection = key.connection
      directory = key.directory
    }
  }

  init(reason: Reason, hint: String?, owner: Owner? = nil, length: Int? = nil) {
    self.reason = reason
    self.hint = hint
    self.owner = owner
    self.length = length
  }
}

extension KeyRing {
  /// Why a secret or a token is refused.
  func refusal(of token: ArraySlice<UInt8>) -> KeyRefusal {
    guard APIKeySecret.form(of: token) != nil else {
      let isLikeKey = APIKeySecret.Form.allCases.contains { token.starts(with: $0.prefix) }
      return KeyRefusal(reason: .malformed, hint: nil, length: isLikeKey ? token.count : nil)
    }
    return refusal(of: token, as: reason(of: token))
  }

  /// The same of one with the form of a secret or a token.
  func refusal(of token: ArraySlice<UInt8>, as reason: KeyRefusal.Reason) -> KeyRefusal {
    KeyRefusal(
      reason: reason, hint: APIKeySecret.hint(of: String(decoding: token, as: UTF8.self)),
      owner: known(KeyDigest(of: token)).map { KeyRefusal.Owner($0.key) })
  }

  private func reason(of token: ArraySlice<UInt8>) -> KeyRefusal.Reason {
    guard let found = known(KeyDigest(of: token)) else { return .unknown }
    switch found.key.status(at: now) {
    case .revoked: return .revoked
    case .expired: return .expired
    case .active: break
    }
    if !found.generation.isAlive(at: now) { return .rotated }
    return found.token == nil ? .unknown : .expired
  }
}
