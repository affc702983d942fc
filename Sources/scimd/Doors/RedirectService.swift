import Admin
import Credentials
import Dispatch
import HTTP
import Platform

/// The plain listener next to https: sends readers to the public URL, and refuses everything else, most of all a key.
final class RedirectService: HTTPHandler {
  private let target: PublicURL
  private let keys: KeyRing
  private let report: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "scimd.burnt")

  /// - Parameter report: receives a warning once for each key that was sent in clear.
  init(to target: PublicURL, _ keys: KeyRing, report: @escaping @Sendable (String) -> Void) {
    self.target = target
    self.keys = keys
    self.report = report
  }

  func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? { answer(head, peer) }

  func handle(_ request: HTTPRequest, reply: HTTPReply) { reply.send(answer(request.head, request.peer)) }

  func response(to error: HTTPError, peer: PeerAddress) -> HTTPResponse {
    AdminHandler.response(to: AdminProblem(error))
  }

  private func answer(_ head: HTTPRequestHead, _ peer: PeerAddress) -> HTTPResponse {
    if head[.authorization] != nil {
      queue.async { @Sendable [self] in burn(head, peer) }
      return refusal(
        "The key was sent unencrypted, so anyone on the way may have read it. Use \(target.text), and replace the key."
      )
    }
    guard head.method == .get, head.path.first == UInt8(ascii: "/") else {
      return refusal("This address only redirects GET requests. Use \(target.text).")
    }
    var location = Array(target.text.utf8) + head.path
    if let query = head.query { location += [UInt8(ascii: "?")] + query }
    var fields = HTTPFields()
    fields.append(.location, location)
    return HTTPResponse(status: .permanentRedirect, fields: fields)
  }

  private func refusal(_ detail: String) -> HTTPResponse {
    var fields = HTTPFields()
    fields.append(.contentType, "text/plain; charset=utf-8")
    return HTTPResponse(status: .forbidden, fields: fields, body: .bytes(Array((detail + "\n").utf8)))
  }

  private func burn(_ head: HTTPRequestHead, _ peer: PeerAddress) {
    guard let burnt = keys.burn(head) else { return }
    report(
      "the key \(burnt.key.id) (\(TerminalText.value(burnt.key.name))) was sent unencrypted from \(peer.text): anyone on "
        + "the way may have read it. Replace it: `scimd key rotate \(burnt.key.id) --overlap none`.")
  }
}
