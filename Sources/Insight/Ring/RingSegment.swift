/// One file of a directory's ring: `<number of its first entry>.jsonl`, one entry a line.
package struct RingSegment: Sendable, Equatable {
  /// The number of its first entry.
  package let first: UInt64
  var bytes: Int
  /// When its last entry was written, milliseconds since 1970.
  var newest: Int64

  static let suffix = ".jsonl"
  private static let digits = 20

  static func name(first: UInt64) -> String {
    let text = String(first)
    return String(repeating: "0", count: digits - text.utf8.count) + text + suffix
  }

  /// The number in the name of a file; nil if it is not a segment.
  static func first(in name: String) -> UInt64? {
    guard name.utf8.count == digits + suffix.utf8.count, name.hasSuffix(suffix) else { return nil }
    return UInt64(name.dropLast(suffix.utf8.count))
  }
}
