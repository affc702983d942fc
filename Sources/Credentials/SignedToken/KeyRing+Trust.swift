import JSON
import Platform
import SCIM
import Storage

// Which key accepts which signed tokens.
extension KeyRing {
  /// The key that accepts tokens with this issuer, subject and audience. The token is not verified.
  ///
  /// - Parameter endpoint: an audience that every key accepts.
  func trusting(_ token: SignedToken, endpoint: String?) -> Result<GrantedKey, SignedTokenFault> {
    let all = trusting(SignedTokenTrust.Signer(token))
    guard !all.isEmpty else {
      return .failure(
        SignedTokenFault(
          .signedTokenUnknown,
          "No key accepts tokens of the issuer \(token.issuer.quotedBriefly) for the subject "
            + "\(token.subject.quotedBriefly)."))
    }
    func isMeant(_ audience: String) -> Bool { token.audiences.contains { $0.hasSameBytes(as: audience) } }
    var found = all.filter { $0.key.trust?.audiences.contains(where: isMeant) ?? false }
    if found.isEmpty, endpoint.map(isMeant) ?? false { found = all }
    // One that has ended does not stand in the way of another.
    if case let valid = found.filter({ $0.isValid(at: now) }), !valid.isEmpty { found = valid }
    guard let key = found.first else {
      let audiences = token.audiences.map(\.quotedBriefly).joined(separator: ", ")
      return .failure(
        SignedTokenFault(
          .signedTokenAudience,
          "The token is for the audience \(audiences), which no key with its issuer and subject accepts."))
    }
    guard found.count == 1 else {
      return .failure(
        SignedTokenFault(
          .signedTokenAudience, "Its audience does not say which of \(found.count) keys the token is for."))
    }
    return .success(key)
  }

  /// The key that a token with a wrong audience was probably meant for: the only one with its issuer and subject.
  func probablyMeant(by token: SignedToken) -> APIKey? {
    let all = trusting(SignedTokenTrust.Signer(token))
    return all.count == 1 ? all.first?.key : nil
  }

  private func trusting(_ signer: SignedTokenTrust.Signer) -> [GrantedKey] {
    table.withLock { $0.trusting[signer].map { Array($0.values) } ?? [] }
  }

  /// Reserves issuer, subject and audiences until the registration is in the log, or given up by `release`; throws if
  /// another key has them.
  func claim(_ trust: SignedTokenTrust, for resource: ResourceID?, in directory: String) throws(MemberError) {
    let isFree = claims.withLock { claims in
      guard !claims.contains(where: { $0.overlaps(trust) }) else { return false }
      claims.append(trust)
      return true
    }
    guard isFree else { throw Self.taken("a key that is being created") }
    let other = trusting(trust.signer).map(\.key).first { key in
      key.resource != resource && key.revoked == nil && key.trust.map { $0.overlaps(trust) } ?? false
    }
    guard let other else { return }
    release(trust)
    // The keys of another directory are nobody's business here.
    let isOwn = other.directory.hasSameBytes(as: directory)
    throw Self.taken(isOwn ? "the key \(other.id)" : "another key of this server")
  }

  func release(_ trust: SignedTokenTrust) {
    claims.withLock { $0.removeAll { $0.id.hasSameBytes(as: trust.id) } }
  }

  private static func taken(_ who: String) -> MemberError {
    MemberError(
      "signedTokens",
      "\(who) accepts tokens with this issuer, subject and audience already; no two keys may")
  }
}

extension SignedTokenTrust.Signer {
  fileprivate init(_ token: SignedToken) {
    self.init(issuer: ByteString(token.issuer), subject: ByteString(token.subject))
  }
}

extension SignedTokenTrust {
  /// Whether a token could be for both.
  fileprivate func overlaps(_ other: SignedTokenTrust) -> Bool {
    signer == other.signer
      && audiences.contains { audience in other.audiences.contains { $0.hasSameBytes(as: audience) } }
  }
}
