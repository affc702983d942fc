package import Platform

/// Why no answer was had; an answer with an error status is no error here.
package enum ClientError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The base cannot be used; the text says why.
  case invalidURL(String)
  /// The server may not connect to this address; the text says why.
  case refused(String)
  /// The request cannot be put on the wire; the text says why.
  case invalidRequest(String)
  /// No connection to the address named.
  case unreachable(String, SystemError)
  /// No TLS connection to the address named, because the server is not trusted or does not speak TLS; the text says
  /// which.
  case insecure(String, String)
  /// https is not possible here: OpenSSL or a file is missing.
  case noTLS(String)
  /// Nothing was sent or received for this many seconds.
  case timedOut(seconds: Double)
  /// The connection failed after it was established; nil if the peer closed it before the answer was complete.
  case connectionLost(SystemError?)
  /// The answer is not HTTP/1.1; the text says what was found.
  case malformedResponse(String)
  /// The answer's body is longer than this many bytes.
  case responseTooLarge(limit: Int)

  package var description: String {
    switch self {
    case .invalidURL(let text), .refused(let text), .invalidRequest(let text), .noTLS(let text): text
    case .unreachable(let address, let error): "cannot reach \(address): \(error)"
    case .insecure(let address, let text): "cannot reach \(address): \(text)"
    case .timedOut(let seconds): "no answer within \(seconds) s"
    case .connectionLost(let error?): "connection lost: \(error)"
    case .connectionLost(nil): "connection closed before the answer was complete"
    case .malformedResponse(let text): "not an HTTP/1.1 answer: \(text)"
    case .responseTooLarge(let limit): "the answer's body exceeds \(limit) bytes"
    }
  }
}
