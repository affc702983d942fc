import SCIM
package import Storage

/// Why the key of a request was refused: only for the log, as the client gets the same answer in every case.
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
    /// A way to authenticate that the directory's policy `authKinds` does not allow, or that this key cannot use.
    case kind
    /// An address that is not among the networks of the key or of its directory.
    case network
    /// No certificate, or another one than the key requires.
    case certificate
    /// More requests than the key may send.
    case throttled
    // Of signed tokens: the names of the codes that explain them.
    case signedTokenMalformed, signedTokenAlgorithm, signedTokenUnknown, signedTokenAudience
    case signedTokenTime, signedTokenKey, signedTokenKeysUnavailable, signedTokenSignature
    case signedTokenReplayed
  }

  package let reason: Reason
  /// The part of the key that may be shown; nil if it does not have the form of a key.
  package let hint: String?
  /// Whose key it is, valid or not; nil if nobody knows it.
  package private(set) var owner: Owner?
  /// How many characters a text has that begins like a key but is not one; nil for any other.
  package private(set) var length: Int?
  /// What is wrong with a signed token, in a sentence; nil for other credentials.
  package private(set) var detail: String?
  /// How many requests its log line stands for; 0 if it gets no line.
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

  /// Of a signed token.
  init(_ fault: SignedTokenFault, owner: APIKey?) {
    self.init(reason: fault.reason, hint: nil, owner: owner.map { Owner($0) })
    detail = fault.detail
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

  /// The same for one with the form of a secret or a token, whose reason is known.
  func refusal(of token: ArraySlice<UInt8>, as reason: KeyRefusal.Reason) -> KeyRefusal {
    KeyRefusal(
      reason: reason, hint: APIKeySecret.hint(of: String(decoding: token, as: UTF8.self)),
      owner: known(KeyDigest(of: token)).map { KeyRefusal.Owner($0.key) })
  }

  /// Why a token of the right form is refused; `unknown` also while its connection or directory is being removed.
  private func reason(of token: ArraySlice<UInt8>) -> KeyRefusal.Reason {
    guard let found = known(KeyDigest(of: token)) else { return .unknown }
    switch found.key.status(at: now) {
    case .revoked: return .revoked
    case .expired: return .expired
    case .active: break
    }
    if !found.generation.isAlive(at: now) { return .rotated }
    return found.isSecret ? .unknown : .expired
  }
}
