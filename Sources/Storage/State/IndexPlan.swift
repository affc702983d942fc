import JSON
import SCIM

/// Which attributes of a resource type are looked up by index: the unique ones, and those that clients match by.
struct IndexPlan: Sendable {
  struct Column: Sendable {
    /// Distinct over all types of a catalog.
    let number: Int
    let path: AttributePath
    /// The path as text: `emails.value`.
    let name: String
    let isUnique: Bool

    /// The key under which a value is hashed and compared: equal for values that SCIM treats as equal. Nil for a value
    /// of another type.
    func key(_ value: JSONValue) -> TextKey? {
      switch (path.leaf?.kind, value) {
      case (.string, .string(let text)), (.reference, .string(let text)), (.binary, .string(let text)):
        TextKey(text, of: path.leaf)
      case (.dateTime, .string(let text)): DateTime(text).map(Column.key)
      case (.boolean, .bool(let flag)): TextKey(exact: String(flag))
      case (.integer, .integer(let number)): TextKey(exact: String(number))
      case (.decimal, _): ExactNumber(value).map(Column.key)
      default: nil
      }
    }

    /// The index key of an equality's operand; nil if only the values themselves can decide.
    func key(_ operand: Filter.Operand) -> TextKey? {
      switch operand {
      case .text(let text): text
      case .link: nil
      case .boolean(let flag): TextKey(exact: String(flag))
      case .dateTime(let instant): Column.key(instant)
      case .integer(let number):
        path.leaf?.kind == .decimal ? Column.key(ExactNumber(number)) : TextKey(exact: String(number))
      case .decimal(let number): path.leaf?.kind == .decimal ? Column.key(number) : nil
      }
    }

    private static func key(_ instant: DateTime) -> TextKey {
      TextKey(exact: "\(instant.seconds).\(instant.nanoseconds)")
    }

    private static func key(_ number: ExactNumber) -> TextKey { TextKey(exact: number.canonical) }

    /// Every index key of a document in this column.
    func keys(of body: EncodedDocument) -> [TextKey] {
      guard let attribute = path.attribute else { return [] }
      if isText { return body.texts(path).compactMap { key(.string($0)) } }
      guard let value = body.value(of: attribute, in: path.schema) else { return [] }
      guard let sub = path.sub else { return value.elements.compactMap(key) }
      return value.elements.flatMap { ($0[sub.name]?.elements ?? []).compactMap(key) }
    }

    /// Texts are not decoded into values; those in nested arrays are rare.
    private var isText: Bool {
      switch path.leaf?.kind {
      case .string, .reference, .binary: path.sub?.multiValued != true
      default: false
      }
    }
  }

  let columns: [Column]

  private static let matched = ["externalId", "emails.value", "displayName", "principal"]

  /// `alsoUnique` names base attributes that the schema does not make unique.
  init(_ type: ResourceType, firstNumber: Int, alsoUnique: Set<String> = []) {
    var paths: [AttributePath] = IndexPlan.matched.compactMap { type.path($0) }
    func add(_ path: AttributePath) {
      guard let leaf = path.leaf, leaf.uniqueness != .none, leaf.kind != .complex else { return }
      if !paths.contains(where: { $0.notation == path.notation }) { paths.append(path) }
    }
    for (schema, attributes) in type.owners {
      for attribute in attributes {
        add(AttributePath(schema: schema, attribute: attribute, sub: nil))
        for sub in attribute.subAttributes {
          add(AttributePath(schema: schema, attribute: attribute, sub: sub))
        }
      }
    }
    columns = paths.enumerated().map { index, path in
      Column(
        number: firstNumber + index, path: path, name: path.notation,
        isUnique: path.leaf?.uniqueness != Attribute.Uniqueness.none || alsoUnique.contains(path.notation))
    }
  }

  /// Whether two documents differ in an attribute that no two resources may share.
  func differInUnique(_ a: Document, _ b: Document) -> Bool {
    columns.contains { column in
      guard column.isUnique, let attribute = column.path.attribute else { return false }
      return a[attribute, column.path.schema] != b[attribute, column.path.schema]
    }
  }

  /// The column of an attribute by its path, such as `userName`.
  func column(_ notation: String) -> Column? {
    columns.first { $0.name.hasSameBytes(as: notation) }
  }

  /// All index keys of a document.
  func keys(of body: EncodedDocument) -> [EqualityIndex.Key] {
    var keys: [EqualityIndex.Key] = []
    for column in columns {
      for text in column.keys(of: body) { keys.append(EqualityIndex.Key(column.number, text)) }
    }
    return keys
  }

  /// Every unique value of a document.
  func uniqueKeys(of body: EncodedDocument) -> [(column: Column, text: TextKey)] {
    columns.filter(\.isUnique).flatMap { column in column.keys(of: body).map { (column, $0) } }
  }
}
