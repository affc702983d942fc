package import Credentials
package import HTTP
package import Platform
import SCIM

/// The admin API behind a listener that others can connect to: an admin key identifies the caller. `/docs` and the public keys of event tokens are open.
package final class AdminDoor: HTTPHandler {
  /// Bytes of a body that an event loop reads.
  private static let maxQuickBody = 4096

  private let handler: AdminHandler
  private let authorization: Authorization
  private let trustedProxies: Set<String>
  private let report: @Sendable (DoorAccess) -> Void
  private let workers = AdminWorkers()

  /// - Parameter report: receives every request with its answer; called on any thread.
  package init(
    _ handler: AdminHandler, _ authorization: Authorization, trustedProxies: Set<String>,
    report: @escaping @Sendable (DoorAccess) -> Void = { _ in }
  ) {
    self.handler = handler
    self.authorization = authorization
    self.trustedProxies = trustedProxies
    self.report = report
  }

  /// The refusal before the body is read; it is not counted yet, because `handle` checks the same request again.
  package func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? {
    let request = HTTPRequest(head: head, body: [], peer: peer)
    guard case .refused(let response, let access) = admit(request, isFinal: false) else { return nil }
    return finished(response, access)
  }

  /// Answers from a worker, because most routes wait for the disk; 503 if too many requests wait.
  package func handle(_ request: HTTPRequest, reply: HTTPReply) {
    switch admit(request, isFinal: true) {
    case .refused(let response, let access): reply.send(finished(response, access))
    case .admitted(let caller, let access, let route):
      if route?.isQuick == true, request.body.count <= Self.maxQuickBody,
        let response = handler.respondAtOnce(to: request, by: caller, requestID: access.requestID)
      {
        return reply.send(finished(response, access))
      }
      let isTaken = workers.submit(isLong: route?.isLong == true) { [self] in
        reply.send(finished(handler.respond(to: request, by: caller, requestID: access.requestID), access))
      }
      if !isTaken {
        let problem = AdminProblem(.busy, "Too many administrative requests are waiting.")
        reply.send(finished(AdminHandler.response(to: problem), access))
      }
    }
  }

  package func response(to error: HTTPError, peer: PeerAddress) -> HTTPResponse {
    AdminHandler.response(to: AdminProblem(error))
  }

  // MARK: Admission

  private enum Admission {
    case admitted(AdminCaller, DoorAccess, AdminRoute?)
    case refused(HTTPResponse, DoorAccess)
  }

  /// Identifies the caller and checks the scope of the route.
  private func admit(_ request: HTTPRequest, isFinal: Bool) -> Admission {
    let route = AdminRoute.first(at: request.head)
    let remote = request.client(trusting: trustedProxies)
    let environment = handler.world.environment
    var access = DoorAccess(
      method: request.head.method.rawValue, template: route?.template ?? "?",
      requestID: AdminHandler.requestID(environment), remote: remote,
      certificate: request.head.clientCertificate, environment)
    // The description of the API and the public keys are the same for everyone.
    if request.head.path.starts(with: "/docs".utf8) || request.head.path.elementsEqual(KeySetNoun.path.utf8) {
      return .admitted(AdminCaller(.key(""), directory: "", scopes: []), access, route)
    }
    if request.head[.authorization] == nil {
      let tokens = SessionCookie.tokens(in: request.head)
      // Never a challenge for a page: the browser would ask for a password.
      if !tokens.isEmpty || request.isFromPage { return admit(tokens, request, route, access) }
    }
    let key: GrantedKey
    switch authorization.check(request, requestID: access.requestID, isFinal: isFinal) {
    case .granted(let found): key = found
    case .refused(let refusal):
      access.refusal = refusal.reason
      let problem = AdminProblem(Self.code(of: refusal), refusal.error.detail)
      return .refused(Self.response(problem, refusal.fields), access)
    }
    access.key = key.key.id
    access.directory = key.key.directory
    let caller = AdminCaller(key, remote: remote, certificate: access.certificate)
    // Keys of paused directories and connections are refused, but a paused directory can be administered, also to
    // resume it.
    if case .paused(let what) = key.availability, key.key.connection != nil {
      return .refused(Self.response(AdminProblem(.paused, what), [(.retryAfter, "300")]), access)
    }
    return admitted(caller, route, request, access)
  }

  /// A request with the cookie of a console session. Other sites can make a browser send such a request, so one that
  /// changes something has to come from a page of the console.
  private func admit(
    _ tokens: [ArraySlice<UInt8>], _ request: HTTPRequest, _ route: AdminRoute?, _ access: DoorAccess
  ) -> Admission {
    var access = access
    let live = tokens.lazy.compactMap { self.handler.world.sessions.session($0) }
      .first { $0.link == nil }
    guard let live, live.key?.objection(to: request, trusting: trustedProxies) == nil else {
      return .refused(
        AdminHandler.response(to: AdminProblem(.sessionEnded, "The session has ended.")), access)
    }
    access.key = live.key?.key.id
    access.directory = live.session.directory
    access.isOfConsole = true
    let isReading = request.head.method == .get || request.head.method == .head
    guard isReading || request.isFromOwnPage(trusting: trustedProxies) else {
      let problem = AdminProblem(.notFromConsole, "The request does not come from a page of the console.")
      return .refused(AdminHandler.response(to: problem), access)
    }
    return admitted(
      AdminCaller(live, remote: access.remote, certificate: access.certificate), route, request, access)
  }

  /// Checks the scope of the route.
  private func admitted(
    _ caller: AdminCaller, _ route: AdminRoute?, _ request: HTTPRequest, _ access: DoorAccess
  ) -> Admission {
    // A path that does not exist gets 404 even for callers who are not administrators.
    let scope = route.map(\.scope) ?? (request.head.path.starts(with: "/api/".utf8) ? nil : .read)
    if let scope, !caller.scopes.contains(scope) {
      let problem = AdminProblem(.insufficientScope, "This request needs the scope \(scope.rawValue).")
      let challenge = "Bearer realm=\"scim\", error=\"insufficient_scope\", scope=\"\(scope.rawValue)\""
      return .refused(Self.response(problem, [(.wwwAuthenticate, challenge)]), access)
    }
    return .admitted(caller, access, route)
  }

  /// The code of a refused credential; a key over its rate is not counted as a failure.
  private static func code(of refusal: AuthorizationRefusal) -> ProblemCode {
    switch refusal.error.code {
    case .keyFieldMalformed: .malformedRequest
    case .tooManyRequests: .tooManyRequests
    case .tooManyFailures: .tooManyFailures
    default: .unauthorized
    }
  }

  private static func response(
    _ problem: AdminProblem, _ fields: [(name: FieldName, value: String)]
  ) -> HTTPResponse {
    var response = AdminHandler.response(to: problem)
    for (name, value) in fields { response.fields.append(name, value) }
    return response
  }

  /// Adds the id by which the request is found in the log, and reports it.
  private func finished(_ response: HTTPResponse, _ access: DoorAccess) -> HTTPResponse {
    var response = response
    if response.fields[.requestId] == nil { response.fields.append(.requestId, access.requestID) }
    report(access.answered(response.status.rawValue, handler.world.environment))
    return response
  }
}

extension AdminRoute {
  /// The route of a request; for a method that the path does not have, another one of the path.
  static func first(at head: HTTPRequestHead) -> AdminRoute? {
    let found = all(at: head)
    return found.first { $0.method == head.method } ?? found.first
  }
}
