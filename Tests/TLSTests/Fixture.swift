import COpenSSL
import Platform
import XCTest

@testable import TLS

/// The files of this suite's certificates, and sessions made of them.
enum Fixture {
  static func bytes(_ name: String) throws -> [UInt8] {
    let path =
      #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/Fixtures/\(name)"
    return try File.open(path, .read).readAll()
  }

  static func identity(_ certificate: String, key: String? = nil) throws -> TLSIdentity {
    let key = key ?? "\(certificate).key"
    return try TLSIdentity(
      OpenSSL.load(), certificate: bytes("\(certificate).pem"), key: bytes(key),
      names: ("\(certificate).pem", key))
  }

  static func authorities(_ name: String = "authority") throws -> [Certificate] {
    try OpenSSL.load().certificates(bytes("\(name).pem"), what: name)
  }

  static func server(
    _ identities: [TLSIdentity], clients: String? = nil, environment: Environment = .system
  ) throws -> TLSServer {
    let openSSL = try OpenSSL.load()
    let clients = try clients.map {
      try TLSServer.Clients(openSSL, authorities: bytes("\($0).pem"), what: $0)
    }
    return try TLSServer(openSSL, identities, clients: clients, environment: environment)
  }

  static func client(_ authority: String = "authority", identity: TLSIdentity? = nil) throws -> TLSClient {
    try TLSClient(OpenSSL.load(), authorities: authorities(authority), identity: identity)
  }
}

/// A client and a server session, and the wire between them.
final class SessionPair {
  let client: TLSSession
  let server: TLSSession
  /// The most encrypted bytes that arrive at once.
  var pieceBytes = Int.max

  init(_ client: TLSSession, _ server: TLSSession) {
    self.client = client
    self.server = server
  }

  /// A connection to `host` whose handshake has not begun.
  convenience init(
    _ client: TLSClient, _ server: TLSServer, host: String = "scim.example.com",
    resuming saved: SavedSession? = nil
  ) throws {
    self.init(try client.session(host: host), try XCTUnwrap(server.session()))
    if let saved {
      XCTAssertEqual(try OpenSSL.load().call.SSL_set_session(self.client.session, saved.pointer), 1)
    }
  }

  /// What the client and the server end with, after as many rounds as a handshake takes.
  @discardableResult
  func shake() throws -> (client: TLSError?, server: TLSError?) {
    var errors: (client: TLSError?, server: TLSError?)
    for _ in 0..<4 {
      do { _ = try client.handshake() } catch { errors.client = errors.client ?? error }
      let received = move(client, server)
      if case .failed(let error) = received.end { errors.server = errors.server ?? error }
      if case .failed(let error) = move(server, client).end { errors.client = errors.client ?? error }
    }
    return errors
  }

  /// Moves what one has written to the other; what that one has read.
  func move(_ from: TLSSession, _ to: TLSSession) -> (bytes: [UInt8], end: TLSSession.End) {
    var wire = [UInt8](repeating: 0, count: from.outputBytes)
    XCTAssertEqual(wire.withUnsafeMutableBytes { from.takeOutput(into: $0) }, wire.count)
    return deliver(wire, to)
  }

  func deliver(_ wire: [UInt8], _ to: TLSSession) -> (bytes: [UInt8], end: TLSSession.End) {
    var plain: [UInt8] = []
    var end = TLSSession.End.needsMore
    var start = 0
    repeat {
      let next = min(wire.count, start + min(pieceBytes, wire.count))
      if next > start { wire[start..<next].withUnsafeBytes { to.receive($0) } }
      start = next
      var buffer = [UInt8](repeating: 0, count: 100_000)
      let read = buffer.withUnsafeMutableBytes { to.read(into: $0) }
      plain += buffer[..<read.count]
      end = read.end
      if case .failed = end { return (plain, end) }
    } while start < wire.count
    return (plain, end)
  }

  func send(_ text: String, from: TLSSession, to: TLSSession) throws -> [UInt8] {
    try Array(text.utf8).withUnsafeBytes { try from.write($0) }
    return move(from, to).bytes
  }
}

extension TLSSession {
  /// "TLSv1.3".
  var version: String? {
    get throws { try OpenSSL.load().call.SSL_get_version(session).map { String(cString: $0) } }
  }

  var peerCertificate: Certificate? {
    get throws {
      let openSSL = try OpenSSL.load()
      return openSSL.call.SSL_get1_peer_certificate(session).map { Certificate(openSSL, owning: $0) }
    }
  }
}

/// A session of a client that can be resumed.
final class SavedSession {
  let pointer: OpaquePointer

  init(_ client: TLSSession) throws {
    client.close()
    pointer = try XCTUnwrap(try OpenSSL.load().call.SSL_get1_session(client.session))
  }

  deinit { (try? OpenSSL.load())?.call.SSL_SESSION_free(pointer) }
}

func isFailed(_ end: TLSSession.End) -> Bool {
  if case .failed = end { true } else { false }
}

func isClosed(_ end: TLSSession.End) -> Bool {
  if case .closed = end { true } else { false }
}
