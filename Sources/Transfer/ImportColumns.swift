import JSON
import SCIM

/// The columns of a table: each an attribute path such as `name.givenName` or `emails[type eq "work"].value`, in the
/// notation of PATCH, and `id` and a group's `members`.
struct ImportColumns {
  private struct Column {
    let index: Int
    let path: String
    let target: AttributePath
    /// Names the whole value that a filter selects; nil for a column without a filter.
    let selection: String?
  }

  /// Attributes that `scimd export` does not write as columns and that an import would not set.
  private static let ignored = ["schemas", "meta", "groups"]

  private let type: ResourceType
  private let count: Int
  private var columns: [Column] = []
  private(set) var id: Int?
  private var membersIndex: Int?

  /// Throws if a path is not an attribute of the type, or appears twice.
  init(_ head: CSVReader.Row, _ type: ResourceType, _ dialect: Dialect) throws(SCIMError) {
    self.type = type
    count = head.cells.count
    var seen: [String] = []
    for (index, cell) in head.cells.enumerated() {
      guard let text = CSVCell.text(cell)?.trimmed, !text.isEmpty else {
        throw SCIMError(.invalidSyntax, "Column \(index + 1) has no attribute path in the first row.")
      }
      guard !seen.contains(where: { CaseFolding.sameName($0, text) }) else {
        throw SCIMError(.invalidSyntax, "The column \"\(text)\" appears twice.")
      }
      seen.append(text)
      try take(text, index)
    }
  }

  /// Adds one column; throws `invalidPath` for a path that is not an attribute to be imported.
  private mutating func take(_ text: String, _ index: Int) throws(SCIMError) {
    if CaseFolding.sameName(text, "id") { return id = index }
    if type.hasMembers, CaseFolding.sameName(text, "members") { return membersIndex = index }
    let bare = String(text.prefix { $0 != "[" })
    let rest = text.lastIndex(of: "]").map { String(text[text.index(after: $0)...]) } ?? ""
    guard let path = type.path(bare + rest), let attribute = path.attribute,
      !Self.ignored.contains(attribute.name), attribute.mutability != .readOnly
    else {
      let hint = text.contains(";") || text.contains("\t") ? " Separate columns with commas." : ""
      throw SCIMError(
        .patchPathUnknown,
        "\"\(text.prefix(160))\" in the first row is not an attribute of \(type.name) that can be imported.\(hint)"
      )
    }
    let end = text.lastIndex(of: "]")
    columns.append(
      Column(index: index, path: text, target: path, selection: end.map { String(text[...$0]) }))
  }

  /// The texts of a row's cells.
  func texts(_ row: CSVReader.Row) throws(SCIMError) -> [String] {
    guard row.cells.count == count else {
      throw SCIMError(.invalidSyntax, "The row has \(row.cells.count) cells, the first row has \(count).")
    }
    var texts: [String] = []
    for cell in row.cells {
      guard let text = CSVCell.text(cell) else {
        throw SCIMError(.invalidSyntax, "Cell \(texts.count + 1) is not UTF-8. Save the file as CSV UTF-8.")
      }
      texts.append(text)
    }
    return texts
  }

  /// The members that a row names; nil for a table without that column.
  func members(_ texts: [String]) -> [String]? {
    membersIndex.map { texts[$0].split(separator: ";").map { String($0).trimmed }.filter { !$0.isEmpty } }
  }

  /// The row as operations: a value is set, an empty cell clears, except that `active` stays unchanged. Nil for a table
  /// without attributes.
  func patch(_ texts: [String], _ dialect: Dialect) throws(SCIMError) -> PatchRequest? {
    var operations: [JSONValue] = []
    for column in columns {
      let text = texts[column.index]
      guard !text.isEmpty else {
        if let attribute = column.target.attribute, DocumentRules.isActivity(attribute, type) { continue }
        operations.append(["op": "remove", "path": .string(removed(column))])
        continue
      }
      operations.append(
        ["op": "replace", "path": .string(column.path), "value": try value(text, column)])
    }
    guard !operations.isEmpty else { return nil }
    return try PatchRequest(
      ["schemas": [.string(SchemaURN.patchOp)], "Operations": .array(operations)], for: type, dialect: dialect
    )
  }

  /// The path that an empty cell removes: the whole selected element if the column is its `value`.
  private func removed(_ column: Column) -> String {
    column.target.sub?.name == "value" ? column.selection ?? column.path : column.path
  }

  /// The value of a cell that is not empty, as JSON of the attribute's kind.
  private func value(_ text: String, _ column: Column) throws(SCIMError) -> JSONValue {
    guard let leaf = column.target.leaf else { return .string(text) }
    if leaf.multiValued, column.selection == nil || column.target.sub != nil { return try list(text, leaf) }
    switch leaf.kind {
    case .complex:
      guard let json = try? JSONParser.parse(Array(text.utf8)) else {
        throw SCIMError(
          .invalidValue,
          "\(column.path) has several values: write them as JSON, or select one in the column name.")
      }
      return json
    case .integer, .decimal:
      // The attribute refuses a text that is not a number.
      return (try? JSONParser.parse(Array(text.utf8))) ?? .string(text)
    case .string, .boolean, .dateTime, .binary, .reference: return .string(text)
    }
  }

  /// A JSON array, or plain values with semicolons between.
  private func list(_ text: String, _ attribute: Attribute) throws(SCIMError) -> JSONValue {
    if text.hasPrefix("["), let json = try? JSONParser.parse(Array(text.utf8)) { return json }
    return .array(
      text.split(separator: ";").map { part in
        let value = JSONValue.string(String(part).trimmed)
        return attribute.kind == .complex ? ["value": value] : value
      })
  }
}

extension String {
  /// Without white space around it.
  fileprivate var trimmed: String {
    let bytes = Array(utf8)
    guard let first = bytes.firstIndex(where: { $0 > UInt8(ascii: " ") }),
      let last = bytes.lastIndex(where: { $0 > UInt8(ascii: " ") })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }
}
