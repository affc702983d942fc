package import HTTP
package import Platform

/// The admin API behind a listener: the unix socket in the data folder, whose file mode is its guard.
package final class ControlService: HTTPHandler {
  package typealias Identify = @Sendable (HTTPRequest) -> AdminCaller

  private let handler: AdminHandler
  private let caller: Identify
  private let workers = AdminWorkers()

  /// - Parameter caller: who sends a request; the default is right for the socket of the data folder alone.
  package init(
    _ handler: AdminHandler, caller: @escaping Identify = { AdminCaller.socket($0.peer) }
  ) {
    self.handler = handler
    self.caller = caller
  }

  package func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? { nil }

  package func handle(_ request: HTTPRequest, reply: HTTPReply) {
    let (handler, caller) = (handler, caller(request))
    let isTaken = workers.submit(isLong: AdminHandler.isLong(request.head)) {
      reply.send(handler.respond(to: request, by: caller))
    }
    if !isTaken {
      reply.send(
        AdminHandler.response(to: AdminProblem(.busy, "Too many administrative requests are waiting.")))
    }
  }

  package func response(to error: HTTPError) -> HTTPResponse {
    AdminHandler.response(to: AdminProblem(error))
  }
}
