/// The body bytes received so far; grows with received bytes, never with an announced length.
struct BodyBuffer {
  private(set) var bytes: [UInt8] = []
  private(set) var count = 0
  /// Whether bytes are counted but not kept.
  var discards = false

  mutating func append(_ part: UnsafeBufferPointer<UInt8>) {
    count += part.count
    if !discards { bytes.append(contentsOf: part) }
  }
}
