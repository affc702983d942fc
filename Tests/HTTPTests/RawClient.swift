import Glibc
import HTTP
import Platform
import TLS
import XCTest

/// A blocking socket that reads raw responses; every wait is bounded.
final class RawClient {
  struct Response {
    let status: Int
    let head: String
    let body: [UInt8]

    func field(_ name: String) -> String? {
      for line in head.split(separator: "\r\n") {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == name.lowercased() else { continue }
        return parts[1].drop { $0 == " " }.description
      }
      return nil
    }
  }

  struct Closed: Error {}
  struct TimedOut: Error {}

  let number: CInt
  private var buffer: [UInt8] = []
  private var isOpen = true
  /// Nil for plain HTTP, which is what unix sockets always speak.
  private var secure: TLSSession?

  init(port: Int, receiveBuffer: CInt? = nil) throws {
    number = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer { setsockopt(number, SOL_SOCKET, SO_RCVBUF, &size, 4) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    let result = withUnsafeBytes(of: &address) {
      connect(number, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    guard result == 0 else { throw SystemError.current("connect") }
    setTimeout(milliseconds: 2000)
    guard let session = try SecureTransport.session() else { return }
    while try !session.handshake() {
      sendRecords(session)
      try receiveRecords(session)
    }
    sendRecords(session)
    secure = session
  }

  init(path: String) throws {
    number = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafeBytes(of: &address) {
      connect(number, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    guard result == 0 else { throw SystemError.current("connect") }
    setTimeout(milliseconds: 2000)
  }

  deinit { close() }

  func close() {
    if isOpen { Glibc.close(number) }
    isOpen = false
  }

  /// Closes with RST.
  func reset() {
    Socket.resetOnClose(number)
    close()
  }

  func finishWriting() {
    if let secure {
      secure.close()
      sendRecords(secure)
    }
    shutdown(number, CInt(SHUT_WR))
  }

  func setTimeout(milliseconds: Int) {
    var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
    setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Stops silently when the server closes meanwhile.
  func send(_ bytes: [UInt8]) {
    guard let secure else { return sendRaw(bytes) }
    for start in stride(from: 0, to: bytes.count, by: 16384) {
      bytes[start..<min(bytes.count, start + 16384)].withUnsafeBytes { try? secure.write($0) }
      sendRecords(secure)
    }
  }

  private func sendRaw(_ bytes: [UInt8]) {
    var offset = 0
    while offset < bytes.count {
      let sent = bytes.withUnsafeBytes {
        Glibc.send(number, $0.baseAddress?.advanced(by: offset), bytes.count - offset, CInt(MSG_NOSIGNAL))
      }
      if sent <= 0 { return }
      offset += sent
    }
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  func get(_ path: String, _ fields: String = "", method: String = "GET") {
    send("\(method) \(path) HTTP/1.1\r\nHost: h\r\n\(fields)\r\n")
  }

  /// One response; `Closed` at the end of the connection, `TimedOut` when nothing comes.
  func response(isHead: Bool = false) throws -> Response {
    let end = try find([13, 10, 13, 10])
    let head = String(decoding: buffer[..<end], as: UTF8.self)
    buffer.removeFirst(end + 4)
    let status = Int(head.dropFirst(9).prefix(3)) ?? 0
    let response = Response(status: status, head: head, body: [])
    if isHead || status < 200 || status == 204 || status == 304 { return response }
    if response.field("Transfer-Encoding") == "chunked" {
      return Response(status: status, head: head, body: try chunkedBody())
    }
    if let length = response.field("Content-Length").flatMap({ Int($0) }) {
      return Response(status: status, head: head, body: try take(length))
    }
    return Response(status: status, head: head, body: try untilClosed())
  }

  /// Whether bytes have arrived that are not read yet.
  var hasInput: Bool {
    var byte: UInt8 = 0
    if let secure {
      // What has arrived may be tickets.
      while recv(number, &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT)) > 0 { try? receiveRecords(secure) }
      buffer += decrypted(secure).bytes
      return !buffer.isEmpty
    }
    return !buffer.isEmpty || recv(number, &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT)) > 0
  }

  /// Whether the server closes within the timeout, without sending anything more.
  func isClosedByServer() -> Bool {
    do {
      try fill()
      return false
    } catch is Closed {
      return buffer.isEmpty
    } catch {
      return false
    }
  }

  private func chunkedBody() throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let end = try find([13, 10])
      let size = Int(String(decoding: buffer[..<end], as: UTF8.self), radix: 16) ?? 0
      buffer.removeFirst(end + 2)
      body += try take(size)
      _ = try take(2)
      if size == 0 { return body }
    }
  }

  private func untilClosed() throws -> [UInt8] {
    while true {
      do { try fill() } catch is Closed {
        defer { buffer = [] }
        return buffer
      }
    }
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while buffer.count < count { try fill() }
    defer { buffer.removeFirst(count) }
    return Array(buffer[..<count])
  }

  private func find(_ mark: [UInt8]) throws -> Int {
    var start = 0
    while true {
      while start + mark.count <= buffer.count {
        if buffer[start..<(start + mark.count)].elementsEqual(mark) { return start }
        start += 1
      }
      try fill()
    }
  }

  private func fill() throws {
    guard let secure else { return buffer += try receiveRaw() }
    while true {
      let (bytes, isClosed) = decrypted(secure)
      buffer += bytes
      if !bytes.isEmpty { return }
      if isClosed { throw Closed() }
      try receiveRecords(secure)
    }
  }

  private func decrypted(_ secure: TLSSession) -> (bytes: [UInt8], isClosed: Bool) {
    var chunk = [UInt8](repeating: 0, count: 100_000)
    let (count, end) = chunk.withUnsafeMutableBytes { secure.read(into: $0) }
    if case .needsMore = end { return (Array(chunk[..<count]), false) }
    return (Array(chunk[..<count]), true)
  }

  private func sendRecords(_ secure: TLSSession) {
    var records = [UInt8](repeating: 0, count: secure.outputBytes)
    _ = records.withUnsafeMutableBytes { secure.takeOutput(into: $0) }
    sendRaw(records)
  }

  private func receiveRecords(_ secure: TLSSession) throws {
    try receiveRaw().withUnsafeBytes { secure.receive($0) }
  }

  private func receiveRaw() throws -> [UInt8] {
    var chunk = [UInt8](repeating: 0, count: 65536)
    let count = recv(number, &chunk, chunk.count, 0)
    if count > 0 {
      return Array(chunk[..<count])
    } else if count < 0 && (errno == EAGAIN || errno == EINTR) {
      throw TimedOut()
    } else {
      throw Closed()
    }
  }
}
