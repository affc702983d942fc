import JSON
import Platform
import SCIM
import Storage

// Tokens of the token endpoint: each is a note in the log of the key's directory.
extension KeyRing {
  /// Creates a token for a key that was checked, by its secret or by a signed token. It is valid as soon as the result is durable.
  func issueToken(
    for key: GrantedKey, _ scopes: Scopes, _ signed: UsedToken?, _ context: RequestContext
  ) -> Pending<Result<IssuedToken, SCIMError>> {
    let now = now
    let text = APIKeySecret.make(environment, .token)
    let longest = DateTime(milliseconds: now.milliseconds + AccessToken.lifetime)
    let token = AccessToken(
      digest: KeyDigest(of: Array(text.utf8)[...]), basis: key.basis, scopes: scopes,
      issued: now,
      expires: [longest, key.key.expires, signed == nil ? key.generation.ends : nil].compactMap { $0 }.min()
        ?? longest)
    return key.directory.writeTogether(context) { tx throws(SCIMError) in
      if let signed { try Self.use(signed, of: key.key, &tx) }
      let place = Self.place(for: key.key, now, tx)
      tx.note(KeyNotes.token(of: key.key.id, at: place), token.json)
      return IssuedToken(text: text, token: token)
    }
  }

  /// The first place without a live token, otherwise that of the oldest.
  private static func place(for key: APIKey, _ now: DateTime, _ tx: borrowing Transaction) -> Int {
    var oldest = (place: 0, issued: DateTime(milliseconds: .max / 2))
    for place in 0..<AccessToken.maxLive {
      guard let token = tx.note(KeyNotes.token(of: key.id, at: place)).flatMap({ AccessToken($0) }),
        now < token.expires,
        key.generation(of: token)?.isAlive(at: now) ?? false
      else { return place }
      if token.issued < oldest.issued { oldest = (place, token.issued) }
    }
    return oldest.place
  }
}

extension GrantedKey {
  /// What a token that is issued for it is based on.
  fileprivate var basis: AccessToken.Basis {
    guard case .signedToken = proof, let trust = key.trust else { return .secret(generation.number) }
    return .signedToken(trust: ByteString(trust.id))
  }
}
