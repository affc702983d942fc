package import JSON

/// The attributes of a resource that clients may write: base attributes by name, each extension's under its URN.
///
/// `schemas`, `id`, `meta`, a group's `members` and a user's `groups` are not in it: they are assigned, derived or kept
/// elsewhere. Names have the letter case of the schema.
package struct Document: Sendable, Equatable {
  package var attributes: JSONObject

  package init(_ attributes: JSONObject = JSONObject()) { self.attributes = attributes }

  /// The value of an attribute in the base schema (nil) or an extension. Removing the last one removes the extension.
  package subscript(attribute: Attribute, schema: Schema?) -> JSONValue? {
    get {
      guard let schema else { return attributes[attribute.name] }
      return attributes[schema.id]?[attribute.name]
    }
    set {
      guard let schema else {
        attributes[attribute.name] = newValue
        return
      }
      var container = attributes[schema.id]?.objectValue ?? JSONObject()
      container[attribute.name] = newValue
      attributes[schema.id] = container.isEmpty ? nil : .object(container)
    }
  }

  /// About how long its JSON is, but for characters that need an escape.
  package var estimatedBytes: Int { JSONValue.object(attributes).estimatedBytes }

  /// The same attributes in the order of the schemas: equal documents have equal bytes.
  package func ordered(for type: ResourceType) -> Document {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(attributes.count)
    if let externalId = attributes["externalId"] {
      members.append(.init(name: "externalId", value: externalId))
    }
    members += type.schema.attributes.ordered(attributes)
    for known in type.extensions {
      guard let given = attributes[known.schema.id]?.objectValue else { continue }
      let container = JSONObject(known.schema.attributes.ordered(given))
      if !container.isEmpty { members.append(.init(name: known.schema.id, value: .object(container))) }
    }
    return Document(JSONObject(members))
  }

  /// The URNs that `schemas` shows: the base schema, and the extensions that have attributes (RFC 7643 §3).
  package func schemas(of type: ResourceType) -> [String] {
    [type.schema.id] + type.extensions.map(\.schema.id).filter { attributes[$0] != nil }
  }
}

extension Attribute {
  /// A complex value with its sub-attributes in the order of the schema.
  fileprivate func ordered(_ value: JSONValue) -> JSONValue {
    guard kind == .complex else { return value }
    if case .array(let elements) = value { return .array(elements.map(ordered)) }
    guard case .object(let object) = value else { return value }
    var position = 0
    for sub in subAttributes where position < object.count {
      if object.members[position].name.hasSameBytes(as: sub.name) { position += 1 }
    }
    guard position < object.count else { return value }
    return .object(JSONObject(subAttributes.ordered(object)))
  }
}

extension AttributeTable {
  /// The members that are in the table, in its order.
  fileprivate func ordered(_ object: JSONObject) -> [JSONObject.Member] {
    var found = [Int?](repeating: nil, count: count)
    for (index, member) in object.members.enumerated() {
      if let position = position(of: member.name) { found[position] = index }
    }
    return zip(self, found).compactMap { attribute, index in
      index.map { .init(name: attribute.name, value: attribute.ordered(object.members[$0].value)) }
    }
  }
}

extension JSONValue {
  fileprivate var estimatedBytes: Int {
    switch self {
    case .string(let text): 3 + text.utf8.count
    case .array(let values): values.reduce(2) { $0 + $1.estimatedBytes }
    case .object(let object):
      object.members.reduce(2) { $0 + $1.name.utf8.count + 4 + $1.value.estimatedBytes }
    case .null, .bool, .integer, .decimal: 8
    }
  }
}
