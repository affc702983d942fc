/// Order of and search in bytes.
enum Bytes {
  /// Whether `a` stands before `b` in the order of their bytes.
  static func precedes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    let common = min(a.count, b.count)
    var index = 0
    while index < common, a[index] == b[index] { index += 1 }
    return index < common ? a[index] < b[index] : a.count < b.count
  }

  /// Tries one place after the other, which is fastest for ordinary text; where that compares too much, the text is
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
