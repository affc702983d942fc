package import HTTP
import JSON
package import Platform
import SCIM
import Storage

/// `POST /oauth2/token`: OAuth 2.0 client credentials (RFC 6749 §4.4), where the client id is that of a key and the secret
/// is the key, and signed tokens of those whom a key trusts (RFC 7523).
package final class TokenService: HTTPHandler {
  package static let path = "/oauth2/token"

  let authorization: Authorization
  let keySets: KeySets
  /// Its address as clients have it, which signed tokens may name as their audience; nil if that is not known.
  let endpoint: String?
  private let report: @Sendable (DoorAccess) -> Void

  var keys: KeyRing { authorization.keys }

  /// - Parameters:
  ///   - keySets: the keys of those who sign tokens.
  ///   - base: the server's address without a path, as clients have it; nil if it is not set.
  ///   - report: receives every request with its answer; called on any thread.
  package init(
    _ authorization: Authorization, _ keySets: KeySets, base: String? = nil,
    report: @escaping @Sendable (DoorAccess) -> Void = { _ in }
  ) {
    self.authorization = authorization
    self.keySets = keySets
    endpoint = base.map { $0 + Self.path }
    self.report = report
  }

  /// Refuses another path, method or media type, and a body that is too long, before the body is read.
  package func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? {
    if let response = misplaced(head) { return response }
    do throws(TokenError) { try TokenRequest.check(head) } catch {
      let access = access(HTTPRequest(head: head, body: [], peer: peer))
      return finished(Self.response(to: error), access)
    }
    return nil
  }

  /// Answers when the token is on disk.
  package func handle(_ request: HTTPRequest, reply: HTTPReply) {
    if let response = misplaced(request.head) { return reply.send(response) }
    let access = access(request)
    let asked: TokenRequest
    do throws(TokenError) { asked = try TokenRequest(request.head, request.body) } catch {
      return refuse(Visit(request: request, reply: reply, access: access), error)
    }
    var visit = Visit(request: request, reply: reply, access: access)
    switch asked.credentials {
    case .signed(let assertion): verify(assertion, asked, visit)
    case .secret(let client):
      switch check(client, request) {
      case .success(let key): issue(asked, to: key, visit)
      case .failure(let refusal):
        visit.access.refusal = refusal.reason
        refuse(visit, .invalidClient)
      }
    case nil:
      visit.access.refusal = KeyRefusal(reason: .none, hint: nil)
      refuse(
        visit,
        TokenError(
          .invalidClient, "Send the id of a key and the key, by Basic or as client_id and client_secret.",
          status: 401))
    }
  }

  /// A request that is being answered.
  struct Visit: Sendable {
    let request: HTTPRequest
    let reply: HTTPReply
    var access: DoorAccess
  }

  /// Issues a token to a key that was checked.
  ///
  /// - Parameter signed: the signed token that the client proved itself with, which counts as used.
  func issue(
    _ asked: TokenRequest, to key: GrantedKey, _ visit: Visit,
    for signed: (token: UsedToken, role: TokenRequest.Assertion.Role)? = nil
  ) {
    var visit = visit
    let scopes: Scopes
    do throws(TokenError) {
      try admit(key, asked, signed)
      visit.access.key = key.key.id
      visit.access.directory = key.key.directory
      scopes = try Self.scopes(asked, of: key)
    } catch {
      return refuse(visit, error)
    }
    let context = RequestContext(
      key.actor(remote: visit.access.remote, certificate: visit.access.certificate),
      requestID: visit.access.requestID,
      operation: "POST \(Self.path)")
    let (now, known) = (keys.now, visit)
    authorization.note(key, .oauth, visit.request, visit.access.requestID, at: now)
    keys.issueToken(for: key, scopes, signed?.token, context).whenDurable { [self] result in
      if case .failure(let error) = result, error.code == .signedTokenReplayed, let signed {
        return refuse(
          known, signed.role, KeyRefusal(SignedTokenFault(.signedTokenReplayed, error.detail), owner: key.key)
        )
      }
      known.reply.send(finished(Self.response(to: result, now: now), known.access))
    }
  }

  /// Refuses a request; wrong credentials are counted by address, as for all other endpoints, and get 429 if there were
  /// too many.
  func refuse(_ visit: Visit, _ error: TokenError) {
    var (access, error) = (visit.access, error)
    if error.isWrongCredential {
      if access.refusal == nil { access.refusal = KeyRefusal(reason: .malformed, hint: nil) }
      if let seconds = authorization.tooManyFailures(of: visit.request) {
        access.refusal = access.refusal.map { authorization.sampled($0) }
        error = TokenError(
          error.code, "Too many requests with wrong keys came from this address.", status: 429,
          retryAfter: seconds)
      }
    }
    visit.reply.send(finished(Self.response(to: error), access))
  }

  /// Refuses a signed token.
  func refuse(_ visit: Visit, _ role: TokenRequest.Assertion.Role, _ reason: KeyRefusal) {
    var visit = visit
    visit.access.refusal = reason
    refuse(visit, .invalid(role))
  }

  package func response(to error: HTTPError, peer: PeerAddress) -> HTTPResponse {
    Self.response(
      to: TokenError(.invalidRequest, "The request is not valid HTTP.", status: error.status.rawValue))
  }

  // MARK: Checks

  private func access(_ request: HTTPRequest) -> DoorAccess {
    DoorAccess(
      method: request.head.method.rawValue, template: Self.path,
      requestID: "token-\(keys.environment.uuid().prefix(8))",
      remote: request.client(trusting: authorization.trustedProxies),
      certificate: request.head.clientCertificate, keys.environment)
  }

  /// The answer to another path or method; nil if both are right.
  private func misplaced(_ head: HTTPRequestHead) -> HTTPResponse? {
    guard head.path.elementsEqual(Self.path.utf8) else {
      return Self.response(
        to: TokenError(.invalidRequest, "No such endpoint exists; tokens are at \(Self.path).", status: 404)
      )
    }
    guard head.method != .post else { return nil }
    var response = Self.response(
      to: TokenError(.invalidRequest, "Tokens are asked for by POST.", status: 405))
    response.fields.append(.allow, "POST")
    return response
  }

  /// Throws if a key that was checked may not have a token now.
  private func admit(
    _ key: GrantedKey, _ asked: TokenRequest,
    _ signed: (token: UsedToken, role: TokenRequest.Assertion.Role)?
  ) throws(TokenError) {
    let isGrant = if case .grant? = signed?.role { true } else { false }
    guard isGrant || asked.grantType.hasSameBytes(as: "client_credentials") else {
      throw TokenError(
        .unsupportedGrantType, "Supported are client_credentials and \(TokenRequest.signedGrant).")
    }
    guard key.policies.authKinds.contains(.oauth) else {
      throw TokenError(.unauthorizedClient, "The directory's policy authKinds does not allow oauth.")
    }
    if case .paused = key.availability {
      throw TokenError(
        .temporarilyUnavailable, "An administrator paused this.", status: 503, retryAfter: 300)
    }
    if let seconds = authorization.wait(key, charging: true) {
      throw TokenError(
        .temporarilyUnavailable, "More requests came with this key than it may send.", status: 429,
        retryAfter: seconds)
    }
    if signed != nil, keys.hasUsedTooMany(key.key) {
      throw TokenError(
        .temporarilyUnavailable, "This client has used too many signed tokens that are still valid.",
        status: 429, retryAfter: 60)
    }
  }

  struct Refused: Error {
    let reason: KeyRefusal
  }

  /// Checks the secret, the id of the key and the client's address.
  private func check(_ client: TokenRequest.Client, _ request: HTTPRequest) -> Result<GrantedKey, Refused> {
    let secret = client.secret[...]
    func refused(_ reason: KeyRefusal.Reason) -> Result<GrantedKey, Refused> {
      .failure(Refused(reason: keys.refusal(of: secret, as: reason)))
    }
    guard let key = keys.granted(secret) else { return .failure(Refused(reason: keys.refusal(of: secret))) }
    guard key.isSecret else { return refused(.kind) }
    guard client.id.elementsEqual(key.key.id.utf8) else { return refused(.user) }
    if let reason = key.objection(to: request, trusting: authorization.trustedProxies) {
      return refused(reason)
    }
    return .success(key)
  }

  /// The scopes of the token. Microsoft's clients ask for everything by `.default`, alone or after a resource.
  private static func scopes(_ asked: TokenRequest, of key: GrantedKey) throws(TokenError) -> Scopes {
    var scopes: Scopes = []
    for name in (asked.scope ?? ".default").split(separator: " ") {
      if name == ".default" || name.hasSuffix("/.default") {
        scopes.formUnion(key.key.scopes)
        continue
      }
      guard let scope = Scopes(name: String(name)), key.scopes.allow(scope) else {
        let known = key.key.scopes.names.joined(separator: " ")
        throw TokenError(.invalidScope, "The scope must be among those of the key: \(known)")
      }
      scopes.formUnion(scope)
    }
    guard !scopes.isEmpty else { throw TokenError(.invalidScope, "The scope is empty.") }
    return scopes
  }

  // MARK: Answers

  /// A token, or 503 and the like if the log did not keep it.
  private static func response(to result: Result<IssuedToken, SCIMError>, now: DateTime) -> HTTPResponse {
    switch result {
    case .failure(let error):
      return response(
        to: TokenError(
          .serverError, "No token could be kept; nothing was changed.", status: error.status, retryAfter: 5))
    case .success(let issued):
      let seconds = (issued.token.expires.milliseconds - now.milliseconds) / 1000
      return response(
        200,
        [
          "access_token": .string(issued.text), "token_type": "Bearer", "expires_in": .integer(seconds),
          "scope": .string(issued.token.scopes.names.joined(separator: " ")),
        ])
    }
  }

  /// RFC 6749 §5.2; a 401 names the scheme that the client may use.
  private static func response(to error: TokenError) -> HTTPResponse {
    var response = response(
      error.status,
      ["error": .string(error.code.rawValue), "error_description": .string(error.description)])
    if error.status == 401 {
      response.fields.append(.wwwAuthenticate, "Basic realm=\"scim\", charset=\"UTF-8\"")
    }
    if let seconds = error.retryAfter { response.fields.append(.retryAfter, String(seconds)) }
    return response
  }

  /// RFC 6749 §5.1 requires both fields against caching.
  private static func response(_ status: Int, _ body: JSONValue) -> HTTPResponse {
    var response = HTTPResponse(
      status: HTTPStatus(rawValue: status), fields: .everyAnswer, body: .bytes(body.serialized()))
    response.fields.append(.contentType, "application/json")
    response.fields.append(FieldName("Pragma"), "no-cache")
    return response
  }

  /// Adds the request id and reports the answer to the access log.
  private func finished(_ response: HTTPResponse, _ access: DoorAccess) -> HTTPResponse {
    var response = response
    response.fields.append(.requestId, access.requestID)
    report(access.answered(response.status.rawValue, keys.environment))
    return response
  }
}
