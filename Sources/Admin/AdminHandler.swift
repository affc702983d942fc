package import HTTP
import JSON
import Platform
import Storage

/// The admin API as a function of a request and its caller; it waits for the disk, so it is called off the event loops.
package struct AdminHandler: Sendable {
  /// Bytes of a body that is not an import.
  static let maxBodyBytes = 8 << 20

  let world: AdminWorld

  package init(_ world: AdminWorld) { self.world = world }

  /// A new request id: `admin-` and 8 digits.
  static func requestID(_ environment: Environment) -> String { "admin-\(environment.uuid().prefix(8))" }

  /// Answers every request, refused ones with a problem (RFC 9457).
  ///
  /// - Parameter requestID: nil for a new one.
  package func respond(
    to request: HTTPRequest, by caller: AdminCaller, requestID: String? = nil
  ) -> HTTPResponse {
    let requestID = requestID ?? Self.requestID(world.environment)
    return answered(requestID, request.head) { () throws(AdminProblem) in
      try answer(request, caller, requestID)
    }
  }

  /// The answer to a request of a quick route, on an event loop; nil if a worker has to answer.
  func respondAtOnce(to request: HTTPRequest, by caller: AdminCaller, requestID: String) -> HTTPResponse? {
    var isLater = false
    let response = answered(requestID, request.head) { () throws(AdminProblem) in
      do throws(AdminProblem) { return try answer(request, caller, requestID, isOnLoop: true) } catch {
        isLater = error.isLater
        throw error
      }
    }
    return isLater ? nil : response
  }

  private func answered(
    _ requestID: String, _ head: HTTPRequestHead, _ body: () throws(AdminProblem) -> AdminAnswer
  ) -> HTTPResponse {
    var response: HTTPResponse
    do throws(AdminProblem) {
      response = try body().response
    } catch {
      var problem = error
      problem.request = requestID
      response = Self.response(to: problem)
      if problem.code == .methodNotAllowed { response.fields.append(.allow, Self.allowed(head)) }
    }
    response.fields.append(.requestId, requestID)
    return response
  }

  /// Whether the request may take seconds, and so must not delay others.
  static func isLong(_ head: HTTPRequestHead) -> Bool {
    AdminRoute.all(at: head).contains { $0.method == head.method && $0.isLong }
  }

  /// The refusal as a response, without the id of a request.
  package static func response(to problem: AdminProblem) -> HTTPResponse {
    var response = HTTPResponse(
      status: HTTPStatus(rawValue: problem.code.status), fields: .everyAnswer,
      body: .bytes(problem.json.serialized()))
    response.fields.append(.contentType, AdminProblem.mediaType)
    if problem.code == .busy { response.fields.append(.retryAfter, "1") }
    return response
  }

  // MARK: Dispatch

  private static func path(_ head: HTTPRequestHead) throws(AdminProblem) -> [String] {
    do throws(PercentDecodingError) { return try PercentDecoding.segments(of: head.path) } catch {
      throw AdminProblem(.malformedPath, "The path is not percent-encoded UTF-8.")
    }
  }

  /// The `Allow` field of a path.
  private static func allowed(_ head: HTTPRequestHead) -> String {
    Set(AdminRoute.all(at: head).map(\.method.rawValue)).sorted().joined(separator: ", ")
  }

  /// Checks everything that is common to all routes, in this order: path, method, scope, head, query, directory.
  private func answer(
    _ request: HTTPRequest, _ caller: AdminCaller, _ requestID: String, isOnLoop: Bool = false
  ) throws(AdminProblem) -> AdminAnswer {
    let path = try Self.path(request.head)
    let (route, values) = try find(path, request.head.method)
    try checkReach(of: caller, route)
    try checkHead(request, route)
    let query = try AdminQuery(request.head.query, route.allParameters)
    try checkConnection(of: caller, route, values, query)
    let tenant = Result { () throws(AdminProblem) in
      try directory(
        route.isOfCaller ? caller.directory : values["directory"], caller,
        mayBeNew: mayBeNew(route, query, caller))
    }
    // A repeated request gets the answer to the first one, even if that deleted the directory.
    let mayBeGone = route.changesSystem && request.head[.idempotencyKey] != nil
    if !mayBeGone { _ = try tenant.get() }
    var call = AdminCall(
      world: world, caller: caller, path: values, query: query, head: request.head, body: request.body,
      requestID: requestID, tenant: try? tenant.get())
    call.isOnLoop = isOnLoop
    return try once(call, route) { call throws(AdminProblem) in
      _ = try tenant.get()
      return try route.handle(call)
    }
  }

  /// Carries a request out unless it was carried out before; then it is answered from the earlier result.
  private func once(
    _ call: AdminCall, _ route: AdminRoute, _ handle: (AdminCall) throws(AdminProblem) -> AdminAnswer
  ) throws(AdminProblem) -> AdminAnswer {
    guard let replay = route.replay, let field = call.head[.idempotencyKey] else { return try handle(call) }
    let request = try IdempotentRequest(call, field, route)
    guard world.running.begin(request.name) else {
      throw AdminProblem(.stillRunning, "A request with this Idempotency-Key is still being processed.")
    }
    defer { world.running.end(request.name) }
    switch request.directory.known(request.idempotency).whenDurable() {
    case .other?:
      throw AdminProblem(.keyReused, "This Idempotency-Key was used for another request.")
    case .same(let id, let status, let kept)?:
      var call = call
      call.keptAnswer = kept
      var answer = try replay(call, id ?? call.path["id"] ?? "")
      answer.status = HTTPStatus(rawValue: status)
      answer.fields.append((FieldName("Idempotent-Replayed"), "true"))
      return answer
    case nil:
      var call = call
      call.idempotency = request.idempotency
      return try handle(call)
    }
  }

  /// The route and the values of its path parameters; throws 404 or 405.
  private func find(
    _ path: [String], _ method: HTTPMethod
  ) throws(AdminProblem) -> (AdminRoute, [String: String]) {
    let found = AdminRoute.all(at: path)
    if let route = found.first(where: { $0.method == method }), let values = route.match(path) {
      return (route, values)
    }
    guard !found.isEmpty else { throw AdminProblem(.noSuchEndpoint, "No such endpoint exists.") }
    throw AdminProblem(.methodNotAllowed, "\(method.rawValue) is not allowed here.")
  }

  /// For a caller of one connection, nothing else exists.
  private func checkConnection(
    of caller: AdminCaller, _ route: AdminRoute, _ values: [String: String], _ query: AdminQuery
  ) throws(AdminProblem) {
    guard let connection = caller.connection else { return }
    let asked: String?
    switch route.reach {
    case .path(let name)?: asked = values[name]
    case .parameter(let name)?: asked = query[name]
    case .handler?: return
    case nil: asked = nil
    }
    guard let asked, asked.hasSameBytes(as: connection.text) else {
      throw AdminProblem(.noSuchEndpoint, "A set-up link does not reach this.")
    }
  }

  /// Checks the scope, and that a caller of one directory does not ask for more.
  private func checkReach(of caller: AdminCaller, _ route: AdminRoute) throws(AdminProblem) {
    guard let scope = route.scope else { return }
    guard caller.scopes.contains(scope) else {
      throw AdminProblem(.insufficientScope, "This request needs the scope \(scope.rawValue).")
    }
    if route.isOfCaller {
      guard caller.directory != nil else {
        throw AdminProblem(
          .beyondDirectory,
          "This request applies to the key's directory, but the caller does not belong to a single directory.",
          fix: "Use a key of one directory: `scimd key create --directory NAME --scopes \(scope.rawValue)`.")
      }
      return
    }
    guard route.isOfDirectory || route.showsPart || caller.directory == nil else {
      throw AdminProblem(
        .beyondDirectory, "This request concerns all directories, but the key belongs to one.")
    }
  }

  /// Refuses conditions that the route would ignore, a missing or needless body, and one that is too large.
  private func checkHead(_ request: HTTPRequest, _ route: AdminRoute) throws(AdminProblem) {
    if request.head[.idempotencyKey] != nil, !route.takesIdempotencyKey {
      throw AdminProblem(
        .notSupported, "Idempotency-Key has no meaning here.", fix: "Send the request without the field.")
    }
    if request.head[.ifNoneMatch] != nil, !route.takesIfNoneMatch, route.isOfCaller {
      throw AdminProblem(
        .notSupported, "If-None-Match has no meaning here.", fix: "Send the request without the field.")
    }
    if request.head[.ifMatch] != nil, !route.takesIfMatch {
      throw AdminProblem(
        .notSupported, "If-Match has no meaning here.", fix: "Send the request without the field.")
    }
    guard route.body != nil else {
      guard request.body.isEmpty else {
        throw AdminProblem(.invalidJSON, "This request takes no body.", fix: "Send it without a body.")
      }
      return
    }
    guard route.isLong || request.body.count <= Self.maxBodyBytes else {
      throw AdminProblem(.contentTooLarge, "The body is larger than \(Self.maxBodyBytes) bytes.")
    }
    try checkMediaType(request.head, route)
  }

  /// A JSON body must have a JSON media type, or none; a file may have any.
  private func checkMediaType(_ head: HTTPRequestHead, _ route: AdminRoute) throws(AdminProblem) {
    guard route.body?.mediaType == "application/json", let field = head[.contentType] else { return }
    let type = String(
      decoding: field.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }, as: UTF8.self)
    guard ["application/json", "application/scim+json"].contains(type.lowercased()) else {
      throw AdminProblem(.unsupportedMediaType, "The body has the media type \(type.prefix(64)).")
    }
  }

  /// The directory in the path. For a caller of one directory, no other directory exists, whatever the route.
  private func directory(
    _ name: String?, _ caller: AdminCaller, mayBeNew: Bool
  ) throws(AdminProblem) -> Directory? {
    guard let name else { return nil }
    let isVisible = caller.directory.map { $0.hasSameBytes(as: name) } ?? true
    if isVisible {
      if let directory = try world.directory(named: name) { return directory }
      if mayBeNew, DataFolder.isValidName(name) { return nil }
    }
    throw AdminProblem(.unknownDirectory, "The directory \"\(name.prefix(64))\" does not exist.")
  }

  /// Whether the request may create the directory; a caller of one directory cannot.
  private func mayBeNew(_ route: AdminRoute, _ query: AdminQuery, _ caller: AdminCaller) -> Bool {
    route.canMakeDirectory && query.has("newDirectory") && caller.directory == nil
  }
}

extension FieldName {
  static let idempotencyKey = FieldName("Idempotency-Key")
  /// The last event that a reader of server-sent events has seen.
  static let lastEventID = FieldName("Last-Event-ID")
}
