import XCTest

@testable import TLS

final class CertificateTests: XCTestCase {
  func testACertificateTellsItsSubjectAndItsEnd() throws {
    XCTAssertEqual(try Fixture.identity("client").leaf.subject, "CN=okta,O=Example")
    XCTAssertEqual(
      try Fixture.identity("expired", key: "server.key").leaf.expires, 1_577_923_200_000)
  }

  func testAKeyOfAnotherCertificateIsRefusedByName() throws {
    XCTAssertEqual(
      reason { try Fixture.identity("server", key: "other.key") },
      "other.key: the key does not belong to the first certificate of server.pem")
  }

  func testAKeyWithAPassphraseIsRefusedWithoutAsking() throws {
    let reason = reason { try Fixture.identity("server", key: "locked.key") }
    XCTAssertTrue(reason.hasPrefix("locked.key: no private key in PEM form without a passphrase"), reason)
  }

  func testAFileWithoutACertificateIsRefusedByName() throws {
    let openSSL = try OpenSSL.load()
    for bytes in [[], Array("hello".utf8), try Fixture.bytes("server.key")] {
      let reason = reason { try openSSL.certificates(bytes, what: "a.pem") }
      XCTAssertTrue(reason.hasPrefix("a.pem: no certificate in PEM form"), reason)
    }
  }

  func testAChainIsReadInItsOrder() throws {
    let subjects = try OpenSSL.load().certificates(Fixture.bytes("chain.pem"), what: "chain").map(\.subject)
    XCTAssertEqual(subjects, ["CN=scim.example.com", "CN=Test intermediate,O=Test"])
  }

  private func reason<Result>(_ body: () throws -> Result) -> String {
    do {
      _ = try body()
      return "no error"
    } catch { return "\(error)" }
  }
}
