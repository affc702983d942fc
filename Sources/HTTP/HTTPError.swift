/// A rule of the HTTP layer that a peer broke; the connection is closed after the answer.
package enum HTTPError: Error, Sendable, Equatable {
  case malformedProxyHeader
  case tlsOnPlainPort
  case plainOnTLSPort
  case malformedRequestLine
  case malformedTarget
  case malformedHost
  case missingHost
  case malformedField
  case malformedLineEnd
  case foldedField
  case duplicateField(String)
  case malformedContentLength
  case malformedTransferEncoding
  case lengthWithTransferEncoding
  case transferEncodingBeforeHTTP11
  case malformedChunk
  case malformedTrailer
  case unsupportedTransferEncoding
  case unsupportedMethod
  case unsupportedVersion
  case unsupportedExpectation
  case requestLineTooLong(limit: Int)
  case fieldLineTooLong(limit: Int)
  case tooManyFields(limit: Int)
  case headTooLarge(limit: Int)
  case bodyTooLarge(limit: Int)
  case chunkOverheadTooLarge(limit: Int)
  case trailersTooLarge(limit: Int)
  case headTimeout
  case bodyTimeout
  case tooManyConnections(limit: Int)
  case tooManyConnectionsFromPeer(limit: Int)
  case tooManyRequestsInFlight(limit: Int)
  case tooManyBodyBytes(limit: Int)
}

extension HTTPError {
  /// The case without associated values, for logs: "tlsOnPlainPort".
  package var name: String { String("\(self)".prefix { $0 != "(" }) }

  package var status: HTTPStatus {
    switch self {
    case .malformedProxyHeader, .tlsOnPlainPort, .plainOnTLSPort, .malformedRequestLine, .malformedTarget,
      .malformedHost,
      .missingHost,
      .malformedField, .malformedLineEnd, .foldedField, .duplicateField, .malformedContentLength,
      .malformedTransferEncoding, .lengthWithTransferEncoding, .transferEncodingBeforeHTTP11, .malformedChunk,
      .malformedTrailer:
      .badRequest
    case .unsupportedTransferEncoding, .unsupportedMethod: .notImplemented
    case .unsupportedVersion: .versionNotSupported
    case .unsupportedExpectation: .expectationFailed
    case .requestLineTooLong: .uriTooLong
    case .fieldLineTooLong, .tooManyFields, .headTooLarge, .trailersTooLarge: .fieldsTooLarge
    case .bodyTooLarge, .chunkOverheadTooLarge: .contentTooLarge
    case .headTimeout, .bodyTimeout: .requestTimeout
    case .tooManyConnections, .tooManyConnectionsFromPeer, .tooManyRequestsInFlight, .tooManyBodyBytes:
      .serviceUnavailable
    }
  }

  /// One sentence for the client: the rule, and the limit if there is one.
  package var detail: String {
    switch self {
    case .malformedProxyHeader:
      "The connection does not begin with the required PROXY protocol header for TCP over IPv4 or IPv6."
    case .tlsOnPlainPort:
      "TLS on a plain port: this port speaks plain HTTP. Use http://, or connect to the TLS proxy in front of it."
    case .plainOnTLSPort: "Plain HTTP on a TLS port: this port speaks TLS. Use https://."
    case .malformedRequestLine: "The request line is not 'method SP target SP HTTP/1.1' (RFC 9112 3)."
    case .malformedTarget: "The request target is not a valid URI reference (RFC 9112 3.2)."
    case .malformedHost: "The host is not 'host[:port]' (RFC 9110 7.2)."
    case .missingHost: "The Host header field is missing (RFC 9112 3.2)."
    case .malformedField: "A header field is not 'name: value' (RFC 9112 5)."
    case .malformedLineEnd: "A line does not end with CR LF (RFC 9112 2.2)."
    case .foldedField: "A header field is folded over lines (RFC 9112 5.2)."
    case .duplicateField(let name): "The header field \(name) was sent more than once."
    case .malformedContentLength: "Content-Length is not a decimal number (RFC 9112 6.3)."
    case .malformedTransferEncoding:
      "Transfer-Encoding is not a list of codings that ends with 'chunked' (RFC 9112 6.1)."
    case .lengthWithTransferEncoding:
      "Content-Length and Transfer-Encoding were sent together (RFC 9112 6.3)."
    case .transferEncodingBeforeHTTP11: "Transfer-Encoding needs HTTP/1.1 (RFC 9112 6.1)."
    case .malformedChunk: "The chunked body is malformed (RFC 9112 7.1)."
    case .malformedTrailer: "A trailer field is not 'name: value' (RFC 9112 7.1.2)."
    case .unsupportedTransferEncoding: "The only transfer coding supported is 'chunked' (RFC 9112 6.1)."
    case .unsupportedMethod: "The method is not implemented (RFC 9110 9.1)."
    case .unsupportedVersion: "The only major version supported is HTTP/1 (RFC 9110 15.6.6)."
    case .unsupportedExpectation: "The only expectation supported is '100-continue' (RFC 9110 10.1.1)."
    case .requestLineTooLong(let limit): "The request line is longer than \(limit) bytes."
    case .fieldLineTooLong(let limit): "A header field is longer than \(limit) bytes."
    case .tooManyFields(let limit): "The request has more than \(limit) header fields."
    case .headTooLarge(let limit): "The request head is larger than \(limit) bytes."
    case .bodyTooLarge(let limit): "The request body is larger than \(limit) bytes."
    case .chunkOverheadTooLarge(let limit):
      "The chunk framing exceeds the maximum body size by more than \(limit) bytes."
    case .trailersTooLarge(let limit): "The trailer section is larger than \(limit) bytes."
    case .headTimeout: "The request head did not arrive in time."
    case .bodyTimeout: "The request body did not arrive in time."
    case .tooManyConnections(let limit):
      "The server already has its maximum of \(limit) open connections; try again "
        + "later."
    case .tooManyConnectionsFromPeer(let limit):
      "This address already has its maximum of \(limit) open connections; close some or try again later."
    case .tooManyRequestsInFlight(let limit):
      "The server is already handling its maximum of \(limit) requests; try "
        + "again later."
    case .tooManyBodyBytes(let limit):
      "The server already holds its maximum of \(limit) bytes of unfinished requests; try again later."
    }
  }
}
