import XCTest

@testable import TLS

final class SignatureTests: XCTestCase {
  private func key(_ name: String) throws -> PKey {
    try OpenSSL.load().privateKey(Fixture.bytes("\(name).key"), what: name)
  }

  private static let kinds: [(name: String, algorithms: [SignatureAlgorithm])] = [
    ("rsa", [.rs256, .ps256]), ("server", [.es256]), ("ed25519", [.edDSA]),
  ]

  func testWhatWasSignedIsValidUnderThePublicNumbersOnly() throws {
    let bytes = Array("eyJhbGciOiJ9.eyJzdWIiOiJhIn0".utf8)
    for (name, algorithms) in Self.kinds {
      let key = try key(name)
      XCTAssertEqual(key.algorithms, algorithms)
      let published = try OpenSSL.load().key(XCTUnwrap(key.numbers))
      for algorithm in algorithms {
        let signature = try key.sign(bytes, algorithm)
        XCTAssertTrue(published.isValid(signature, of: bytes, algorithm), "\(algorithm)")
        XCTAssertFalse(published.isValid(signature, of: bytes + [0], algorithm), "\(algorithm)")
        for index in [0, signature.count / 2, signature.count - 1] {
          var changed = signature
          changed[index] ^= 1
          XCTAssertFalse(published.isValid(changed, of: bytes, algorithm), "\(algorithm) at \(index)")
        }
        XCTAssertFalse(published.isValid([], of: bytes, algorithm))
        XCTAssertFalse(published.isValid(signature + [0], of: bytes, algorithm))
        for other in SignatureAlgorithm.allCases where other != algorithm {
          XCTAssertFalse(published.isValid(signature, of: bytes, other), "\(algorithm) as \(other)")
        }
      }
    }
  }

  func testASignatureOfES256IsTwoNumbersOf32Bytes() throws {
    let key = try key("server")
    for _ in 0..<50 { XCTAssertEqual(try key.sign([1, 2, 3], .es256).count, 64) }
    XCTAssertFalse(key.isValid([UInt8](repeating: 0, count: 64), of: [1, 2, 3], .es256))
  }

  /// RFC 8037, appendix A.4 and A.5.
  func testTheExampleOfRFC8037IsValid() throws {
    let x: [UInt8] = [
      0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
      0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ]
    let signature: [UInt8] = [
      0x86, 0x0c, 0x98, 0xd2, 0x29, 0x7f, 0x30, 0x60, 0xa3, 0x3f, 0x42, 0x73, 0x96, 0x72, 0xd6, 0x1b,
      0x53, 0xcf, 0x3a, 0xde, 0xfe, 0xd3, 0xd3, 0xc6, 0x72, 0xf3, 0x20, 0xdc, 0x02, 0x1b, 0x41, 0x1e,
      0x9d, 0x59, 0xb8, 0x62, 0x8d, 0xc3, 0x51, 0xe2, 0x48, 0xb8, 0x8b, 0x29, 0x46, 0x8e, 0x0e, 0x41,
      0x85, 0x5b, 0x0f, 0xb7, 0xd8, 0x3b, 0xb1, 0x5b, 0xe9, 0x02, 0xbf, 0xcc, 0xb8, 0xcd, 0x0a, 0x02,
    ]
    let bytes = Array("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".utf8)
    XCTAssertTrue(try OpenSSL.load().key(.ed25519(x)).isValid(signature, of: bytes, .edDSA))
  }

  func testAKeyThatIsTooShortOrMalformedIsRefused() throws {
    XCTAssertEqual(try key("short").algorithms, [])
    XCTAssertThrowsError(try key("short").sign([1], .rs256))
    let openSSL = try OpenSSL.load()
    let ones = [UInt8](repeating: 1, count: 32)
    for numbers: PublicKey in [
      .ed25519([1, 2]), .p256(x: ones, y: [1]), .p256(x: ones, y: ones), .rsa(modulus: [], exponent: []),
      .rsa(modulus: [UInt8](repeating: 0xff, count: 128), exponent: [1, 0, 1]),
      .rsa(modulus: [UInt8](repeating: 0xff, count: 3000), exponent: [1, 0, 1]),
    ] { XCTAssertThrowsError(try openSSL.key(numbers), "\(numbers)") }
  }

  func testAPublicKeyIsReadFromPEM() throws {
    let openSSL = try OpenSSL.load()
    let key = try openSSL.publicKey(Fixture.bytes("ed25519.pub"), what: "ed25519.pub")
    XCTAssertEqual(key.numbers, try self.key("ed25519").numbers)
    XCTAssertThrowsError(try key.sign([1], .edDSA))
    XCTAssertThrowsError(try openSSL.publicKey([1], what: "x"))
  }
}
