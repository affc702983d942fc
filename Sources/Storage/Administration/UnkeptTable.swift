import JSON
package import SCIM

/// The attributes without a schema that a connection, or a key without one, sent: counted, without values.
package struct UnkeptTable: Sendable {
  package struct Item: Sendable {
    package let resourceType: String
    /// The URN of the extension that it stood in; nil for one of the resource itself.
    package let schema: String?
    package let name: String
    package fileprivate(set) var shape: UnkeptAttribute.Shape
    /// In how many changes it was sent.
    package fileprivate(set) var count: Int64
    /// Milliseconds since 1970.
    package let first: Int64
    /// Milliseconds since 1970.
    package fileprivate(set) var last: Int64

    fileprivate func isOf(_ attribute: UnkeptAttribute, _ resourceType: String) -> Bool {
      name.hasSameBytes(as: attribute.name) && self.resourceType.hasSameBytes(as: resourceType)
        && (schema ?? "").hasSameBytes(as: attribute.schema ?? "")
    }
  }

  /// Beyond, a client sends names of its own making.
  private static let maxItems = 200
  private static let maxNameBytes = 255

  package private(set) var items: [Item] = []

  init() {}

  /// - Parameter note: the value of the note that stores a table, or nil.
  init(kept note: JSONValue?) { self = note.map { UnkeptTable($0) } ?? UnkeptTable() }

  /// Counts attributes of one request; true if one of them is new, or its values are of another kind than before.
  mutating func add(_ attributes: [(resourceType: String, attribute: UnkeptAttribute)], at now: Int64) -> Bool
  {
    var hasNews = false
    for (type, attribute) in attributes {
      if let index = items.firstIndex(where: { $0.isOf(attribute, type) }) {
        let shape = items[index].shape.merged(with: attribute.shape)
        hasNews = hasNews || shape != items[index].shape
        items[index].shape = shape
        items[index].count += 1
        items[index].last = now
      } else if items.count < Self.maxItems, attribute.name.utf8.count <= Self.maxNameBytes,
        attribute.schema?.utf8.count ?? 0 <= Self.maxNameBytes
      {
        items.append(
          Item(
            resourceType: type, schema: attribute.schema, name: attribute.name, shape: attribute.shape,
            count: 1, first: now, last: now))
        hasNews = true
      }
    }
    return hasNews
  }

  /// From the value of the note that keeps it; malformed items are ignored.
  init(_ json: JSONValue) {
    for item in json.arrayValue ?? [] {
      guard let resourceType = item["resourceType"]?.stringValue, let name = item["name"]?.stringValue,
        let count = item["count"]?.integerValue, let first = item["first"]?.integerValue,
        let last = item["last"]?.integerValue
      else { continue }
      items.append(
        Item(
          resourceType: resourceType, schema: item["schema"]?.stringValue, name: name,
          shape: .init(
            type: item["type"]?.stringValue.flatMap(UnkeptAttribute.Shape.Kind.init),
            isMultiValued: item["multiValued"]?.boolValue ?? false),
          count: count, first: first, last: last))
    }
  }

  var json: JSONValue {
    .array(
      items.map { item in
        var object: JSONObject = ["resourceType": .string(item.resourceType)]
        object["schema"] = item.schema.map { .string($0) }
        object["name"] = .string(item.name)
        object["type"] = item.shape.type.map { .string($0.rawValue) }
        object["multiValued"] = .bool(item.shape.isMultiValued)
        object["count"] = .integer(item.count)
        object["first"] = .integer(item.first)
        object["last"] = .integer(item.last)
        return .object(object)
      })
  }
}
