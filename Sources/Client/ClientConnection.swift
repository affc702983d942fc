import Platform

/// One connection and the bytes received on it but not yet consumed.
final class ClientConnection {
  private let stream: ClientStream
  private var received: [UInt8] = []
  /// Where the bytes not yet consumed begin in `received`.
  private var start = 0

  /// Bytes of the current request that were sent.
  private(set) var accepted = 0

  /// When receiving ends whatever arrives, on the monotonic clock in nanoseconds; nil for never.
  var deadline: UInt64?

  /// Whether a byte of the current answer has arrived.
  private(set) var answered = false

  /// Connects, for https with the handshake; throws `unreachable`, also when the time-out has passed, or `insecure`.
  ///
  /// - Parameter address: the numeric address to connect to instead of looking the host up, for callers that must check
  ///   it first; the certificate must still be for the host.
  init(to base: ClientBase, timeout: Double, address: String? = nil) throws(ClientError) {
    stream = try ClientStream(to: base, timeout: timeout, address: address)
  }

  /// Whether the connection is still open without leftover bytes, so that it can carry a request.
  var isUsable: Bool { start == received.count && stream.isQuiet }

  /// Sends the parts of one request, each in full.
  func send(_ parts: [[UInt8]]) throws(ClientError) {
    accepted = 0
    answered = false
    for part in parts {
      var sent = 0
      while sent < part.count {
        let count = try part.withUnsafeBufferPointer { (bytes) throws(ClientError) in
          try stream.send(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[sent...]))
        }
        sent += count
        accepted += count
      }
    }
  }

  /// The next line without its end; CRLF, or a bare LF.
  func line(limit: Int) throws(ClientError) -> [UInt8] {
    var searched = start
    while true {
      if let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        var line = received[start..<end]
        start = end + 1
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return Array(line)
      }
      guard received.count - start <= limit else { throw .malformedResponse("a line is too long") }
      let before = start
      searched = received.count
      guard try fill() else { throw .connectionLost(nil) }
      searched -= before - start
    }
  }

  /// Exactly `count` bytes.
  func bytes(_ count: Int) throws(ClientError) -> ArraySlice<UInt8> {
    while received.count - start < count {
      guard try fill() else { throw .connectionLost(nil) }
    }
    defer { start += count }
    return received[start..<start + count]
  }

  /// Everything until the peer closes, at most `limit` bytes.
  func rest(limit: Int) throws(ClientError) -> [UInt8] {
    repeat {
      guard received.count - start <= limit else { throw .responseTooLarge(limit: limit) }
    } while try fill()
    return Array(received[start...])
  }

  /// Receives more; false when the peer has closed.
  private func fill() throws(ClientError) -> Bool {
    if let deadline, Environment.system.monotonic() > deadline { throw .timedOut(seconds: stream.timeout) }
    if start == received.count || start > 1 << 20 {
      received.removeSubrange(..<start)
      start = 0
    }
    let count = try stream.receive(into: &received, atMost: 64 << 10)
    if count > 0 { answered = true }
    return count > 0
  }
}
