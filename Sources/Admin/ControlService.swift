package import HTTP
package import Platform

/// The admin API on the unix socket in the data folder, for the user who owns it. The mode of the socket keeps others
/// out; if it was changed, users that the kernel reports as others are refused all the same.
package final class ControlService: HTTPHandler {
  package typealias Identify = @Sendable (HTTPRequest) -> AdminCaller

  private let handler: AdminHandler
  private let caller: Identify
  private let workers = AdminWorkers()

  /// - Parameter caller: identifies the sender of a request; the default is right only for the socket of the data folder.
  package init(
    _ handler: AdminHandler, caller: @escaping Identify = { AdminCaller.socket($0.peer) }
  ) {
    self.handler = handler
    self.caller = caller
  }

  /// Refuses other users than the owner and root.
  package func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? {
    guard let user = peer.unixUser, user != UserName.current, user != 0 else { return nil }
    return AdminHandler.response(
      to: AdminProblem(
        .insufficientScope, "Only the user \(UserName.text(UserName.current)) can use this socket.",
        fix: "Run the command as that user, or use a key with admin scopes over http."))
  }

  /// Answers from a worker; 503 if too many requests wait.
  package func handle(_ request: HTTPRequest, reply: HTTPReply) {
    // A request without a body arrives here directly.
    if let refused = refusal(of: request.head, peer: request.peer) { return reply.send(refused) }
    let (handler, caller) = (handler, caller(request))
    let isTaken = workers.submit(isLong: AdminHandler.isLong(request.head)) {
      reply.send(handler.respond(to: request, by: caller))
    }
    if !isTaken {
      reply.send(
        AdminHandler.response(to: AdminProblem(.busy, "Too many administrative requests are waiting.")))
    }
  }

  package func response(to error: HTTPError, peer: PeerAddress) -> HTTPResponse {
    AdminHandler.response(to: AdminProblem(error))
  }
}
