/// Cells as spreadsheets read and write them.
package enum CSVCell {
  /// Characters that a spreadsheet would read as the beginning of a formula.
  private static let triggers = Set("=+-@\t\r".utf8)

  /// Appends one cell, quoted if necessary. A text that a spreadsheet would treat as a formula gets `'` in front.
  package static func append(_ text: String, to bytes: inout [UInt8]) {
    let guarded = (isGuarded(text.utf8) ? [UInt8(ascii: "'")] : []) + Array(text.utf8)
    guard
      guarded.contains(where: {
        $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\n")
          || $0 == UInt8(ascii: "\r")
      })
    else {
      bytes += guarded
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in guarded {
      if byte == UInt8(ascii: "\"") { bytes.append(UInt8(ascii: "\"")) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// The text of a cell, without the `'` that `append` puts in front; nil if it is not UTF-8.
  static func text(_ cell: [UInt8]) -> String? {
    let isMarked = cell.first == UInt8(ascii: "'") && isGuarded(cell.dropFirst())
    return String(validating: isMarked ? Array(cell.dropFirst()) : cell, as: UTF8.self)
  }

  /// Whether a trigger comes first, or after any number of `'`: so that what is guarded can itself be exported again.
  private static func isGuarded(_ text: some Collection<UInt8>) -> Bool {
    text.drop { $0 == UInt8(ascii: "'") }.first.map(triggers.contains) ?? false
  }
}
