import HTTP
import JSON
import SCIM
import TLS

// Signed tokens instead of a secret (RFC 7523).
extension TokenService {
  /// Verifies a signed token and issues an access token for it; later, if the keys of its issuer must be read first.
  func verify(_ assertion: TokenRequest.Assertion, _ asked: TokenRequest, _ visit: Visit) {
    let token: SignedToken
    do throws(SignedTokenFault) { token = try SignedToken(assertion.text) } catch {
      return refuse(visit, assertion.role, KeyRefusal(error, owner: nil))
    }
    let (key, trust): (GrantedKey, SignedTokenTrust)
    switch claimed(token, assertion, visit.request) {
    case .success(let found): (key, trust) = found
    case .failure(let refused): return refuse(visit, assertion.role, refused.reason)
    }
    keySets.find(token.keyID, token.algorithm, in: trust.keys) { @Sendable [self] answer in
      do throws(SignedTokenFault) {
        guard try answer.get().isValid(token.signature, of: token.signed, token.algorithm) else {
          throw SignedTokenFault(
            .signedTokenSignature, "The signature is not that of the key \(token.keyID?.quotedBriefly ?? "")."
          )
        }
      } catch {
        return refuse(visit, assertion.role, KeyRefusal(error, owner: key.key))
      }
      issue(asked, to: key, visit, for: (UsedToken(token), assertion.role))
    }
  }

  /// The key that a token is for, as far as it says so itself: its signature is not verified yet.
  private func claimed(
    _ token: SignedToken, _ assertion: TokenRequest.Assertion, _ request: HTTPRequest
  ) -> Result<(GrantedKey, SignedTokenTrust), Refused> {
    let key: GrantedKey
    switch keys.trusting(token, endpoint: endpoint) {
    case .success(let found): key = found
    case .failure(let fault):
      return .failure(Refused(reason: KeyRefusal(fault, owner: keys.probablyMeant(by: token))))
    }
    func refused(_ reason: KeyRefusal.Reason) -> Result<(GrantedKey, SignedTokenTrust), Refused> {
      .failure(Refused(reason: KeyRefusal(reason: reason, hint: key.key.hint, owner: .init(key.key))))
    }
    let names = [token.subject, key.key.id]
    if let id = assertion.clientID, !names.contains(where: { $0.hasSameBytes(as: id) }) {
      return refused(.user)
    }
    switch key.key.status(at: keys.now) {
    case .revoked: return refused(.revoked)
    case .expired: return refused(.expired)
    case .active: break
    }
    guard key.isValid(at: keys.now), let trust = key.key.trust else { return refused(.unknown) }
    if let reason = key.objection(to: request, trusting: authorization.trustedProxies) {
      return refused(reason)
    }
    do throws(SignedTokenFault) { try token.checkTimes(keys.now.seconds) } catch {
      return .failure(Refused(reason: KeyRefusal(error, owner: key.key)))
    }
    return .success((key, trust))
  }
}
