/// Comparing and searching bytes.
enum Bytes {
  /// How much work folding a text takes.
  enum Letters {
    /// Nothing: ASCII without capitals.
    case small
    case ascii
    case other
  }

  /// Whether there is a control character in a text: those of ASCII, DEL, and U+0080 to U+009F.
  static func hasControls(_ text: String) -> Bool {
    var before: UInt8 = 0
    for byte in text.utf8 {
      if byte < 0x20 || byte == 0x7F || (before == 0xC2 && byte < 0xA0) { return true }
      before = byte
    }
    return false
  }

  /// Eight bytes at a time.
  static func letters(in text: String) -> Letters {
    text.utf8.withContiguousStorageIfAvailable { letters(in: UnsafeRawBufferPointer($0)) }
      ?? Array(text.utf8).withUnsafeBytes(letters)
  }

  /// Classifies text, eight bytes at a time: without capitals, other ASCII, or beyond ASCII.
  private static func letters(in bytes: UnsafeRawBufferPointer) -> Letters {
    let high: UInt64 = 0x8080_8080_8080_8080
    var capitals: UInt64 = 0
    var index = 0
    while bytes.count - index >= 8 {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      guard word & high == 0 else { return .other }
      // From A on the first sum has its high bit set, after Z the second one too.
      capitals |= (word &+ 0x3F3F_3F3F_3F3F_3F3F) & ~(word &+ 0x2525_2525_2525_2525)
      index += 8
    }
    while index < bytes.count {
      guard bytes[index] < 0x80 else { return .other }
      if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[index]) { capitals |= high }
      index += 1
    }
    return capitals & high == 0 ? .small : .ascii
  }

  /// Whether `a` comes before `b` in the order of their bytes.
  static func precedes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    let common = min(a.count, b.count)
    var index = 0
    while index < common, a[index] == b[index] { index += 1 }
    return index < common ? a[index] < b[index] : a.count < b.count
  }

  /// Tries one place after the other, which is fastest for ordinary text; if that compares too much, the text is
  /// searched once more in a way that never does.
  static func contains(_ text: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = part.first else { return true }
    guard text.count >= part.count else { return false }
    // Comparisons beyond one for each place.
    var rest = text.count
    for start in 0...(text.count - part.count) where text[start] == first {
      var offset = 1
      while offset < part.count, text[start + offset] == part[offset] { offset += 1 }
      if offset == part.count { return true }
      rest -= offset
      if rest < 0 { return containsRepetitive(text, part) }
    }
    return false
  }

  /// Knuth, Morris and Pratt: no byte of the text is looked at again.
  private static func containsRepetitive(
    _ text: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let borders = borders(of: part)
    var matched = 0
    for byte in text {
      while matched > 0, part[matched] != byte { matched = borders[matched - 1] }
      if part[matched] == byte { matched += 1 }
      if matched == part.count { return true }
    }
    return false
  }

  /// For every beginning of `part`, how long its longest proper beginning is that is its end, too.
  private static func borders(of part: UnsafeBufferPointer<UInt8>) -> [Int] {
    var borders = [Int](repeating: 0, count: part.count)
    var length = 0
    for index in part.indices.dropFirst() {
      while length > 0, part[index] != part[length] { length = borders[length - 1] }
      if part[index] == part[length] { length += 1 }
      borders[index] = length
    }
    return borders
  }
}
