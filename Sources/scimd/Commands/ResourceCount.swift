/// Counts the resources of an export as it arrives: lines of JSON, or rows of a table after the first, which has the
/// names of the columns.
struct ResourceCount: Sendable {
  private let isTable: Bool
  private var isQuoted = false
  private var lines = 0

  init(isTable: Bool) { self.isTable = isTable }

  var resources: Int { isTable ? max(0, lines - 1) : lines }

  /// Counts the line feeds of the next piece; those in quoted cells of a table do not count.
  mutating func read(_ piece: ArraySlice<UInt8>) {
    guard isTable else {
      lines += piece.count { $0 == UInt8(ascii: "\n") }
      return
    }
    for byte in piece {
      // A cell in quotes may have line breaks.
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: "\n"), !isQuoted { lines += 1 }
    }
  }
}
