/// The names of the files in a directory's folder; the number has 16 digits, so that byte order is log order.
enum LogName {
  /// The version of every file format in this folder.
  static let format: Int64 = 2

  static func segment(first: UInt64) -> String { "journal-\(padded(first)).jsonl" }
  static func snapshot(seq: UInt64) -> String { "snapshot-\(padded(seq)).jsonl" }

  static func segmentFirst(_ name: String) -> UInt64? { number(name, prefix: "journal-") }
  static func snapshotSeq(_ name: String) -> UInt64? { number(name, prefix: "snapshot-") }

  private static func padded(_ number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(16 - digits.utf8.count, 0)) + digits
  }

  /// Nil unless the name is exactly as `padded` spells the number.
  private static func number(_ name: String, prefix: String) -> UInt64? {
    let bytes = Array(name.utf8)
    let suffix = Array(".jsonl".utf8)
    guard bytes.starts(with: prefix.utf8), bytes.suffix(suffix.count) == suffix[...] else { return nil }
    let digits = bytes.dropFirst(prefix.utf8.count).dropLast(suffix.count)
    guard digits.count >= 16, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    let value = UInt64(String(decoding: digits, as: UTF8.self))
    return value.flatMap { padded($0).utf8.count == digits.count ? $0 : nil }
  }
}
