/// The content of a response.
package enum HTTPBody: Sendable {
  case empty
  case bytes([UInt8])
  /// Sent chunked, one piece after the other as the peer reads them.
  case stream(any HTTPBodyProducer)
}
