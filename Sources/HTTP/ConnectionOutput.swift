/// The output that a peer has not accepted yet: bytes the socket refused, and pieces not produced yet.
struct ConnectionOutput {
  private(set) var backlog: [UInt8] = []
  private(set) var offset = 0
  /// Whether the peer must still take anything; kept, as it is checked on every event.
  private(set) var isPending = false
  private(set) var producer: (any HTTPBodyProducer)?
  private(set) var isStreaming = false
  /// When the stream first had to wait for the peer, 0 before; and the bytes its producer has made.
  private var streamStart: UInt64 = 0
  private var streamedBytes = 0

  /// Bytes that the socket did not accept.
  var backlogBytes: Int { backlog.count - offset }

  /// Bytes in memory that wait for the peer.
  var heldBytes: Int { backlog.count + (producer?.heldBytes ?? 0) }

  /// The socket did not take `bytes` from `offset` on; they come after what waits already.
  mutating func keep(_ bytes: [UInt8], from offset: Int) {
    isPending = true
    if backlog.isEmpty {
      backlog = bytes
      self.offset = offset
    } else {
      backlog.append(contentsOf: bytes[offset...])
    }
  }

  /// The socket took `count` bytes of the backlog; whether that was all of it.
  mutating func took(_ count: Int) -> Bool {
    offset += count
    guard offset >= backlog.count else { return false }
    backlog = []
    offset = 0
    isPending = isStreaming
    return true
  }

  /// Starts to send a body in pieces.
  mutating func begin(_ producer: any HTTPBodyProducer) {
    self.producer = producer
    isStreaming = true
    isPending = true
    streamStart = 0
    streamedBytes = 0
  }

  mutating func count(piece: Int) { streamedBytes += piece }

  /// The producer waits for something; the peer has taken everything in time.
  mutating func rest() {
    streamStart = 0
    streamedBytes = 0
  }

  /// Forgets the producer; bytes that the socket refused stay.
  mutating func endStream() {
    producer = nil
    isStreaming = false
    isPending = !backlog.isEmpty
  }

  /// Discards what was not sent, and ends the producer of pieces.
  mutating func removeAll() {
    backlog = []
    offset = 0
    endStream()
  }

  /// The peer must take `bytes` in their time and, of a stream, all that was written before in its time too.
  mutating func deadline(_ bytes: Int, now: UInt64, limits: HTTPLimits) -> UInt64 {
    let moment = now &+ limits.nanoseconds(limits.writeSeconds, bytes: bytes)
    guard isStreaming else { return moment }
    if streamStart == 0 { streamStart = now }
    return min(moment, streamStart &+ limits.nanoseconds(limits.writeSeconds, bytes: streamedBytes))
  }
}
