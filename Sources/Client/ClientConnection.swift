import Platform

/// One connection and the bytes received on it but not yet consumed.
final class ClientConnection {
  private let socket: ClientSocket
  /// In seconds; for errors only, the socket has its own.
  private let timeout: Double
  private var received: [UInt8] = []
  /// Where the bytes not yet consumed begin in `received`.
  private var start = 0

  /// Bytes of the current request accepted by the kernel.
  private(set) var accepted = 0

  /// Whether a byte of the current answer has arrived.
  private(set) var answered = false

  /// Connects; throws `unreachable`, also when the time-out has passed.
  init(to base: ClientBase, timeout: Double) throws(ClientError) {
    self.timeout = timeout
    do throws(SystemError) {
      switch base.endpoint {
      case .tcp(let host, let port):
        socket = try ClientSocket.connect(host: host, port: port, timeout: timeout)
      case .unix(let path):
        socket = try ClientSocket.connect(unixPath: path, timeout: timeout)
      }
    } catch { throw ClientError.unreachable(base.description, error) }
  }

  /// Whether the connection is still open without leftover bytes, so that it can carry a request.
  var isUsable: Bool { start == received.count && socket.isQuiet }

  /// Sends the parts of one request, each in full.
  func send(_ parts: [[UInt8]]) throws(ClientError) {
    accepted = 0
    answered = false
    do throws(SystemError) {
      for part in parts {
        var sent = 0
        while sent < part.count {
          let count = try part.withUnsafeBufferPointer { (bytes) throws(SystemError) in
            try socket.send(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[sent...]))
          }
          sent += count
          accepted += count
        }
      }
    } catch { throw failure(error) }
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
    if start == received.count || start > 1 << 20 {
      received.removeSubrange(..<start)
      start = 0
    }
    do throws(SystemError) {
      let count = try socket.receive(into: &received, atMost: 64 << 10)
      if count > 0 { answered = true }
      return count > 0
    } catch { throw failure(error) }
  }

  private func failure(_ error: SystemError) -> ClientError {
    error.isTimeout ? .timedOut(seconds: timeout) : .connectionLost(error)
  }
}
