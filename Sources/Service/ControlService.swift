import Dispatch
package import HTTP
package import Platform
import SCIM

/// The control socket in the data folder: how the command line reaches a running server.
package final class ControlService: HTTPHandler {
  private let control: ControlAPI
  /// Keys are written to a file, which must not hold an event loop up.
  private let queue = DispatchQueue(label: "scimd.control")

  package init(_ control: ControlAPI) { self.control = control }

  package func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? { nil }

  package func handle(_ request: HTTPRequest, reply: HTTPReply) {
    queue.async { @Sendable in reply.send(self.control.respond(to: request)) }
  }

  package func response(to error: HTTPError) -> HTTPResponse {
    ErrorResponse.make(SCIMError(status: error.status.rawValue, detail: error.detail))
  }
}
