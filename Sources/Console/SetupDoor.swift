package import Admin
package import Credentials
package import HTTP
import JSON
package import Platform
import SCIM
import Storage

/// `/setup`: the set-up room. Somebody with a link sees one connection and its requests, and can make one key for it.
/// Each call is passed to the admin API with a caller whose reach is that connection.
package final class SetupDoor: HTTPHandler {
  /// Bytes of a body: a secret.
  private static let maxBodyBytes = 4096

  private let handler: AdminHandler
  private let world: AdminWorld
  private let authorization: Authorization
  private let trustedProxies: Set<String>
  private let report: @Sendable (DoorAccess) -> Void
  private let workers = AdminWorkers()

  /// - Parameter report: receives every call with its answer; called on any thread.
  package init(
    _ world: AdminWorld, _ authorization: Authorization, trustedProxies: Set<String>,
    report: @escaping @Sendable (DoorAccess) -> Void = { _ in }
  ) {
    self.world = world
    self.authorization = authorization
    self.trustedProxies = trustedProxies
    self.report = report
    handler = AdminHandler(world)
  }

  package func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? {
    guard let length = head.contentLength, length <= Self.maxBodyBytes else {
      return AdminHandler.response(
        to: AdminProblem(.contentTooLarge, "The body is larger than \(Self.maxBodyBytes) bytes."))
    }
    return nil
  }

  package func handle(_ request: HTTPRequest, reply: HTTPReply) {
    let path = (try? PercentDecoding.segments(of: request.head.path)) ?? []
    guard path.count > 1, path[1].hasSameBytes(as: "session") || path[1].hasSameBytes(as: "api") else {
      return reply.send(ConsolePages.embedded.answer(request.head, "setup"))
    }
    var access = DoorAccess(
      method: request.head.method.rawValue,
      template: "/setup/" + path[1...].prefix(2).joined(separator: "/").prefix(40),
      requestID: "setup-\(world.environment.uuid().prefix(8))",
      remote: request.client(trusting: trustedProxies), certificate: request.head.clientCertificate,
      world.environment)
    access.isOfConsole = true
    let isReading = request.head.method == .get || request.head.method == .head
    guard isReading || request.isFromOwnPage(trusting: trustedProxies) else {
      let problem = AdminProblem(.notFromConsole, "The request does not come from the page of the link.")
      return finish(AdminHandler.response(to: problem), access, reply)
    }
    let known = access
    let isTaken = workers.submit(isLong: false) { [self] in
      do throws(AdminProblem) {
        finish(try answer(request, path, known), known, reply)
      } catch {
        finish(AdminHandler.response(to: error), known, reply)
      }
    }
    if !isTaken {
      finish(AdminHandler.response(to: AdminProblem(.busy, "Too many requests are waiting.")), access, reply)
    }
  }

  package func response(to error: HTTPError, peer: PeerAddress) -> HTTPResponse {
    AdminHandler.response(to: AdminProblem(error))
  }

  // MARK: Calls

  private func answer(
    _ request: HTTPRequest, _ path: [String], _ access: DoorAccess
  ) throws(AdminProblem) -> HTTPResponse {
    let rest = path.dropFirst(2).map { $0 }
    let method = request.head.method
    if path[1].hasSameBytes(as: "session") {
      guard rest.isEmpty, method == .post else {
        throw AdminProblem(.methodNotAllowed, "A link is opened by POST.")
      }
      return try open(request, access)
    }
    let link = try link(of: request)
    let directory = PercentDecoding.encoded(link.directory)
    let root = "/admin/v1/directories/\(directory)"
    switch (method, rest.first, rest.count) {
    case (.get, "connection"?, 1):
      return pass("GET", "\(root)/connections/\(link.connection.text)", link, access)
    case (.get, "link"?, 1): return json(state(of: link))
    case (.get, "requests"?, 1), (.get, "watch"?, 1):
      let noun = rest[0].hasSameBytes(as: "watch") ? "requests/watch" : "requests"
      return pass("GET", "\(root)/\(noun)?connection=\(link.connection.text)", link, access)
    case (.get, "requests"?, 2):
      return pass("GET", "\(root)/requests/\(PercentDecoding.encoded(rest[1]))", link, access)
    case (.post, "key"?, 1): return try makeKey(link, root, access)
    default: throw AdminProblem(.noSuchEndpoint, "The set-up room has no such endpoint.")
    }
  }

  /// The link of the cookie; throws in plain words if it has ended.
  private func link(of request: HTTPRequest) throws(AdminProblem) -> SetupLink {
    let tokens = SessionCookie.tokens(in: request.head, of: .setup)
    if let link = tokens.lazy.compactMap({ self.world.sessions.session($0)?.link }).first { return link }
    throw AdminProblem(
      .setupLinkEnded, "The link has ended, or this browser has not opened it for a while.",
      fix: "Open the link again. If it has ended, ask the person who sent it for a new one.")
  }

  /// The secret for a cookie. Every visit is a record.
  private func open(_ request: HTTPRequest, _ access: DoorAccess) throws(AdminProblem) -> HTTPResponse {
    guard let json = try? JSONParser.parse(request.body) else {
      throw AdminProblem(.invalidJSON, "The body is not valid JSON.")
    }
    let reader = try ObjectReader(json)
    try reader.allow(["secret"], of: "a visit")
    let secret = Array(try reader.text("secret").utf8)
    guard let link = world.links.link(ofSecret: secret[...]) else {
      if let seconds = authorization.tooManyFailures(of: request) {
        throw AdminProblem(
          .tooManyFailures, "Too many wrong links came from this address: wait \(seconds) s.")
      }
      throw AdminProblem(.setupLinkEnded, "This link is not known here.", fix: "Copy the whole link again.")
    }
    switch world.links.state(of: link) {
    case .open: break
    case .expired: throw AdminProblem(.setupLinkEnded, "This link has expired.")
    case .revoked: throw AdminProblem(.setupLinkEnded, "This link was revoked.")
    }
    let actor = Actor(
      .session, remote: access.remote, certificate: access.certificate, command: "set-up link \(link.id)")
    let context = RequestContext(actor, requestID: access.requestID, operation: "OPEN /links/{id}")
    let now = world.keys.now
    let grant = SessionGrant(.link(link.id), directory: link.directory, scopes: [])
    let agent = request.head[.userAgent].map { String(decoding: $0.prefix(200), as: UTF8.self) }
    do throws(SCIMError) {
      _ = try world.links.change(link.id, context) { link in
        guard link.used == nil else { return false }
        link.used = now
        return true
      }
      let token = try world.sessions.begin(grant, remote: access.remote, agent: agent, context).whenDurable()
        .get()
      var response = self.json(state(of: link), .created)
      response.fields.append(.setCookie, cookie(token, request))
      return response
    } catch {
      throw AdminProblem(error)
    }
  }

  /// The one key of a link. The log says first that it is made, so that a crash cannot leave a second one.
  private func makeKey(_ link: SetupLink, _ root: String, _ access: DoorAccess) throws(AdminProblem)
    -> HTTPResponse
  {
    let actor = Actor(
      .session, remote: access.remote, certificate: access.certificate, command: "set-up link \(link.id)")
    let context = RequestContext(actor, requestID: access.requestID, operation: "USE /links/{id}")
    guard try mark(link, madeKey: true, context) else {
      throw AdminProblem(.setupKeyMade, "A key was made with this link already.")
    }
    let body: JSONValue = [
      "name": .string("Set-up link \(link.id)"), "connection": .string(link.connection.text),
    ]
    let response = pass("POST", "\(root)/keys", link, access, createsKey: true, body: body.serialized())
    if response.status.rawValue >= 300 { _ = try mark(link, madeKey: false, context) }
    return response
  }

  /// Whether the link was marked otherwise before.
  private func mark(
    _ link: SetupLink, madeKey: Bool, _ context: RequestContext
  ) throws(AdminProblem) -> Bool {
    var isChanged = false
    do throws(SCIMError) {
      _ = try world.links.change(link.id, context) { link in
        isChanged = link.madeKey != madeKey
        link.madeKey = madeKey
        return isChanged
      }
    } catch {
      throw AdminProblem(error)
    }
    return isChanged
  }

  /// The answer of the admin API.
  private func pass(
    _ method: String, _ target: String, _ link: SetupLink, _ access: DoorAccess, createsKey: Bool = false,
    body: [UInt8] = []
  ) -> HTTPResponse {
    guard let head = try? HTTPRequestHead(method: method, target: target) else {
      return AdminHandler.response(to: AdminProblem(.malformedPath, "The path is too long."))
    }
    let request = HTTPRequest(head: head, body: body, peer: .unixSocket)
    let caller = AdminCaller(
      link, remote: access.remote, certificate: access.certificate, createsKey: createsKey)
    return handler.respond(to: request, by: caller, requestID: access.requestID)
  }

  private func state(of link: SetupLink) -> JSONValue {
    [
      "id": .string(link.id), "expires": .string(world.links.end(of: link).description),
      "madeKey": .bool(link.madeKey), "baseURL": .string(world.base),
    ]
  }

  private func json(_ value: JSONValue, _ status: HTTPStatus = .ok) -> HTTPResponse {
    var response = HTTPResponse(status: status, fields: .everyAnswer, body: .bytes(value.serialized()))
    response.fields.append(.contentType, "application/json")
    return response
  }

  private func cookie(_ token: String, _ request: HTTPRequest) -> String {
    SessionCookie.field(
      token, isSecure: request.isSecure(trusting: trustedProxies),
      authority: request.ownHost(trusting: trustedProxies), of: .setup)
  }

  private func finish(_ response: HTTPResponse, _ access: DoorAccess, _ reply: HTTPReply) {
    var response = response
    if case nil = response.fields[.requestId] { response.fields.append(.requestId, access.requestID) }
    report(access.answered(response.status.rawValue, world.environment))
    reply.send(response)
  }
}
