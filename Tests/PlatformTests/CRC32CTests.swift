import XCTest

@testable import Platform

final class CRC32CTests: XCTestCase {
  private func crc(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { CRC32C.checksum($0) }
  }

  func testTheExamplesOfRFC3720() {
    XCTAssertEqual(crc([]), 0)
    XCTAssertEqual(crc(Array("123456789".utf8)), 0xe306_9283)
    XCTAssertEqual(crc([UInt8](repeating: 0, count: 32)), 0x8a91_36aa)
    XCTAssertEqual(crc([UInt8](repeating: 0xff, count: 32)), 0x62a8_ab43)
    XCTAssertEqual(crc((0..<32).map { UInt8($0) }), 0x46dd_794e)
    XCTAssertEqual(crc((0..<32).map { UInt8(31 - $0) }), 0x113f_db5c)
  }

  func testEveryLengthAndAlignmentMatchesTheBitwiseDefinition() {
    let bytes = (0..<600).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 7) }
    for start in 0..<9 {
      for count in [0, 1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 100, 255, 256, 257, 500, 591] {
        let slice = bytes[start..<(start + count)]
        let wanted = bitwise(slice)
        XCTAssertEqual(slice.withUnsafeBytes { CRC32C.checksum($0) }, wanted, "\(start)+\(count)")
        XCTAssertEqual(slice.withUnsafeBytes { byTables($0) }, wanted, "\(start)+\(count)")
      }
    }
  }

  func testPiecesGiveTheChecksumOfTheWhole() {
    let bytes = (0..<200).map { UInt8($0) }
    for cut in 0...200 {
      var first = CRC32C()
      bytes[..<cut].withUnsafeBytes { first.update($0) }
      var second = CRC32C(continuing: first.value)
      bytes[cut...].withUnsafeBytes { second.update($0) }
      XCTAssertEqual(second.value, crc(bytes))
    }
  }

  /// As on a processor without the instruction.
  private func byTables(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var crc = CRC32C()
    if let start = bytes.baseAddress { crc.updateByTables(start, bytes.count) }
    return crc.value
  }

  private func bitwise(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc: UInt32 = ~0
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
    }
    return ~crc
  }
}
