import Admin
import SCIM

/// Attributes without a schema, as text for people.
enum SchemaText {
  static func table(_ ignored: [IgnoredAttribute]) -> TextTable {
    var table = TextTable(["RESOURCE TYPE", "ATTRIBUTE", "TYPE", "SENT", "LAST"])
    for attribute in ignored {
      table.add([
        attribute.resourceType, attribute.path,
        (attribute.type ?? "null") + (attribute.isMultiValued ? ", several" : ""), "\(attribute.count)",
        String(attribute.last.description.prefix(16)),
      ])
    }
    return table
  }
}
