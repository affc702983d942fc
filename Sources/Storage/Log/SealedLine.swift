import Glibc
import JSON
import Platform

/// A JSON object on one line that ends with the checksum of itself: `{...,"crc":"0f9a3b77"}`.
///
/// The checksum is the CRC32C of the bytes before `,"crc":`, as 8 lower-case hexadecimal digits. One spelling only
/// is accepted, so that no bit of the line can change unnoticed.
enum SealedLine {
  private static let before = StaticString(",\"crc\":\"")
  private static let after = StaticString("\"}")
  /// Bytes of `,"crc":"0f9a3b77"}`.
  static let sealBytes = 18

  /// Closes the object that begins at `start` and is open, with at least one member; adds LF.
  static func seal(_ bytes: inout [UInt8], from start: Int, crc: UInt32? = nil) -> UInt32 {
    let value =
      crc ?? bytes.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    bytes.append(text: before)
    appendHex(value, to: &bytes)
    bytes.append(text: after)
    bytes.append(UInt8(ascii: "\n"))
    return value
  }

  /// The checksum of a line without its LF, if it has a correct one.
  static func check(_ line: UnsafeRawBufferPointer) -> UInt32? {
    guard let stated = statedChecksum(line) else { return nil }
    let body = UnsafeRawBufferPointer(rebasing: line.dropLast(sealBytes))
    return CRC32C.checksum(body) == stated ? stated : nil
  }

  /// The checksum that the line names, right or wrong.
  static func statedChecksum(_ line: UnsafeRawBufferPointer) -> UInt32? {
    let body = line.count - sealBytes
    guard body > 0, matches(line, at: body, before), matches(line, at: line.count - 2, after) else {
      return nil
    }
    return hex(line, at: body + 8)
  }

  static func appendHex(_ value: UInt32, to bytes: inout [UInt8]) {
    for shift in stride(from: 28, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: value &>> UInt32(shift)) & 15
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : 0x57 + digit)
    }
  }

  static func appendHexByte(_ byte: UInt8, to bytes: inout [UInt8]) {
    for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
  }

  static func isOneLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.baseAddress.map { memchr($0, CInt(UInt8(ascii: "\n")), bytes.count) == nil } ?? true
  }

  /// Whether the line has this text at an offset; false beyond its end.
  static func matches(_ line: UnsafeRawBufferPointer, at offset: Int, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard offset >= 0, count <= line.count - offset, let base = line.baseAddress else { return false }
    return memcmp(base + offset, text.utf8Start, count) == 0
  }

  /// Eight lower-case hexadecimal digits.
  static func hex(_ line: UnsafeRawBufferPointer, at offset: Int) -> UInt32? {
    guard offset >= 0, line.count - offset >= 8 else { return nil }
    var value: UInt32 = 0
    for index in offset..<(offset + 8) {
      let byte = line[index]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - 0x57)
      default: return nil
      }
    }
    return value
  }

  /// Eight lower-case hexadecimal digits, and nothing else.
  static func hex(_ text: String) -> UInt32? {
    let bytes = Array(text.utf8)
    guard bytes.count == 8 else { return nil }
    return bytes.withUnsafeBytes { hex($0, at: 0) }
  }
}
