import HTTP
import Platform

/// `/ok` answers GET, `/echo` answers POST with its body, anything else is 404.
struct TestHandler: HTTPHandler {
  typealias Answer = @Sendable (HTTPRequest, HTTPReply) -> Bool

  var refuses: @Sendable (HTTPRequestHead) -> HTTPResponse? = { _ in nil }
  /// Takes the request when it returns true.
  var answers: Answer = { _, _ in false }

  func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? {
    refuses(head)
  }

  func handle(_ request: HTTPRequest, reply: HTTPReply) {
    if let refused = refuses(request.head) { return reply.send(refused) }
    if answers(request, reply) { return }
    reply.send(Self.response(to: request))
  }

  func response(to error: HTTPError, peer: PeerAddress) -> HTTPResponse {
    HTTPResponse(status: error.status, body: .bytes(Array(error.detail.utf8)))
  }

  static func response(to request: HTTPRequest) -> HTTPResponse {
    let head = request.head
    guard Array(head.path) != Array("*".utf8) else { return HTTPResponse(status: .noContent) }
    guard let segments = try? PercentDecoding.segments(of: head.path), (try? Query(head.query)) != nil
    else { return HTTPResponse(status: .badRequest) }
    switch (segments.first, head.method) {
    case ("ok", .get) where segments.count == 1, ("ok", .head) where segments.count == 1:
      return HTTPResponse(status: .ok, body: .bytes(Array("fine".utf8)))
    case ("ok", .options): return HTTPResponse(status: .noContent)
    case ("echo", .post) where head[.contentEncoding] != nil:
      return HTTPResponse(status: .unsupportedMediaType)
    case ("echo", .post): return HTTPResponse(status: .ok, body: .bytes(request.body))
    case ("ok", _) where segments.count == 1, ("echo", _):
      var response = HTTPResponse(status: .methodNotAllowed)
      response.fields.append(.allow, "GET, HEAD, OPTIONS")
      return response
    default: return HTTPResponse(status: .notFound)
    }
  }
}
