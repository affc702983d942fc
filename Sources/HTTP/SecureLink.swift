import Glibc
import Platform
import TLS

/// TLS between a connection's state and its socket: the state sees plain bytes only, the socket encrypted ones.
final class SecureLink {
  let session: TLSSession
  /// Whether the end of the handshake was counted.
  var isCounted = false
  /// The subject of the client's certificate, once the handshake is complete; nil if it presented none.
  private(set) lazy var clientSubject = session.peerSubject
  /// Encrypted bytes that the socket did not take, from `unsentStart` on.
  private var unsent: [UInt8] = []
  private var unsentStart = 0
  /// How many bytes at the start of the next `send` are in `unsent` already.
  private var ahead = 0
  /// Whether the socket or the session has failed; nothing is sent any more.
  private var hasFailed = false

  /// Bytes that are encrypted at once: the most a record holds (RFC 8446 §5.1).
  private static let recordBytes = 16 * 1024
  /// A record with its header, tag and padding.
  private static let maxRecordBytes = recordBytes + 512
  /// Encrypted bytes that are sent at once.
  static let outputBytes = 4 * maxRecordBytes
  /// Plain bytes that one read of 64 KiB and a record begun before may hold.
  static let inputBytes = 96 * 1024
  /// The first byte of a ClientHello (RFC 8446 §5.1).
  static let handshake: UInt8 = 0x16

  init(_ session: TLSSession) { self.session = session }

  /// Whether encrypted bytes wait that belong to no plain ones: the handshake, or an alert.
  var hasRecords: Bool { unsentStart < unsent.count || session.outputBytes > 0 }

  /// Encrypts and sends, as `Socket.send` does: bytes count when all their records were taken. What is not counted
  /// must begin the next call.
  func send(
    _ plain: UnsafeRawBufferPointer, to descriptor: CInt, _ buffer: UnsafeMutableRawBufferPointer
  ) -> Socket.Transfer {
    var done = 0
    while !hasFailed {
      if let stop = sendUnsent(descriptor) { return done > 0 ? .bytes(done) : stop }
      done += ahead
      ahead = 0
      guard let filled = fill(buffer, from: UnsafeRawBufferPointer(rebasing: plain[done...])) else {
        return fail(EPROTO)
      }
      if filled == 0 { return .bytes(done) }
      let records = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<filled])
      switch Socket.send(descriptor, records) {
      case .bytes(filled): break
      case .bytes(let count): unsent = Array(records[count...])
      case .wouldBlock: unsent = Array(records)
      case .failed(let code): return fail(code)
      }
    }
    return .failed(EPROTO)
  }

  private func fail(_ code: CInt) -> Socket.Transfer {
    hasFailed = true
    return .failed(code)
  }

  /// Encrypts a head whose content follows with the next `send`; false if the session has failed.
  func encrypt(head: [UInt8]) -> Bool {
    head.withUnsafeBytes { encrypt($0) }
  }

  /// Sends what the socket did not take before; nil when nothing is left.
  private func sendUnsent(_ descriptor: CInt) -> Socket.Transfer? {
    guard unsentStart < unsent.count else { return nil }
    let sent = unsent.withUnsafeBytes {
      Socket.send(descriptor, UnsafeRawBufferPointer(rebasing: $0[unsentStart...]))
    }
    if case .failed(let code) = sent { return fail(code) }
    guard case .bytes(let count) = sent else { return sent }
    unsentStart += count
    guard unsentStart == unsent.count else { return .wouldBlock }
    unsent = []
    unsentStart = 0
    return nil
  }

  /// Fills the buffer with what waits and then with records of `plain`, whose bytes are counted in `ahead`.
  private func fill(_ buffer: UnsafeMutableRawBufferPointer, from plain: UnsafeRawBufferPointer) -> Int? {
    var filled = session.takeOutput(into: buffer)
    while ahead < plain.count, filled + Self.maxRecordBytes <= buffer.count {
      let end = min(plain.count, ahead + Self.recordBytes)
      guard encrypt(UnsafeRawBufferPointer(rebasing: plain[ahead..<end])) else { return nil }
      ahead = end
      filled += session.takeOutput(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
    }
    return filled
  }

  private func encrypt(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do throws(TLSError) {
      try session.write(bytes)
      return true
    } catch { return false }
  }
}
