/// Rows for people to read, columns aligned, two spaces apart.
struct TextTable {
  /// No column is cut below this width.
  private static let leastWidth = 8

  private var rows: [[String]]

  init(_ head: [String]) { rows = [head] }

  init(_ rows: [[String]]) { self.rows = rows.map { $0.map(TerminalText.value) } }

  mutating func add(_ row: [String]) { rows.append(row.map(TerminalText.value)) }

  /// - Parameter width: columns of the terminal: the widest cells are cut to fit, except for those of the first column,
  ///   which are ids; nil shows all of every cell.
  func text(width: Int? = nil) -> String {
    let widths = Self.widths(of: rows, within: width)
    var text = ""
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        let isLast = column == row.count - 1
        let shown = DisplayWidth.cut(cell, to: widths[column])
        line += shown
        if !isLast { line += String(repeating: " ", count: widths[column] - DisplayWidth.of(shown) + 2) }
      }
      text += line + "\n"
    }
    return text
  }

  /// The widest cell of each column, reduced one by one from the widest column until the line fits.
  private static func widths(of rows: [[String]], within width: Int?) -> [Int] {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], DisplayWidth.of(cell))
      }
    }
    guard let width else { return widths }
    while widths.reduce(0, +) + 2 * (widths.count - 1) > width {
      guard let widest = widths.indices.dropFirst().max(by: { widths[$0] < widths[$1] }),
        widths[widest] > leastWidth
      else { break }
      widths[widest] -= 1
    }
    return widths
  }
}
