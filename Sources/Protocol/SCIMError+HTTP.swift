package import HTTP
package import SCIM

extension SCIMError {
  /// The refusal of bytes that break a rule of HTTP.
  package init(_ error: HTTPError) { self.init(Self.code(of: error), error.detail) }

  private static func code(of error: HTTPError) -> Code {
    switch error {
    case .malformedProxyHeader: .proxyHeaderMissing
    case .tlsOnPlainPort: .tlsOnPlainPort
    case .plainOnTLSPort: .plainOnTLSPort
    case .malformedRequestLine, .malformedTarget, .malformedHost, .missingHost, .malformedField,
      .malformedLineEnd, .foldedField, .duplicateField, .malformedContentLength, .malformedTransferEncoding,
      .lengthWithTransferEncoding, .transferEncodingBeforeHTTP11, .malformedChunk, .malformedTrailer:
      .malformedRequest
    case .unsupportedTransferEncoding, .unsupportedMethod: .notSupported
    case .unsupportedVersion: .unsupportedHTTPVersion
    case .unsupportedExpectation: .expectationFailed
    case .requestLineTooLong: .requestLineTooLong
    case .fieldLineTooLong, .tooManyFields, .headTooLarge, .trailersTooLarge: .requestTooLarge
    case .bodyTooLarge, .chunkOverheadTooLarge: .contentTooLarge
    case .headTimeout, .bodyTimeout: .requestTimeout
    case .tooManyConnections, .tooManyConnectionsFromPeer: .tooManyConnections
    case .tooManyRequestsInFlight, .tooManyBodyBytes: .busy
    }
  }
}
