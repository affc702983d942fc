package import Platform

/// The application behind the HTTP layer.
package protocol HTTPHandler: Sendable {
  /// A response here ends the request before its body is awaited or `100 Continue` sent.
  ///
  /// Called on the loop when the head is complete and there is a body to wait for; must not block. `handle` has to
  /// refuse the same requests: only it is called if the body arrived with the head.
  func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse?

  /// Answers at once, or keeps `reply` and calls it later from any thread; exactly once.
  ///
  /// Called on the loop with the whole body; must not block.
  func handle(_ request: HTTPRequest, reply: HTTPReply)

  /// Renders an error of the HTTP layer as the application's error body.
  func response(to error: HTTPError, peer: PeerAddress) -> HTTPResponse
}
