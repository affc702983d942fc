import Dispatch
package import HTTP
package import Platform

/// The control socket in the data folder: how the command line reaches a running server.
package final class ControlService: HTTPHandler {
  private let control: ControlAPI
  private let admin: AdminAPI?
  /// Keys are written to a file, which must not hold an event loop up.
  private let queue = DispatchQueue(label: "scimd.control")

  /// - Parameter admin: nil for a server that has keys only.
  package init(_ control: ControlAPI, admin: AdminAPI? = nil) {
    self.control = control
    self.admin = admin
  }

  package func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? { nil }

  package func handle(_ request: HTTPRequest, reply: HTTPReply) {
    queue.async { @Sendable in
      reply.send(self.admin?.respond(to: request) ?? self.control.respond(to: request))
    }
  }

  package func response(to error: HTTPError) -> HTTPResponse {
    ControlAPI.failure(error.status, error.detail)
  }
}
