import Admin
import Credentials
import HTTP
import JSON
import Platform
import Storage

/// Who may sign in: with the secret of a link, or with an admin key. Wrong ones are counted by address like wrong keys
/// of any other request.
struct SignInCheck: Sendable {
  struct Refusal: Error {
    let response: HTTPResponse

    init(_ problem: AdminProblem, retryAfter: Int? = nil) {
      var response = AdminHandler.response(to: problem)
      if let retryAfter { response.fields.append(.retryAfter, String(retryAfter)) }
      self.response = response
    }
  }

  private let world: AdminWorld
  private let authorization: Authorization
  private let trustedProxies: Set<String>

  init(_ world: AdminWorld, _ authorization: Authorization, trustedProxies: Set<String>) {
    self.world = world
    self.authorization = authorization
    self.trustedProxies = trustedProxies
  }

  /// The rights of the new session.
  func grant(for request: HTTPRequest) throws(Refusal) -> SessionGrant {
    guard request.isFromOwnPage(trusting: trustedProxies) else {
      throw Refusal(AdminProblem(.notFromConsole, "The request does not come from a page of the console."))
    }
    let reader: ObjectReader
    let (secret, key): (String?, String?)
    do throws(AdminProblem) {
      guard let json = try? JSONParser.parse(request.body) else {
        throw AdminProblem(.invalidJSON, "The body is not valid JSON.")
      }
      reader = try ObjectReader(json)
      try reader.allow(["secret", "key"], of: "a sign-in")
      (secret, key) = (try reader.optionalText("secret"), try reader.optionalText("key"))
    } catch {
      throw Refusal(error)
    }
    if let secret { return try grant(forLink: secret, request) }
    if let key { return try grant(forKey: key, request) }
    throw Refusal(AdminProblem(.missingBody, "The body has neither a secret nor a key."))
  }

  private func grant(forLink secret: String, _ request: HTTPRequest) throws(Refusal) -> SessionGrant {
    let isLocal = request.isLocal(trusting: trustedProxies)
    if let grant = world.sessions.accept(Array(secret.utf8)[...], isLocal: isLocal) { return grant }
    throw refusal(
      .linkEnded, "The link is unknown, used, older than a minute, or for another machine.", request)
  }

  private func grant(forKey text: String, _ request: HTTPRequest) throws(Refusal) -> SessionGrant {
    let bytes = Array(text.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") })
    guard let key = world.keys.granted(bytes[...]), key.isSecret,
      key.objection(to: request, trusting: trustedProxies) == nil
    else {
      throw refusal(.unauthorized, "The key is not valid here: unknown, expired or revoked.", request)
    }
    guard key.scopes.allow(.adminRead) else {
      throw Refusal(
        AdminProblem(
          .insufficientScope, "The key \(key.key.id) has no scope for administration.",
          fix:
            "Sign in with a key that has admin.read or admin.write: `scimd key create --scopes admin.write`.")
      )
    }
    return SessionGrant(key)
  }

  /// A wrong secret; 429 if too many came from this address.
  private func refusal(_ code: ProblemCode, _ detail: String, _ request: HTTPRequest) -> Refusal {
    guard let seconds = authorization.tooManyFailures(of: request) else {
      return Refusal(AdminProblem(code, detail))
    }
    return Refusal(
      AdminProblem(.tooManyFailures, "Too many wrong keys came from this address: wait \(seconds) s."),
      retryAfter: seconds)
  }
}
