import Foundation
import XCTest

@testable import Platform

final class SHA256Tests: XCTestCase {
  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }

  /// By the instructions too where the processor of this machine has them.
  private let paths = SHA256.hasInstructions ? [false, true] : [false]

  private func digest(_ bytes: [UInt8], usesInstructions: Bool) -> [UInt8] {
    var hasher = SHA256(usesInstructions: usesInstructions)
    bytes.withUnsafeBytes { hasher.update($0) }
    return hasher.finalize()
  }

  func testTheExamplesOfFIPS180() {
    let examples: [([UInt8], String)] = [
      ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        Array(
          ("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
            + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu").utf8),
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
      (
        [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ]
    for (message, expected) in examples {
      XCTAssertEqual(hex(SHA256.digest(message)), expected)
      for path in paths {
        XCTAssertEqual(hex(digest(message, usesInstructions: path)), expected, "instructions: \(path)")
      }
    }
  }

  func testInstructionsAndWordsGiveTheSameDigestAtEveryLengthAndAlignment() {
    let bytes = message(320)
    for count in 0...300 {
      let start = count % 17
      let slice = Array(bytes[start..<(start + count)])
      let expected = digest(slice, usesInstructions: false)
      XCTAssertEqual(SHA256.digest(slice), expected, "\(count) bytes")
      bytes[start..<(start + count)].withUnsafeBytes {
        XCTAssertEqual(Digest256.of($0), Digest256(bytes: expected), "\(count) bytes")
      }
    }
  }

  func testEveryLengthAroundTheBlockBordersMatchesTheReference() throws {
    for (count, expected) in try vectors() {
      for path in paths {
        XCTAssertEqual(hex(digest(message(count), usesInstructions: path)), expected, "\(count) bytes")
      }
    }
  }

  func testPiecesGiveTheDigestOfTheWhole() throws {
    let message = message(300)
    let whole = SHA256.digest(message)
    for piece in [1, 3, 55, 63, 64, 65, 128, 299] {
      for path in paths {
        var hasher = SHA256(usesInstructions: path)
        for start in stride(from: 0, to: message.count, by: piece) {
          message[start..<min(start + piece, message.count)].withUnsafeBytes { hasher.update($0) }
        }
        XCTAssertEqual(hasher.finalize(), whole, "pieces of \(piece)")
      }
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
