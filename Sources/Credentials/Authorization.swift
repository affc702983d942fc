package import HTTP
import Platform
import SCIM
package import Storage

/// Identifies the caller by the `Authorization` field: a bearer key or token (RFC 6750 §2.1), Basic (RFC 7617), or the
/// key alone as Okta sends it. No other place is read: a key in a URL would end up in logs.
package struct Authorization: Sendable {
  package typealias Kind = DirectoryPolicies.AuthKind

  package enum Outcome {
    case granted(GrantedKey)
    case refused(AuthorizationRefusal)
  }

  let keys: KeyRing
  let trustedProxies: Set<String>
  /// Nil if refused keys are not counted.
  private let failures: FailedKeys?
  private let sample = RefusalSample()
  private let limits: RequestLimits
  /// Whether the server has a token endpoint.
  private let offersTokens: Bool

  /// - Parameters:
  ///   - trustedProxies: addresses whose word for the client's address is believed.
  ///   - allowance: refused keys that one address may present per minute; 0 for no limit.
  package init(
    _ keys: KeyRing, trustedProxies: Set<String>, failedKeysPerMinute allowance: Int,
    limits: RequestLimits = RequestLimits(), offersTokens: Bool = false
  ) {
    self.keys = keys
    self.trustedProxies = trustedProxies
    failures = allowance > 0 ? FailedKeys(perMinute: allowance, clock: keys.environment.monotonic) : nil
    self.limits = limits
    self.offersTokens = offersTokens
  }

  /// - Parameters:
  ///   - requestID: recorded as the last use of the key.
  ///   - isFinal: false if the same request is going to be checked again; then it does not count yet.
  package func check(_ request: HTTPRequest, requestID: String, isFinal: Bool = true) -> Outcome {
    // The HTTP layer lets only one such field through.
    guard let value = request.head[.authorization] else { return .refused(missing()) }
    let credential = PresentedCredential(value)
    let now = keys.now
    let secret: ArraySlice<UInt8>
    switch credential {
    case .bearer(let token), .bare(let token), .basic(_, let token): secret = token
    case .unsupported: return .refused(missing())
    case .malformedBearer, .malformedBasic:
      return failure(of: request, credential, KeyRefusal(reason: .malformed, hint: nil))
    }
    guard let key = keys.granted(secret, at: now) else {
      return failure(of: request, credential, keys.refusal(of: secret))
    }
    let kind = kind(of: credential, key)
    if let objection = objection(to: key, credential, kind, request) {
      return failure(of: request, credential, keys.refusal(of: secret, as: objection))
    }
    if let seconds = wait(key, charging: isFinal) {
      return .refused(throttled(seconds, keys.refusal(of: secret, as: .throttled)))
    }
    if isFinal { note(key, kind, request, requestID, at: now) }
    return .granted(key)
  }

  /// The key that a request carries, whatever it may do; nil for none. For routes that need no key.
  package func key(of request: HTTPRequest) -> APIKey? {
    switch request.head[.authorization].map({ PresentedCredential($0) }) {
    case .bearer(let secret)?, .bare(let secret)?, .basic(_, let secret)?: keys.granted(secret)?.key
    default: nil
    }
  }

  /// Records that a key was accepted.
  func note(_ key: GrantedKey, _ kind: Kind, _ request: HTTPRequest, _ requestID: String, at now: DateTime) {
    keys.accepted(key, at: now) {
      KeyUse(
        time: now, remote: request.client(trusting: trustedProxies),
        agent: request.head[.userAgent].map {
          String(decoding: $0.prefix(KeyUse.maxAgentBytes), as: UTF8.self)
        },
        requestID: requestID, kind: kind)
    }
  }

  // MARK: Objections to a credential

  /// How the client authenticates; a bare key counts as a bearer, a token as `oauth`.
  private func kind(of credential: PresentedCredential, _ key: GrantedKey) -> Kind {
    if case .basic = credential { return .basic }
    return key.isSecret ? .bearer : .oauth
  }

  /// Why a valid secret is refused all the same; nil if it is accepted.
  private func objection(
    to key: GrantedKey, _ credential: PresentedCredential, _ kind: Kind, _ request: HTTPRequest
  ) -> KeyRefusal.Reason? {
    switch credential {
    case .basic(let user, _):
      guard key.isSecret else { return .kind }
      guard user.elementsEqual(key.key.id.utf8) else { return .user }
    case .bare:
      guard key.isSecret, key.profile.name == Self.bareProfile else { return .kind }
    default: break
    }
    return objection(to: key, kind, request)
  }

  /// Why the policies and networks of the key or of its directory refuse the request; nil if they do not.
  func objection(to key: GrantedKey, _ kind: Kind, _ request: HTTPRequest) -> KeyRefusal.Reason? {
    guard key.policies.authKinds.contains(kind) else { return .kind }
    return key.objection(to: request, trusting: trustedProxies)
  }

  /// Okta's "HTTP Header" mode sends the key without a scheme.
  private static let bareProfile = "okta"

  /// Seconds that a key has to wait before it sends more; nil if it need not wait.
  func wait(_ key: GrantedKey, charging: Bool) -> Int? {
    guard let limit = key.key.connection == nil ? limits.key : limits.connection else { return nil }
    return key.meter.wait(limit, now: keys.environment.monotonic(), charging: charging)
  }

  // MARK: Refusals

  /// The refusal of a wrong key; 429 if too many came from this address.
  private func failure(
    of request: HTTPRequest, _ credential: PresentedCredential, _ reason: KeyRefusal
  ) -> Outcome {
    if let seconds = tooManyFailures(of: request) {
      let reason = sampled(reason)
      return .refused(
        AuthorizationRefusal(
          SCIMError(
            .tooManyFailures,
            "\(Self.invalid) Too many requests with such keys came from this address: wait "
              + "\(seconds) s, or send a valid key."),
          [(.retryAfter, String(seconds))], reason))
    }
    let (refusal, error): (SCIMError, String?) =
      switch credential {
      case .malformedBearer:
        (
          SCIMError(.keyFieldMalformed, "The Authorization field has no token behind Bearer."),
          "invalid_request"
        )
      case .basic, .malformedBasic: (SCIMError(.keyInvalid, Self.invalid), nil)
      default: (SCIMError(.keyInvalid, Self.invalid), "invalid_token")
      }
    return .refused(AuthorizationRefusal(refusal, challenges(error), reason))
  }

  /// The reason with the number of requests that its log line stands for, so that a burst does not fill the log.
  func sampled(_ reason: KeyRefusal) -> KeyRefusal {
    var reason = reason
    reason.requests = sample.lines(now: keys.environment.monotonic())
    return reason
  }

  /// Counts a wrong key; the seconds to wait if its address has sent too many. Valid keys are never counted or refused,
  /// so that nobody can lock others out.
  package func tooManyFailures(of request: HTTPRequest) -> Int? {
    failures?.count(from: request.clientNetwork(trusting: trustedProxies))
  }

  private static let invalid = "The key is not valid here: unknown, expired or revoked."

  /// The refusal of a request without credentials, or with those of a scheme that the server does not know.
  private func missing() -> AuthorizationRefusal {
    AuthorizationRefusal(
      SCIMError(.keyMissing, "A key is needed: send \"Authorization: Bearer <key>\"."),
      challenges(nil), KeyRefusal(reason: .none, hint: nil))
  }

  private func throttled(_ seconds: Int, _ reason: KeyRefusal) -> AuthorizationRefusal {
    AuthorizationRefusal(
      SCIMError(
        .tooManyRequests,
        "More requests came with this key than it may send: wait \(seconds) s. Nothing was changed."),
      [(.retryAfter, String(seconds))], reason)
  }

  // MARK: Challenges

  /// The kinds that a client may use: those of its key's directory, or of any directory if the key is not known.
  package func kinds(for request: HTTPRequest) -> [Kind] {
    var kinds = keys.offeredKinds
    if let value = request.head[.authorization] {
      switch PresentedCredential(value) {
      case .bearer(let secret), .bare(let secret), .basic(_, let secret):
        if let key = keys.granted(secret) { kinds = key.policies.authKinds }
      default: break
      }
    }
    return Kind.allCases.filter { kinds.contains($0) && ($0 != .oauth || offersTokens) }
  }

  /// One challenge for each scheme. Without credentials it names no error (RFC 6750 §3).
  private func challenges(_ error: String?) -> [(FieldName, String)] {
    let kinds = keys.offeredKinds
    var challenges: [(FieldName, String)] = []
    if kinds.contains(.bearer) || kinds.contains(.oauth) {
      let attribute = error.map { ", error=\"\($0)\"" } ?? ""
      challenges.append((.wwwAuthenticate, "Bearer realm=\"scim\"\(attribute)"))
    }
    if kinds.contains(.basic) {
      challenges.append((.wwwAuthenticate, "Basic realm=\"scim\", charset=\"UTF-8\""))
    }
    return challenges
  }
}
