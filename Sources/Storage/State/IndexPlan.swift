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

  /// Whether two documents differ in an attribute that no two resources may share.
  func differInUnique(_ a: Document, _ b: Document) -> Bool {
    columns.contains { column in
      guard column.isUnique, let attribute = column.path.attribute else { return false }
      return a[attribute, column.path.schema] != b[attribute, column.path.schema]
    }
  }

  /// Every text a document is found by, or only those that no other resource of the type may have.
  func keys(of body: EncodedDocument, uniqueOnly: Bool = false) -> [(column: Column, text: String)] {
    var keys: [(Column, String)] = []
    for column in columns where column.isUnique || !uniqueOnly {
      for text in body.texts(column.path) { keys.append((column, column.key(text))) }
    }
    return keys
  }
}
