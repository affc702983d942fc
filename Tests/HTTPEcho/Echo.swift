import HTTP
import Platform

/// Answers every method and path with 200 and the body it was sent, or with `content` where none was sent.
struct Echo: HTTPHandler {
  let content: [UInt8]

  func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? { nil }

  func handle(_ request: HTTPRequest, reply: HTTPReply) {
    var fields = HTTPFields()
    if let type = request.head[.contentType] {
      fields.append(.contentType, Array(type))
    } else {
      fields.append(.contentType, plain: Self.anyType)
    }
    let body = request.body.isEmpty ? content : request.body
    reply.send(HTTPResponse(status: .ok, fields: fields, body: .bytes(body)))
  }

  func response(to error: HTTPError, peer: PeerAddress) -> HTTPResponse {
    HTTPResponse(status: error.status, body: .bytes(Array((error.detail + "\n").utf8)))
  }

  private static let anyType = Array("application/octet-stream".utf8)
}
