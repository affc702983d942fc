import CPlatform

/// The Castagnoli CRC (RFC 3720 appendix B.4), eight bytes a step: by the processor's own instruction, or by tables
/// where it has none.
package struct CRC32C: Sendable {
  private var state: UInt32 = ~0

  package init() {}

  /// Continues from the checksum of the previous bytes.
  package init(continuing value: UInt32) {
    state = ~value
  }

  /// The checksum of all bytes so far; 0 for none.
  package var value: UInt32 { ~state }

  /// Adds the next bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    if Self.hasInstruction {
      state = cplatform_crc32c(state, start, bytes.count)
    } else {
      updateByTables(start, bytes.count)
    }
  }

  private static let hasInstruction = cplatform_has_crc32c() != 0

  /// The same on every processor.
  mutating func updateByTables(_ start: UnsafeRawPointer, _ count: Int) {
    var next = start
    var rest = count
    let table = Self.tables.words
    var crc = state
    while rest >= 8 {
      let word = UInt64(littleEndian: next.loadUnaligned(as: UInt64.self)) ^ UInt64(crc)
      let low = UInt32(truncatingIfNeeded: word)
      let high = UInt32(truncatingIfNeeded: word &>> 32)
      crc =
        table[0x700 &+ Int(low & 0xff)] ^ table[0x600 &+ Int(low &>> 8 & 0xff)]
        ^ table[0x500 &+ Int(low &>> 16 & 0xff)] ^ table[0x400 &+ Int(low &>> 24)]
        ^ table[0x300 &+ Int(high & 0xff)] ^ table[0x200 &+ Int(high &>> 8 & 0xff)]
        ^ table[0x100 &+ Int(high &>> 16 & 0xff)] ^ table[Int(high &>> 24)]
      next += 8
      rest &-= 8
    }
    while rest > 0 {
      crc = table[Int((crc ^ UInt32(next.load(as: UInt8.self))) & 0xff)] ^ crc &>> 8
      next += 1
      rest &-= 1
    }
    state = crc
  }

  /// The checksum of one message.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var crc = CRC32C()
    crc.update(bytes)
    return crc.value
  }

  /// Eight tables of 256 words: table k is the CRC of a byte followed by k zero bytes.
  ///
  /// `@unchecked Sendable` is sound because the words are written once, before anyone can see them.
  private struct Tables: @unchecked Sendable {
    let words: UnsafePointer<UInt32>

    init() {
      let words = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * 256)
      for byte in 0..<256 {
        var crc = UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
        words[byte] = crc
      }
      for index in 256..<(8 * 256) {
        let shorter = words[index - 256]
        words[index] = words[Int(shorter & 0xff)] ^ shorter >> 8
      }
      self.words = UnsafePointer(words)
    }
  }

  private static let tables = Tables()
}
