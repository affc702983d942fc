import Access
import Credentials
import HTTP
import Platform
import JSON
import SCIM
import Storage

/// One request while it is answered: the caller, the operation and the form of the answer. An object, because the hot
/// path passes it around a lot.
final class RequestScope: Sendable {
  let service: SCIMService
  let request: HTTPRequest
  let route: Route
  let requestID: String
  /// Nanoseconds of the monotonic clock.
  let started: UInt64
  /// Nil if the request has no key or its key was refused.
  let key: GrantedKey?
  /// Why the request has no key, if it needs one.
  let refusal: KeyRefusal?
  /// Nil if the request is only checked, before its body has been read.
  private let reply: HTTPReply?
  /// What the request changed; nil if it cannot change anything, or nobody observes it.
  let trace: ChangeTrace?
  /// For the ring. Written by the thread that works on the request, before the answer is sent; read by the ring
  /// afterwards.
  nonisolated(unsafe) var observation = Observation()

  /// - Parameter reply: nil for a request that is only checked.
  init(
    _ service: SCIMService, _ request: HTTPRequest, _ route: Route, requestID: String, key: GrantedKey?,
    refusal: KeyRefusal?, reply: HTTPReply?
  ) {
    self.service = service
    self.request = request
    self.route = route
    self.requestID = requestID
    started = service.environment.monotonic()
    self.key = key
    self.refusal = refusal
    self.reply = reply
    trace = service.ring == nil || request.head.method == .get ? nil : ChangeTrace()
  }

  var head: HTTPRequestHead { request.head }

  /// Whether just parsing the body would block the event loop for too long; such a request is handled by a worker.
  var hasLargeBody: Bool { request.body.count > 64 * 1024 }

  /// The base of links in the answer; a Host field that a stranger can choose is never used. Through a local proxy that
  /// is not trusted every client seems to come from this machine, so only hosts that name this machine are accepted.
  var base: String {
    if let base = service.settings.publicBase { return base }
    let peer = request.peer
    let proxies = service.settings.trustedProxies
    let isProxy = !proxies.isEmpty && proxies.contains(peer.text)
    guard isProxy || peer.isLoopback || peer.isUnixSocket else { return service.settings.localBase }
    var scheme = "http"
    var host = head.authority
    if isProxy {
      if head[.forwardedProto].map({ $0.elementsEqual("https".utf8) }) == true { scheme = "https" }
      if let forwarded = head[.forwardedHost].map({ String(decoding: $0, as: UTF8.self) }),
        RequestScope.isHost(forwarded)
      {
        host = forwarded
      }
    }
    let settings = service.settings
    guard let host else { return settings.localBase }
    if !isProxy {
      // As it mostly is.
      if host.hasSameBytes(as: settings.localAuthority) { return settings.localBase }
      guard OwnHost.isOne(host, listening: settings.localAuthority) else { return settings.localBase }
    }
    return "\(scheme)://\(host)/scim/v2"
  }

  /// The caller and the request, for the record of a change.
  var context: RequestContext {
    var context = RequestContext(
      key?.actor(remote: remote, certificate: head.clientCertificate) ?? Actor(.server, remote: remote),
      requestID: requestID,
      operation: "\(head.method.rawValue) \(route.template)")
    context.trace = trace
    return context
  }

  /// The client's address; from the proxy only if the proxy is trusted.
  var remote: String { request.client(trusting: service.settings.trustedProxies) }

  /// Turns the roles in users' attributes into grants; nil if the key has no connection or the directory's policy
  /// does not allow it.
  var providerRoles: ProviderRoles? {
    guard let key, let connection = key.key.connection, let index = service.settings.access else {
      return nil
    }
    return ProviderRoles(key.directory, index, connection: connection)
  }

  /// The rules for reading this request.
  var dialect: Dialect {
    Dialect(
      profile: key?.profile ?? .generic,
      refusesUnknownAttributes: service.settings.refusesUnknownAttributes)
  }

  // MARK: Answering

  /// Sends the answer and logs it.
  func send(_ response: HTTPResponse) { reply?.send(completed(response)) }

  func fail(_ error: SCIMError) { send(failure(error)) }

  /// The response with the fields that every answer has; it is written to the access log.
  func completed(_ response: HTTPResponse) -> HTTPResponse {
    var response = response
    response.fields.append(HTTPFields.everyAnswer)
    response.fields.append(.requestId, requestID)
    // RFC 7644 §3.11: the answer for /Me gives the location of the user.
    if case .me = route, response.status.rawValue < 400, response.fields[.location] == nil,
      let (type, id) = try? userOfKey()
    {
      response.fields.append(.location, "\(base)\(type.endpoint)/\(id)")
    }
    service.log(self, status: response.status)
    return response
  }

  /// - Parameter retryAfter: seconds, for requests that can be repeated.
  func failure(_ error: SCIMError, retryAfter: Int = 5) -> HTTPResponse {
    observation.error = error
    // The 406 itself is sent with SCIM's media type.
    let mediaType = (try? MediaTypes.answer(to: head)) ?? MediaTypes.scim
    var response = ErrorResponse.make(
      error, requestID: requestID, mediaType: mediaType, retryAfter: retryAfter)
    if error.status == 405 { response.fields.append(.allow, route.allow) }
    return response
  }

  /// Whether the text can be a host with a port; it goes into links.
  private static func isHost(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 255
      && text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) || $0 == UInt8(ascii: ".")
          || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "[")
          || $0 == UInt8(ascii: "]")
      }
  }
}
