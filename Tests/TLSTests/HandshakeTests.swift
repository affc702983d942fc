import Platform
import XCTest

@testable import TLS

final class HandshakeTests: XCTestCase {
  func testBytesPassBothWaysAfterTheHandshake() throws {
    let pair = try SessionPair(Fixture.client(), Fixture.server([Fixture.identity("server")]))
    let errors = try pair.shake()
    XCTAssertNil(errors.client)
    XCTAssertNil(errors.server)
    XCTAssertEqual(try pair.server.version, "TLSv1.3")
    XCTAssertEqual(try pair.send("question", from: pair.client, to: pair.server), Array("question".utf8))
    XCTAssertEqual(try pair.send("answer", from: pair.server, to: pair.client), Array("answer".utf8))
  }

  func testAHandshakeMayArriveByteByByte() throws {
    let pair = try SessionPair(Fixture.client(), Fixture.server([Fixture.identity("server")]))
    pair.pieceBytes = 1
    try pair.shake()
    XCTAssertTrue(pair.server.isEstablished)
    XCTAssertEqual(try pair.send("question", from: pair.client, to: pair.server), Array("question".utf8))
  }

  func testLargeContentsPassWhole() throws {
    let pair = try SessionPair(Fixture.client(), Fixture.server([Fixture.identity("server")]))
    try pair.shake()
    let content = (0..<90_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try content.withUnsafeBytes { try pair.server.write($0) }
    XCTAssertEqual(pair.move(pair.server, pair.client).bytes, content)
  }

  func testAClosedSideIsToldApartFromACutOne() throws {
    let pair = try SessionPair(Fixture.client(), Fixture.server([Fixture.identity("server")]))
    try pair.shake()
    try Array("last".utf8).withUnsafeBytes { try pair.client.write($0) }
    pair.client.close()
    let end = pair.move(pair.client, pair.server)
    XCTAssertEqual(end.bytes, Array("last".utf8))
    XCTAssertTrue(isClosed(end.end))
    // The other direction stays open (RFC 8446 §6.1).
    XCTAssertEqual(try pair.send("answer", from: pair.server, to: pair.client), Array("answer".utf8))
  }

  func testARecordThatWasChangedFails() throws {
    let pair = try SessionPair(Fixture.client(), Fixture.server([Fixture.identity("server")]))
    try pair.shake()
    try Array("question".utf8).withUnsafeBytes { try pair.client.write($0) }
    var wire = [UInt8](repeating: 0, count: pair.client.outputBytes)
    _ = wire.withUnsafeMutableBytes { pair.client.takeOutput(into: $0) }
    wire[wire.count - 1] ^= 1
    let end = pair.deliver(wire, pair.server)
    XCTAssertEqual(end.bytes, [])
    XCTAssertTrue(isFailed(end.end))
    XCTAssertGreaterThan(pair.server.outputBytes, 0, "an alert")
  }

  func testBytesThatAreNoTLSFail() throws {
    let server = try Fixture.server([Fixture.identity("server")])
    for text in ["GET / HTTP/1.1\r\n\r\n", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", "SSH-2.0-x\r\n"] {
      let session = try XCTUnwrap(server.session())
      let pair = SessionPair(session, session)
      XCTAssertTrue(isFailed(pair.deliver(Array(text.utf8), session).end), text)
    }
  }

  // MARK: Host names

  func testTheCertificateOfTheHostIsPresented() throws {
    let server = try Fixture.server([Fixture.identity("server"), Fixture.identity("other")])
    for (host, subject) in [
      ("scim.example.com", "CN=scim.example.com"), ("other.example.com", "CN=other.example.com"),
      ("a.wild.example.com", "CN=other.example.com"), ("127.0.0.1", "CN=scim.example.com"),
    ] {
      let pair = try SessionPair(Fixture.client(), server, host: host)
      XCTAssertNil(try pair.shake().client, host)
      XCTAssertEqual(try pair.client.peerCertificate?.subject, subject)
    }
  }

  func testOtherCertificatesCanTakeOver() throws {
    let server = try Fixture.server([Fixture.identity("server")])
    try server.replace(OpenSSL.load(), [Fixture.identity("other")], clients: nil)
    let pair = try SessionPair(Fixture.client(), server, host: "other.example.com")
    XCTAssertNil(try pair.shake().client)
    XCTAssertEqual(server.certificates.map(\.subject), ["CN=other.example.com"])
  }

  // MARK: What a client refuses

  func testAClientAcceptsWhatTheAuthoritySigned() throws {
    for (certificate, key) in [("server", "server.key"), ("rsa", "rsa.key"), ("chain", "deep.key")] {
      XCTAssertNil(try refusal(certificate, key), certificate)
    }
  }

  func testAClientSaysWhyItRefusesACertificate() throws {
    for (certificate, key, reason) in [
      ("expired", "server.key", "certificate has expired"),
      ("other", "other.key", "hostname mismatch"),
      ("self", "server.key", "self-signed certificate"),
      ("deep", "deep.key", "unable to get local issuer certificate"),
    ] {
      XCTAssertEqual(
        try refusal(certificate, key).map { "\($0)" },
        "the server's certificate is not trusted: \(reason)", certificate)
    }
    XCTAssertEqual(
      try refusal("server", "server.key", trusting: "stranger").map { "\($0)" },
      "the server's certificate is not trusted: unable to get local issuer certificate")
  }

  private func refusal(
    _ certificate: String, _ key: String, trusting authority: String = "authority"
  ) throws -> TLSError? {
    let server = try Fixture.server([Fixture.identity(certificate, key: key)])
    return try SessionPair(Fixture.client(authority), server).shake().client
  }

  // MARK: Certificates of clients

  func testAServerKnowsItsClientsCertificate() throws {
    let server = try Fixture.server([Fixture.identity("server")], clients: "authority")
    let pair = try SessionPair(Fixture.client(identity: Fixture.identity("client")), server)
    XCTAssertNil(try pair.shake().server)
    XCTAssertEqual(try pair.server.peerCertificate?.subject, "CN=okta,O=Example")
  }

  func testAClientWithoutAGoodCertificateIsRefused() throws {
    let server = try Fixture.server([Fixture.identity("server")], clients: "authority")
    XCTAssertNotNil(try SessionPair(Fixture.client(), server).shake().server)
    let stranger = try Fixture.identity("self", key: "server.key")
    XCTAssertNotNil(try SessionPair(Fixture.client(identity: stranger), server).shake().server)
  }

  // MARK: Tickets

  func testASessionIsResumedWhileItsTicketsKeyIsKept() throws {
    let clock = Locked<UInt64>(1)
    let environment = Environment(
      now: { 0 }, monotonic: { clock.withLock { $0 } }, randomBytes: Environment.system.randomBytes)
    let server = try Fixture.server([Fixture.identity("server")], environment: environment)
    let saved = try SavedSession(connect(server, resuming: nil))
    for (hours, isResumed) in [(0, true), (1, true), (2, true), (4, false)] as [(UInt64, Bool)] {
      clock.withLock { $0 = 1 + hours * 3_600_000_000_000 }
      XCTAssertEqual(try connect(server, resuming: saved).isResumed, isResumed, "after \(hours) hours")
    }
  }

  func testATicketOfAnotherServerLeadsToAFullHandshake() throws {
    let saved = try SavedSession(connect(Fixture.server([Fixture.identity("server")]), resuming: nil))
    let session = try connect(Fixture.server([Fixture.identity("server")]), resuming: saved)
    XCTAssertFalse(session.isResumed)
    XCTAssertTrue(session.isEstablished)
  }

  func testASessionIsNotResumedUnderOtherAuthorities() throws {
    let openSSL = try OpenSSL.load()
    let server = try Fixture.server([Fixture.identity("server")], clients: "authority")
    let client = try Fixture.client(identity: Fixture.identity("client"))
    let pair = try SessionPair(client, server)
    try pair.shake()
    let saved = try SavedSession(pair.client)
    let clients = try TLSServer.Clients(openSSL, authorities: Fixture.bytes("stranger.pem"), what: "x")
    try server.replace(openSSL, [Fixture.identity("server")], clients: clients)
    let again = try SessionPair(client, server, resuming: saved)
    XCTAssertNotNil(try again.shake().server)
  }

  private func connect(_ server: TLSServer, resuming saved: SavedSession?) throws -> TLSSession {
    let pair = try SessionPair(Fixture.client(), server, resuming: saved)
    try pair.shake()
    // OpenSSL resumes no session of a connection that was cut.
    pair.client.close()
    return pair.client
  }
}
