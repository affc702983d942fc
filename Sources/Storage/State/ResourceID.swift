/// The id of a resource: a random UUID (RFC 7643 §3.1), kept in 16 bytes.
package struct ResourceID: Sendable, Hashable, Comparable {
  private let high: UInt64
  private let low: UInt64

  /// Nil unless `text` is a UUID in lower case, as ids are assigned: ids are compared case-exactly.
  package init?(_ text: some Collection<UInt8>) {
    let inPlace = text.withContiguousStorageIfAvailable { ResourceID(buffer: $0) }
    guard let id = inPlace ?? Array(text).withUnsafeBufferPointer({ ResourceID(buffer: $0) }) else {
      return nil
    }
    self = id
  }

  /// Every request names one, so the bytes are read in place.
  private init?(buffer: UnsafeBufferPointer<UInt8>) {
    guard buffer.count == 36 else { return nil }
    var (high, low): (UInt64, UInt64) = (0, 0)
    for position in 0..<36 {
      let byte = buffer[position]
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &- UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte &- 0x57
      default: return nil
      }
      high = high << 4 | low >> 60
      low = low << 4 | UInt64(digit)
    }
    (self.high, self.low) = (high, low)
  }

  package init?(_ text: String) { self.init(text.utf8) }

  /// From 16 bytes.
  package init(bytes: [UInt8]) {
    precondition(bytes.count == 16, "an id has 16 bytes")
    high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The order of the texts.
  package static func < (a: ResourceID, b: ResourceID) -> Bool { (a.high, a.low) < (b.high, b.low) }

  /// The 16 bytes.
  var words: (high: UInt64, low: UInt64) { (high, low) }

  /// The part of a table it belongs to, out of `count`, a power of two: ids are random.
  func part(of count: Int) -> Int { Int(truncatingIfNeeded: low ^ high) & (count - 1) }

  package var text: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      write(to: buffer)
      return 36
    }
  }

  /// Appends the 36 bytes of the text.
  package func append(to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { buffer in
      write(to: buffer)
      bytes.append(contentsOf: buffer)
    }
  }

  private func write(to buffer: UnsafeMutableBufferPointer<UInt8>) {
    let text = UnsafeMutableRawBufferPointer(buffer)
    let middle = ResourceID.digits(UInt32(truncatingIfNeeded: high))
    let end = ResourceID.digits(UInt32(truncatingIfNeeded: low >> 32))
    text.storeBytes(of: ResourceID.digits(UInt32(truncatingIfNeeded: high >> 32)), as: UInt64.self)
    text.storeBytes(of: UInt32(truncatingIfNeeded: middle), toByteOffset: 9, as: UInt32.self)
    text.storeBytes(of: UInt32(truncatingIfNeeded: middle >> 32), toByteOffset: 14, as: UInt32.self)
    text.storeBytes(of: UInt32(truncatingIfNeeded: end), toByteOffset: 19, as: UInt32.self)
    text.storeBytes(of: UInt32(truncatingIfNeeded: end >> 32), toByteOffset: 24, as: UInt32.self)
    text.storeBytes(
      of: ResourceID.digits(UInt32(truncatingIfNeeded: low)), toByteOffset: 28, as: UInt64.self)
    for position in [8, 13, 18, 23] { buffer[position] = UInt8(ascii: "-") }
  }

  /// The eight hexadecimal digits, in the order of their bytes in memory.
  private static func digits(_ value: UInt32) -> UInt64 {
    var nibbles = UInt64(value)
    nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
    nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
    nibbles = (nibbles | nibbles << 4) & 0x0F0F_0F0F_0F0F_0F0F
    // One in every byte that is ten or more, and is written as a letter.
    let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return (nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27).bigEndian
  }
}
