import Platform
import XCTest

final class Digest256Tests: XCTestCase {
  private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  func testTextIsTheHexadecimalOfTheBytesAndIsReadBack() throws {
    let digest = Digest256.of(Array("abc".utf8))
    XCTAssertEqual(digest.text, abc)
    XCTAssertEqual(Digest256(hex: abc.utf8), digest)
    var output = Array("=".utf8)
    digest.appendHex(to: &output)
    XCTAssertEqual(String(decoding: output, as: UTF8.self), "=" + abc)
  }

  func testBytesAreThoseOfSHA256InTheirOrder() {
    let bytes = SHA256.digest(Array("abc".utf8))
    let digest = Digest256.of(Array("abc".utf8))
    XCTAssertEqual(digest.withBytes { Array($0) }, bytes)
    var output: [UInt8] = [7]
    digest.append(to: &output)
    XCTAssertEqual(output, [7] + bytes)
    XCTAssertEqual(Digest256(bytes: bytes), digest)
    XCTAssertEqual(Digest256(bytes: bytes[...]), digest)
  }

  func testPiecesGiveTheDigestOfTheWhole() {
    var hasher = SHA256()
    Array("a".utf8).withUnsafeBytes { hasher.update($0) }
    Array("bc".utf8).withUnsafeBytes { hasher.update($0) }
    XCTAssertEqual(hasher.finalizeDigest().text, abc)
  }

  func testOnlySixtyFourLowerCaseDigitsAreADigest() {
    for text in ["", String(abc.dropLast()), abc + "0", abc.uppercased()] {
      XCTAssertNil(Digest256(hex: text.utf8), text)
    }
    for other in ["g", "+", " ", "/", ":", "`", "\0", "A"] {
      let text = other + String(abc.dropFirst())
      XCTAssertNil(Digest256(hex: text.utf8), text)
    }
  }

  func testOnlyThirtyTwoBytesAreADigest() {
    for count in [0, 31, 33, 64] {
      XCTAssertNil(Digest256(bytes: [UInt8](repeating: 1, count: count)), "\(count)")
    }
    XCTAssertEqual(Digest256(bytes: [UInt8](repeating: 0, count: 32)), .zero)
  }

  func testEveryByteCountsInEquality() {
    let bytes = SHA256.digest(Array("abc".utf8))
    var seen: Set<Digest256> = [.zero]
    for index in 0..<32 {
      var other = bytes
      other[index] ^= 1
      XCTAssertTrue(seen.insert(Digest256(bytes: other) ?? .zero).inserted, "\(index)")
    }
  }
}
