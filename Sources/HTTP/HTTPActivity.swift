/// What a server is doing and has done since its start.
package struct HTTPActivity: Sendable {
  package let openConnections: Int
  package let requestsInFlight: Int
  package let acceptedConnections: UInt64
  /// Closed or answered with 503 because a limit was reached.
  package let refusedConnections: UInt64
  /// Requests that the HTTP layer answered itself: broken framing, a time-out, a limit.
  package let refusedRequests: UInt64
  /// TLS handshakes that ended, by how they did; nil if the server speaks no TLS.
  package let handshakes: (full: UInt64, resumed: UInt64, failed: UInt64)?
}
