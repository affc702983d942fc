package import JSON
package import SCIM
import Storage

/// An attribute that a client sends but no schema defines: it is not stored.
package struct IgnoredAttribute: Sendable {
  package let resourceType: String
  /// The URN of the extension that contained it; nil for an attribute of the resource itself.
  package let schema: String?
  /// The name; `name.part` for a part of a complex attribute.
  package let name: String
  /// A type of RFC 7643 §2.3; nil if no value was seen.
  package let type: String?
  package let isMultiValued: Bool
  package let count: Int
  package let first: DateTime
  package let last: DateTime

  /// Including the URN prefix.
  package var path: String { schema.map { "\($0):\(name)" } ?? name }
}

extension IgnoredAttribute {
  init(_ item: UnkeptTable.Item) {
    self.init(
      resourceType: item.resourceType, schema: item.schema, name: item.name, type: item.shape.type?.rawValue,
      isMultiValued: item.shape.isMultiValued, count: Int(item.count),
      first: DateTime(milliseconds: item.first), last: DateTime(milliseconds: item.last))
  }

  package var json: JSONValue {
    var object: JSONObject = ["resourceType": .string(resourceType)]
    object["schema"] = schema.map { .string($0) }
    object["name"] = .string(name)
    object["type"] = type.map { .string($0) }
    object["multiValued"] = .bool(isMultiValued)
    object["count"] = .integer(Int64(count))
    object["firstSeen"] = .string(first.description)
    object["lastSeen"] = .string(last.description)
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      resourceType: try reader.text("resourceType"), schema: try reader.optionalText("schema"),
      name: try reader.text("name"), type: try reader.optionalText("type"),
      isMultiValued: try reader.boolean("multiValued"), count: try reader.integer("count"),
      first: try reader.time("firstSeen"), last: try reader.time("lastSeen"))
  }

  static let schema = AdminSchema.object([
    .init("resourceType", .text), .init("schema", .text, optional: true), .init("name", .text),
    .init("type", .text, optional: true), .init("multiValued", .boolean), .init("count", .integer),
    .init("firstSeen", .time), .init("lastSeen", .time),
  ])
}
