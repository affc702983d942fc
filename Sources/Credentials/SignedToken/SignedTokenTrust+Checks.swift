import Client
import JSON
package import Platform
import TLS

extension SignedTokenTrust {
  /// A registration that follows the rules; the error names the member.
  ///
  /// - Parameter keys: a set is reduced to the public numbers of its usable keys.
  package init(
    issuer: String, subject: String, audiences: [String], keys: Keys, _ environment: Environment
  ) throws(MemberError) {
    try Self.check(issuer, "issuer")
    try Self.check(subject, "subject")
    guard (1...Self.maxAudiences).contains(audiences.count) else {
      throw MemberError("audiences", "must be one or two")
    }
    for audience in audiences { try Self.check(audience, "audiences") }
    self.init(
      issuer: issuer, subject: subject, audiences: audiences, keys: try Self.checked(keys),
      id: environment.randomText("", digits: 12))
  }

  private static func check(_ text: String, _ member: String) throws(MemberError) {
    guard !text.isEmpty else { throw MemberError(member, "must not be empty") }
    try KeyAdministration.check(text, member, maxBytes: maxTextBytes)
  }

  private static func checked(_ keys: Keys) throws(MemberError) -> Keys {
    switch keys {
    case .url(let url):
      do throws(ClientError) { _ = try OutboundGuard.base(of: url) } catch {
        throw MemberError("jwksURL", "\(error)")
      }
      do throws(TLSError) { _ = try OpenSSL.load() } catch { throw MemberError("jwksURL", "\(error)") }
      return keys
    case .set(let text):
      let set: JSONWebKeySet
      do throws(JSONWebKeySet.Fault) { set = try JSONWebKeySet(Array(text.utf8)) } catch {
        throw MemberError("jwks", "cannot be used: \(error.reason)")
      }
      guard !set.hasSecrets else {
        throw MemberError("jwks", "has a private or secret key; give the public keys only")
      }
      guard !set.keys.isEmpty else {
        let reasons = set.unusable.map { "\($0.id.quotedBriefly): \($0.reason)" }.joined(separator: "; ")
        throw MemberError("jwks", "has no usable key\(reasons.isEmpty ? "" : ", \(reasons)")")
      }
      guard set.text.utf8.count <= maxSetBytes else {
        throw MemberError("jwks", "has more than \(maxSetBytes) bytes; give the URL of a larger set")
      }
      return .set(set.text)
    }
  }
}
