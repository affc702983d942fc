/// The id of a resource: a random UUID (RFC 7643 §3.1), kept in 16 bytes.
package struct ResourceID: Sendable, Hashable, Comparable {
  private let high: UInt64
  private let low: UInt64

  /// Nil unless `text` is a UUID in lower case, as ids are given out: ids are compared case-exactly.
  package init?(_ text: some Collection<UInt8>) {
    guard text.count == 36 else { return nil }
    var parts: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for (index, byte) in text.enumerated() {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x61...0x66: digit = byte - 0x57
      default: return nil
      }
      if digits < 16 {
        parts.0 = parts.0 << 4 | UInt64(digit)
      } else {
        parts.1 = parts.1 << 4 | UInt64(digit)
      }
      digits += 1
    }
    (high, low) = parts
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

  /// Which of so many parts of a table it belongs to, a power of two: ids are random.
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
    var position = 0
    for index in 0..<32 {
      if index == 8 || index == 12 || index == 16 || index == 20 {
        buffer[position] = UInt8(ascii: "-")
        position += 1
      }
      let half = index < 16 ? high : low
      let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (index % 16)) & 15)
      buffer[position] = digit < 10 ? 0x30 + digit : 0x57 + digit
      position += 1
    }
  }
}
