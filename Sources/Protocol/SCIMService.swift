package import Credentials
package import HTTP
package import Insight
package import Platform
import SCIM
package import Storage
import Synchronization

/// SCIM over HTTP: finds the route, checks the key, runs the operation on the key's directory.
package final class SCIMService: HTTPHandler {
  let store: Store
  let settings: ServiceSettings
  let environment: Environment
  let discovery: Discovery
  let cursors: CursorSeal
  let authorization: Authorization
  let router: Router
  let nearestEndpoint: NearestEndpoint
  private let accessLog: AccessLog?
  private let metrics: RequestMetrics?
  let steps: ConnectionSteps?
  let ring: RequestRing?
  private let requestPrefix: String
  private let requests = Atomic<UInt64>(0)
  private let isDraining = Atomic(false)

  /// - Parameters:
  ///   - authorization: finds the caller; if nil, one is created from the settings, without limits.
  ///   - accessLog: nil for none.
  ///   - steps: learns what is seen of connections; nil for none.
  ///   - metrics: counts the requests; nil for none.
  ///   - ring: takes every request with its answer; nil for none.
  package init(
    store: Store, keys: KeyRing, settings: ServiceSettings, environment: Environment, accessLog: AccessLog?,
    authorization: Authorization? = nil, metrics: RequestMetrics? = nil, steps: ConnectionSteps? = nil,
    ring: RequestRing? = nil
  ) {
    self.store = store
    self.settings = settings
    self.environment = environment
    self.accessLog = accessLog
    self.metrics = metrics
    self.steps = steps
    self.ring = ring
    self.authorization =
      authorization
      ?? Authorization(
        keys, trustedProxies: settings.trustedProxies, failedKeysPerMinute: settings.failedKeysPerMinute)
    router = Router(store.catalog, listed: settings.roles?.catalog.types ?? [])
    nearestEndpoint = NearestEndpoint(router.endpointNames)
    discovery = Discovery(store.catalog, settings)
    let random = environment.randomBytes(32)
    cursors = CursorSeal(
      secret: settings.cursorSecret ?? { random }, timeout: settings.cursorTimeout, environment: environment)
    requestPrefix =
      environment.randomBytes(4).reduce(into: "") {
        $0 += String($1 >> 4, radix: 16) + String($1 & 15, radix: 16)
      } + "-"
  }

  /// From now on `/readyz` answers 503, so that no more requests are sent here.
  package func beginDraining() { isDraining.store(true, ordering: .relaxed) }

  // MARK: HTTPHandler

  /// Checks that need no body, made before the body is read: a missing key, a wrong path, method or type. Everything is
  /// checked again once the body has arrived: the key may have been revoked meanwhile.
  package func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? {
    switch admit(HTTPRequest(head: head, body: [], peer: peer), nil) {
    case .scope: return nil
    case .answer(let response): return response
    }
  }

  package func handle(_ request: HTTPRequest, reply: HTTPReply) {
    switch admit(request, reply) {
    case .answer(let response): reply.send(response)
    case .scope(let scope):
      // Parsing a large body alone would block a loop too long.
      if scope.hasLargeBody, let directory = scope.key?.directory {
        scope.beside(directory) { Self.run(scope) }
      } else {
        Self.run(scope)
      }
    }
  }

  private static func run(_ scope: RequestScope) {
    do throws(SCIMError) { try scope.run() } catch { scope.fail(error) }
  }

  package func response(to error: HTTPError, peer: PeerAddress) -> HTTPResponse {
    let requestID = nextRequestID()
    let refusal = SCIMError(error)
    var response = ErrorResponse.make(refusal, requestID: requestID)
    response.fields.append(HTTPFields.everyAnswer)
    response.fields.append(.requestId, requestID)
    let time = environment.now()
    accessLog?.append(
      AccessLine(time: time, requestID: requestID, remote: peer.text, error: error, refusal).json)
    ring?.append(
      MalformedRequest(requestID, remote: peer.text, error, refusal),
      ObservedAnswer(status: error.status.rawValue, time: time, microseconds: 0))
    return response
  }

  /// Whether a request may continue.
  private enum Admission {
    case scope(RequestScope)
    case answer(HTTPResponse)
  }

  private func admit(_ request: HTTPRequest, _ reply: HTTPReply?) -> Admission {
    let route = router.route(request.head.path)
    let requestID = nextRequestID()
    func scope(_ key: GrantedKey?, refusal: KeyRefusal? = nil) -> RequestScope {
      RequestScope(
        self, request, route, requestID: requestID, key: key, refusal: refusal, reply: reply)
    }
    if request.head.method == .options {
      var response = HTTPResponse(status: .noContent)
      response.fields.append(.allow, route.allow)
      return .answer(scope(nil).completed(response))
    }
    var key: GrantedKey?
    if !route.isPublic {
      switch authorization.check(request, requestID: requestID, isFinal: reply != nil) {
      case .granted(let found): key = found
      case .refused(let refusal):
        let refused = scope(nil, refusal: refusal.reason)
        var response = refused.failure(refusal.error)
        for (name, value) in refusal.fields { response.fields.append(name, value) }
        return .answer(refused.completed(response))
      }
    }
    if let key, let refusal = KeyReach.refusal(key, route, request.head.method) {
      let refused = scope(key)
      var response = refused.failure(refusal.error, retryAfter: KeyReach.pauseSeconds)
      if let challenge = refusal.challenge { response.fields.append(.wwwAuthenticate, challenge) }
      return .answer(refused.completed(response))
    }
    let admitted = scope(key)
    do throws(SCIMError) {
      try admitted.check()
      return .scope(admitted)
    } catch {
      return .answer(admitted.completed(admitted.failure(error)))
    }
  }

  /// Unique for this process and, by its random first half, over restarts.
  private func nextRequestID() -> String {
    let number = requests.wrappingAdd(1, ordering: .relaxed).newValue
    return requestPrefix + String(number)
  }

  // MARK: Log

  /// Counts a request and writes its line into the access log.
  func log(_ scope: RequestScope, status: HTTPStatus) {
    let duration = environment.monotonic() &- scope.started
    let template = scope.route.template
    metrics?.count(
      RequestMetrics.Series(
        directory: scope.key?.key.directory ?? DataFolder.systemName, route: template,
        method: scope.head.method.rawValue, status: status.rawValue), nanoseconds: duration)
    guard accessLog != nil || ring != nil, scope.refusal?.requests != 0 else { return }
    let time = environment.now()
    if let ring, !scope.route.isProbe {
      ring.append(
        scope, ObservedAnswer(status: status.rawValue, time: time, microseconds: duration / 1000))
    }
    guard let accessLog else { return }
    var resource: ArraySlice<UInt8>?
    switch scope.route {
    // Any other text may be a name, or a key pasted into the wrong place.
    case .resource(_, let id): resource = ResourceID(id) == nil ? Array("?".utf8)[...] : id
    case .me: resource = scope.key?.key.user.map { Array($0.utf8)[...] }
    default: break
    }
    let line = AccessLine(
      time: time, requestID: scope.requestID, remote: scope.remote,
      method: scope.head.method.rawValue, template: template, resource: resource,
      key: scope.key?.key.id, refusal: scope.refusal, code: scope.observation.error?.code,
      status: status.rawValue, microseconds: duration / 1000)
    accessLog.append(line.json)
  }

  /// Whether requests should be sent here.
  var isReady: Bool { !isDraining.load(ordering: .relaxed) }
}
