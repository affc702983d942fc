import Foundation
import Platform
import XCTest

final class SHA256Tests: XCTestCase {
  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }

  func testTheExamplesOfFIPS180() {
    XCTAssertEqual(
      hex(SHA256.digest(Array("abc".utf8))),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    XCTAssertEqual(
      hex(SHA256.digest(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    XCTAssertEqual(
      hex(SHA256.digest([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  func testEveryLengthAroundTheBlockBordersMatchesTheReference() throws {
    for (count, expected) in try vectors() {
      XCTAssertEqual(hex(SHA256.digest(message(count))), expected, "\(count) bytes")
    }
  }

  func testPiecesGiveTheDigestOfTheWhole() throws {
    let message = message(300)
    let whole = SHA256.digest(message)
    for piece in [1, 3, 55, 63, 64, 65, 128, 299] {
      var hasher = SHA256()
      for start in stride(from: 0, to: message.count, by: piece) {
        message[start..<min(start + piece, message.count)].withUnsafeBytes { hasher.update($0) }
      }
      XCTAssertEqual(hasher.finalize(), whole, "pieces of \(piece)")
    }
  }

  private func message(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
  }

  private func vectors() throws -> [(Int, String)] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/sha256.txt"
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 2, let count = Int(words[0]) else { return nil }
      return (count, String(words[1]))
    }
  }
}
