import JSON
import SCIM

/// Which attributes of a resource type are looked up by index: the unique ones, and those that clients match by.
struct IndexPlan: Sendable {
  struct Column: Sendable {
    /// Distinct over all types of a catalog.
    let number: Int
    let path: AttributePath
    let isUnique: Bool

    /// The value's text as it is hashed and compared.
    func key(_ text: String) -> String {
      path.leaf?.comparesExactly == true ? text : CaseFolding.fold(text)
    }
  }

  let columns: [Column]

  private static let matched = ["externalId", "emails.value", "displayName"]

  /// `alsoUnique` names base attributes that the schema does not make unique.
  init(_ type: ResourceType, firstNumber: Int, alsoUnique: Set<String> = []) {
    var paths: [AttributePath] = IndexPlan.matched.compactMap { type.path($0) }
    let owners: [(Schema?, AttributeTable)] =
      [(nil, type.schema.attributes)] + type.extensions.map { ($0.schema, $0.schema.attributes) }
    for (schema, attributes) in owners {
      for attribute in attributes where attribute.uniqueness != .none && attribute.kind != .complex {
        paths.append(AttributePath(schema: schema, attribute: attribute, sub: nil))
      }
    }
    columns = paths.enumerated().map { index, path in
      Column(
        number: firstNumber + index, path: path,
        isUnique: path.leaf?.uniqueness != Attribute.Uniqueness.none || alsoUnique.contains(path.notation))
    }
  }

  /// Every text a document is found by.
  func keys(of document: Document) -> [(column: Column, text: String)] {
    var keys: [(Column, String)] = []
    for column in columns {
      for text in IndexPlan.texts(of: document, column.path) { keys.append((column, column.key(text))) }
    }
    return keys
  }

  static func texts(of document: Document, _ path: AttributePath) -> [String] {
    guard let attribute = path.attribute, let value = document[attribute, path.schema] else { return [] }
    return value.elements.compactMap { element in
      (path.sub.map { element[$0.name] } ?? element)?.stringValue
    }
  }
}
