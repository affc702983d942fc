/// Loops over bytes that take eight at a time.
@usableFromInline package enum ByteScan {
  /// Bytes allowed in a run: never a quote, a backslash or a control character.
  enum Run {
    case plainASCII
    case plain
  }

  /// The first position at or after `start` whose byte is not in the run, or `bytes.count`.
  @inline(__always)
  static func end(of run: Run, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    while bytes.count - index >= 8 {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let stops = stops(in: word, run)
      if stops != 0 { return index + stops.trailingZeroBitCount >> 3 }
      index += 8
    }
    while index < bytes.count, !isStop(bytes[index], run) { index += 1 }
    return index
  }

  /// The high bit of every byte that ends a run; exact up to and including the lowest one set.
  @inline(__always)
  private static func stops(in word: UInt64, _ run: Run) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    var found = (quote &- ones) & ~quote
    found |= (backslash &- ones) & ~backslash
    found |= (word &- ones &* 0x20) & ~word
    if run == .plainASCII { found |= word }
    return found & (ones &* 0x80)
  }

  /// The same for a single byte.
  @inline(__always)
  private static func isStop(_ byte: UInt8, _ run: Run) -> Bool {
    byte < UInt8(ascii: " ") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
      || (run == .plainASCII && byte >= 0x80)
  }

  /// Whether two buffers of the same length have the same bytes.
  @inlinable
  package static func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    precondition(left.count == right.count, "only memories of one length are compared")
    if left.baseAddress == right.baseAddress { return true }
    var index = 0
    while left.count - index >= 8 {
      let word = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      guard word == right.loadUnaligned(fromByteOffset: index, as: UInt64.self) else { return false }
      index += 8
    }
    while index < left.count {
      guard left[index] == right[index] else { return false }
      index += 1
    }
    return true
  }
}
