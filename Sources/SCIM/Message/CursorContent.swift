import JSON

/// The contents of a cursor before it is sealed.
package struct CursorContent: Sendable, Equatable {
  private static let version: UInt8 = 1

  /// Milliseconds since 1970.
  package let issued: Int64
  /// The `count` that the walk began with; nil for none.
  package let count: Int?
  package let position: CursorPosition

  package init(issued: Int64, count: Int?, position: CursorPosition) {
    self.issued = issued
    self.count = count
    self.position = position
  }

  /// As bytes, integers big-endian: version (1), issued (8), count or -1 (8), ordinal (8), the kind of the sort value
  /// (1) and the value.
  package var bytes: [UInt8] {
    var bytes = [CursorContent.version]
    bytes.append(integer: UInt64(bitPattern: issued))
    bytes.append(integer: UInt64(bitPattern: Int64(count ?? -1)))
    bytes.append(integer: position.ordinal)
    switch position.sortValue {
    case nil: bytes.append(0)
    case .boolean(let flag)?:
      bytes.append(1)
      bytes.append(flag == 0 ? 0 : 1)
    case .number(let number)?:
      bytes.append(2)
      bytes.append(contentsOf: number.canonical.utf8)
    case .instant(let instant)?:
      bytes.append(3)
      bytes.append(integer: UInt64(bitPattern: instant.seconds))
      bytes.append(integer: UInt64(UInt32(bitPattern: instant.nanoseconds)))
    case .text(let text)?:
      bytes.append(4)
      bytes.append(contentsOf: text.text.utf8)
    }
    return bytes
  }

  /// From what `bytes` gave; nil for anything else.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= 26, bytes[0] == CursorContent.version else { return nil }
    issued = Int64(bitPattern: bytes[1..<9].integer)
    let number = Int64(bitPattern: bytes[9..<17].integer)
    count = number < 0 ? nil : Int(number)
    guard let value = CursorContent.sortValue(bytes[25], bytes[26...]) else { return nil }
    position = CursorPosition(ordinal: bytes[17..<25].integer, sortValue: value)
  }

  /// Nil if it is malformed, `.some(nil)` for a resource without a value.
  private static func sortValue(_ kind: UInt8, _ bytes: ArraySlice<UInt8>) -> SortValue?? {
    switch (kind, bytes.count) {
    case (0, 0): .some(nil)
    case (1, 1): .boolean(bytes.first == 0 ? 0 : 1)
    case (2, _): (try? JSONParser.parse(Array(bytes))).flatMap { ExactNumber($0) }.map { .number($0) }
    case (3, 16):
      .instant(
        DateTime(
          seconds: Int64(bitPattern: bytes.prefix(8).integer),
          nanoseconds: Int32(truncatingIfNeeded: bytes.suffix(8).integer)))
    case (4, _): .text(TextKey(exact: String(decoding: bytes, as: UTF8.self)))
    default: .none
    }
  }
}

extension DateTime {
  fileprivate init(seconds: Int64, nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
}

extension [UInt8] {
  fileprivate mutating func append(integer: UInt64) {
    for shift in stride(from: 56, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: integer >> UInt64(shift)))
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate var integer: UInt64 { reduce(0) { $0 << 8 | UInt64($1) } }
}
