import Platform
import TLS

/// The bytes of one connection, plain or through TLS. Blocking; for one thread at a time.
final class ClientStream {
  private let socket: ClientSocket
  /// The address, for errors.
  private let place: String
  /// Nil for plain HTTP.
  private let session: TLSSession?
  /// In seconds; for errors only, the socket has its own.
  let timeout: Double
  private var buffer: [UInt8]

  /// Plain bytes that are encrypted and sent at once: the most a record holds, so that memory stays small.
  private static let recordBytes = 16 * 1024

  /// - Parameter address: the numeric address to connect to instead of looking the host up.
  init(to base: ClientBase, timeout: Double, address: String?) throws(ClientError) {
    self.timeout = timeout
    place = base.description
    do throws(SystemError) {
      switch base.endpoint {
      case .tcp(let host, let port):
        socket = try ClientSocket.connect(host: address ?? host, port: port, timeout: timeout)
      case .unix(let path):
        socket = try ClientSocket.connect(unixPath: path, timeout: timeout)
      }
    } catch { throw ClientError.unreachable(base.description, error) }
    guard let tls = base.tls, case .tcp(let host, _) = base.endpoint else {
      (session, buffer) = (nil, [])
      return
    }
    buffer = [UInt8](repeating: 0, count: 2 * Self.recordBytes)
    do throws(TLSError) {
      let session = try tls.session(host: host)
      self.session = session
    } catch { throw ClientError.noTLS("\(error)") }
    try shakeHands()
  }

  private func shakeHands() throws(ClientError) {
    guard let session else { return }
    while true {
      let result = Result { () throws(TLSError) in try session.handshake() }
      // An alert too, so that the server learns why.
      try flush(session)
      switch result {
      case .success(true): return
      case .success(false):
        guard try fetch(session) else {
          throw .insecure(place, "the server closed the connection during the handshake")
        }
      case .failure(let error): throw .insecure(place, "\(error)")
      }
    }
  }

  /// Sends a beginning of these bytes and returns its length, at least 1.
  func send(_ bytes: UnsafeRawBufferPointer) throws(ClientError) -> Int {
    guard let session else {
      do throws(SystemError) { return try socket.send(bytes) } catch { throw failure(error) }
    }
    let piece = UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.recordBytes))
    do throws(TLSError) { try session.write(piece) } catch { throw .connectionLost(nil) }
    try flush(session)
    return piece.count
  }

  /// Appends what has arrived, at most `limit` bytes; returns 0 when the peer has closed. Throws `connectionLost` if a TLS
  /// connection ends without `close_notify`: it was cut, and what came before may be incomplete.
  func receive(into bytes: inout [UInt8], atMost limit: Int) throws(ClientError) -> Int {
    guard let session else {
      do throws(SystemError) {
        return try socket.receive(into: &bytes, atMost: limit)
      } catch { throw failure(error) }
    }
    while true {
      let (count, end) = buffer.withUnsafeMutableBytes { session.read(into: $0) }
      try flush(session)
      if count > 0 {
        bytes.append(contentsOf: buffer[..<count])
        return count
      }
      switch end {
      case .closed: return 0
      // In TLS 1.3 a server refuses the client's certificate after the handshake.
      case .failed(let error): throw .insecure(place, "\(error)")
      case .needsMore, .full: break
      }
      guard try fetch(session) else { throw .connectionLost(nil) }
    }
  }

  /// Whether the peer has neither closed the connection nor sent unexpected bytes. Tickets and the like are expected.
  var isQuiet: Bool {
    if socket.isQuiet { return true }
    guard let session, (try? fetch(session)) == true else { return false }
    let (count, end) = buffer.withUnsafeMutableBytes { session.read(into: $0) }
    guard count == 0, case .needsMore = end else { return false }
    return socket.isQuiet
  }

  /// Takes encrypted bytes from the socket; false when it is at its end.
  private func fetch(_ session: TLSSession) throws(ClientError) -> Bool {
    var records: [UInt8] = []
    do throws(SystemError) {
      guard try socket.receive(into: &records, atMost: 64 << 10) > 0 else { return false }
    } catch { throw failure(error) }
    records.withUnsafeBytes { session.receive($0) }
    return true
  }

  /// Sends all encrypted bytes that wait.
  private func flush(_ session: TLSSession) throws(ClientError) {
    while session.outputBytes > 0 {
      var records = [UInt8](repeating: 0, count: session.outputBytes)
      records.removeSubrange(records.withUnsafeMutableBytes { session.takeOutput(into: $0) }...)
      var sent = 0
      do throws(SystemError) {
        while sent < records.count {
          sent += try records.withUnsafeBufferPointer { (bytes) throws(SystemError) in
            try socket.send(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[sent...]))
          }
        }
      } catch { throw failure(error) }
    }
  }

  private func failure(_ error: SystemError) -> ClientError {
    error.isTimeout ? .timedOut(seconds: timeout) : .connectionLost(error)
  }
}
