import Platform
import SCIM
import Storage

// Tokens of the token endpoint: each is a note in the log of the key's directory.
extension KeyRing {
  /// Creates a token for a key that was checked. It is valid as soon as the result is durable.
  func issueToken(
    for key: GrantedKey, _ scopes: Scopes, _ context: RequestContext
  ) -> Pending<Result<IssuedToken, SCIMError>> {
    let now = now
    let text = APIKeySecret.make(environment, .token)
    let longest = DateTime(milliseconds: now.milliseconds + AccessToken.lifetime)
    let token = AccessToken(
      digest: KeyDigest(of: Array(text.utf8)[...]), generation: key.generation.number, scopes: scopes,
      issued: now,
      expires: [longest, key.key.expires, key.generation.ends].compactMap { $0 }.min() ?? longest)
    return key.directory.writeTogether(context) { tx throws(SCIMError) in
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
        key.generations.contains(where: { $0.number == token.generation && $0.isAlive(at: now) })
      else { return place }
      if token.issued < oldest.issued { oldest = (place, token.issued) }
    }
    return oldest.place
  }
}
