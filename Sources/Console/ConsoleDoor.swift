package import Admin
package import Credentials
package import HTTP
import JSON
package import Platform
import Storage

/// `/console`: the pages, their files, and signing in and out. What the pages show they ask of the admin API, with the
/// session's cookie.
package final class ConsoleDoor: HTTPHandler {
  /// Bytes of a body: a secret or a key.
  private static let maxBodyBytes = 4096

  private let world: AdminWorld
  private let signIn: SignInCheck
  private let trustedProxies: Set<String>
  private let report: @Sendable (DoorAccess) -> Void

  /// - Parameter report: receives signing in and out with its answer; called on any thread.
  package init(
    _ world: AdminWorld, _ authorization: Authorization, trustedProxies: Set<String>,
    report: @escaping @Sendable (DoorAccess) -> Void = { _ in }
  ) {
    self.world = world
    self.trustedProxies = trustedProxies
    self.report = report
    signIn = SignInCheck(world, authorization, trustedProxies: trustedProxies)
  }

  package func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? {
    guard Self.isSession(head.path), head.method == .post else {
      return AdminHandler.response(to: AdminProblem(.invalidJSON, "This request takes no body."))
    }
    guard let length = head.contentLength, length <= Self.maxBodyBytes else {
      return AdminHandler.response(
        to: AdminProblem(.contentTooLarge, "The body is larger than \(Self.maxBodyBytes) bytes."))
    }
    return nil
  }

  package func handle(_ request: HTTPRequest, reply: HTTPReply) {
    if Self.isSession(request.head.path) { return session(request, reply) }
    reply.send(ConsolePages.embedded.answer(request.head, "console"))
  }

  package func response(to error: HTTPError, peer: PeerAddress) -> HTTPResponse {
    AdminHandler.response(to: AdminProblem(error))
  }

  private static func isSession(_ path: ArraySlice<UInt8>) -> Bool {
    path.elementsEqual("/console/session".utf8)
  }

  // MARK: Sessions

  private func session(_ request: HTTPRequest, _ reply: HTTPReply) {
    var access = DoorAccess(
      method: request.head.method.rawValue, template: "/console/session",
      requestID: "console-\(world.environment.uuid().prefix(8))",
      remote: request.client(trusting: trustedProxies), certificate: request.head.clientCertificate,
      world.environment)
    access.isOfConsole = true
    switch request.head.method {
    case .get: finish(current(request, &access), access, reply)
    case .post: begin(request, access, reply)
    case .delete: end(request, access, reply)
    default:
      finish(
        AdminHandler.response(
          to: AdminProblem(.methodNotAllowed, "\(request.head.method.rawValue) is not allowed here.")),
        access, reply)
    }
  }

  /// The session of the cookie; nil if it has none or it has ended.
  private func live(_ request: HTTPRequest) -> ConsoleSessions.Live? {
    SessionCookie.tokens(in: request.head).lazy.compactMap { self.world.sessions.session($0) }
      .first { $0.link == nil }
  }

  private func current(_ request: HTTPRequest, _ access: inout DoorAccess) -> HTTPResponse {
    guard let live = live(request) else {
      return AdminHandler.response(to: AdminProblem(.sessionEnded, "Nobody is signed in."))
    }
    access.key = live.key?.key.id
    return response(live.session, .ok)
  }

  private func response(_ session: ConsoleSession, _ status: HTTPStatus) -> HTTPResponse {
    var json = SessionReport(session, for: nil).json
    if case .object(var object) = json {
      object["version"] = .string(world.version)
      object["baseURL"] = .string(world.base)
      json = .object(object)
    }
    var response = HTTPResponse(status: status, fields: .everyAnswer, body: .bytes(json.serialized()))
    response.fields.append(.contentType, "application/json")
    return response
  }

  /// Answers when the session is on disk.
  private func begin(_ request: HTTPRequest, _ access: DoorAccess, _ reply: HTTPReply) {
    var access = access
    let grant: SessionGrant
    do throws(SignInCheck.Refusal) { grant = try signIn.grant(for: request) } catch {
      return finish(error.response, access, reply)
    }
    var actor = Actor(
      .session, remote: access.remote, certificate: access.certificate, command: "console sign in")
    switch grant.origin {
    case .key(let key, let generation):
      (actor.key, actor.generation, access.key) = (key, generation, key)
    case .link: break
    case .user(let user):
      (actor.userID, actor.user) = (user, user.map { UserName.text($0) })
    }
    let context = RequestContext(actor, requestID: access.requestID, operation: "BEGIN /sessions")
    let agent = request.head[.userAgent].map { String(decoding: $0.prefix(200), as: UTF8.self) }
    let finished = access
    world.sessions.begin(grant, remote: access.remote, agent: agent, context).whenDurable { [self] result in
      guard case .success(let token) = result,
        let live = world.sessions.session(Array(token.utf8)[...])
      else {
        let problem = AdminProblem(.internalError, "The session could not be written.")
        return finish(AdminHandler.response(to: problem), finished, reply)
      }
      var response = response(live.session, .created)
      response.fields.append(.setCookie, cookie(token, request))
      finish(response, finished, reply)
    }
  }

  /// Signing out twice succeeds too.
  private func end(_ request: HTTPRequest, _ access: DoorAccess, _ reply: HTTPReply) {
    guard request.isFromOwnPage(trusting: trustedProxies) else {
      let problem = AdminProblem(.notFromConsole, "The request does not come from a page of the console.")
      return finish(AdminHandler.response(to: problem), access, reply)
    }
    var response = HTTPResponse(status: .noContent, fields: .everyAnswer)
    response.fields.append(.setCookie, cookie(nil, request))
    guard let live = live(request) else { return finish(response, access, reply) }
    let actor = Actor(
      .session, key: live.key?.key.id, remote: access.remote, command: "console sign out")
    let context = RequestContext(actor, requestID: access.requestID, operation: "END /sessions/{id}")
    let done = response
    world.sessions.end(live.session, context).whenDurable { [self] _ in finish(done, access, reply) }
  }

  private func cookie(_ token: String?, _ request: HTTPRequest) -> String {
    SessionCookie.field(
      token, isSecure: request.isSecure(trusting: trustedProxies),
      authority: request.ownHost(trusting: trustedProxies))
  }

  private func finish(_ response: HTTPResponse, _ access: DoorAccess, _ reply: HTTPReply) {
    var response = response
    response.fields.append(.requestId, access.requestID)
    report(access.answered(response.status.rawValue, world.environment))
    reply.send(response)
  }
}

extension FieldName {
  static var setCookie: FieldName { FieldName("Set-Cookie") }
}
