package import HTTP
package import Platform

/// The admin API behind a listener: the unix socket in the data folder, for the user who owns it. The mode of its file
/// lets in nobody else, and if that was changed, other users, as reported by the kernel, are refused.
package final class ControlService: HTTPHandler {
  package typealias Identify = @Sendable (HTTPRequest) -> AdminCaller

  private let handler: AdminHandler
  private let caller: Identify
  private let workers = AdminWorkers()

  /// - Parameter caller: finds the sender of a request; the default is right only for the socket of the data folder.
  package init(
    _ handler: AdminHandler, caller: @escaping Identify = { AdminCaller.socket($0.peer) }
  ) {
    self.handler = handler
    self.caller = caller
  }

  package func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? {
    guard let user = peer.unixUser, user != UserName.current, user != 0 else { return nil }
    return AdminHandler.response(
      to: AdminProblem(
        .insufficientScope, "Only the user \(UserName.text(UserName.current)) can use this socket.",
        fix: "Run the command as that user, or use a key with admin scopes over http."))
  }

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
