/// Reads comma-separated values (RFC 4180) from bytes: quotes, quotes in quotes, line breaks in quotes, CR LF or LF,
/// and the byte order mark that spreadsheets write.
struct CSVReader {
  struct Row {
    /// The line on which it begins, from 1.
    let line: Int
    let cells: [[UInt8]]
  }

  /// Columns of one row; a user has some fifty attributes.
  static let maxColumns = 1000

  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var line = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes[...]
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The next row that is not an empty line; nil at the end. After an error nothing more can be read.
  mutating func next() throws(ImportError) -> Row? {
    while position < bytes.endIndex,
      bytes[position] == UInt8(ascii: "\n") || bytes[position] == UInt8(ascii: "\r")
    {
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
    guard position < bytes.endIndex else { return nil }
    let first = line
    var cells: [[UInt8]] = []
    while true {
      cells.append(try cell())
      guard cells.count <= Self.maxColumns else {
        throw ImportError(line: first, "a row may have at most \(Self.maxColumns) columns")
      }
      guard position < bytes.endIndex else { break }
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: ",") { continue }
      if byte == UInt8(ascii: "\r"), position < bytes.endIndex, bytes[position] == UInt8(ascii: "\n") {
        position += 1
      }
      line += 1
      break
    }
    return Row(line: first, cells: cells)
  }

  /// One cell; `position` is then at the comma or the end of the line.
  private mutating func cell() throws(ImportError) -> [UInt8] {
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "\"") else {
      let start = position
      while position < bytes.endIndex, !Self.ends(bytes[position]) { position += 1 }
      return Array(bytes[start..<position])
    }
    let first = line
    var text: [UInt8] = []
    position += 1
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") {
        guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "\"") else {
          guard position == bytes.endIndex || Self.ends(bytes[position]) else {
            throw ImportError(
              line: line, "a closing quote must be followed by a comma or the end of the line")
          }
          return text
        }
        position += 1
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      text.append(byte)
    }
    throw ImportError(line: first, "a quoted cell has no closing quote")
  }

  /// Whether an unquoted cell ends before this byte.
  private static func ends(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}
