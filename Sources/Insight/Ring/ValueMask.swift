import JSON
import SCIM

/// Which values an entry shows, by the schema; the others are written as `(masked)`. A secret is masked whatever the
/// setting says.
package struct ValueMask: Sendable {
  package static let masked = "(masked)"

  private let values: RequestValues
  private let redact: @Sendable (String) -> String

  /// - Parameter redact: takes keys and tokens out of a text.
  package init(_ values: RequestValues, _ redact: @escaping @Sendable (String) -> String) {
    self.values = values
    self.redact = redact
  }

  var showsEverything: Bool { values == .all }

  /// Whether a value of the attribute is shown.
  ///
  /// - Parameter owner: the attribute that it is a part of.
  func shows(_ attribute: Attribute, of owner: Attribute? = nil) -> Bool {
    guard !attribute.isSecret, owner?.isSecret != true else { return false }
    switch values {
    case .all: return true
    case .none: return false
    case .masked: break
    }
    if attribute.kind == .boolean { return true }
    guard let owner else { return Self.shown.contains { $0.hasSameBytes(as: attribute.name) } }
    if owner.isReference || Self.membership.contains(where: { $0.hasSameBytes(as: owner.name) }) {
      return Self.parts.contains { $0.hasSameBytes(as: attribute.name) }
    }
    return owner.name.hasSameBytes(as: "meta")
  }

  private static let shown = ["userName", "displayName", "externalId", "id", "schemas"]
  /// Attributes whose values are users and groups.
  private static let membership = ["members", "groups"]
  private static let parts = ["value", "display", "displayName", "$ref", "type"]

  // MARK: Values

  /// The attributes of a document.
  func write(membersOf object: JSONObject, of type: ResourceType, to json: inout JSONWriter) {
    for member in object.members {
      json.name(name(member.name))
      if let schema = type.schemaExtension(urn: member.name)?.schema, let inner = member.value.objectValue {
        json.beginObject()
        for member in inner.members {
          json.name(name(member.name))
          write(member.value, schema.attributes[member.name], to: &json)
        }
        json.endObject()
      } else {
        write(member.value, type.attribute(named: member.name), to: &json)
      }
    }
  }

  /// A value of an attribute; everything is masked if the schema does not know the attribute.
  func write(
    _ value: JSONValue, _ attribute: Attribute?, of owner: Attribute? = nil, to json: inout JSONWriter
  ) {
    switch value {
    case .null: json.null()
    case .array(let elements):
      json.beginArray()
      for element in elements.prefix(EntryWriter.maxListed) {
        write(element, attribute, of: owner, to: &json)
      }
      if elements.count > EntryWriter.maxListed { json.string("(\(elements.count) values)") }
      json.endArray()
    case .object(let object):
      json.beginObject()
      for member in object.members {
        json.name(name(member.name))
        let part = attribute?.subAttributes[member.name]
        write(member.value, part, of: part == nil ? nil : attribute, to: &json)
      }
      json.endObject()
    case .bool, .integer, .decimal, .string: json.value(shown(value, attribute, of: owner))
    }
  }

  /// A single value as it is written.
  func shown(_ value: JSONValue, _ attribute: Attribute?, of owner: Attribute? = nil) -> JSONValue {
    guard let attribute else {
      return values == .all ? redacted(value) : .string(Self.masked)
    }
    // The value alone stands for the complex one: a member by its id.
    if attribute.kind == .complex, let part = attribute.valueAttribute {
      return shown(value, part, of: attribute)
    }
    guard shows(attribute, of: owner) else { return .string(Self.masked) }
    // Only text that means true or false is shown of a boolean.
    if attribute.kind == .boolean, let text = value.stringValue, values != .all,
      !["true", "false"].contains(where: { $0.hasSameBytes(as: text.lowercased()) })
    {
      return .string(Self.masked)
    }
    if attribute.name.hasSameBytes(as: "schemas"), owner == nil, values != .all,
      let text = value.stringValue, !Self.isName(text) || !text.hasPrefix("urn:")
    {
      return .string(Self.masked)
    }
    return redacted(value)
  }

  private func redacted(_ value: JSONValue) -> JSONValue {
    guard case .string(let text) = value else { return value }
    return .string(redacted(text))
  }

  // MARK: Texts

  /// Letters of a text that are kept.
  private static let maxText = 256
  /// Shorter texts have no key in them.
  private static let shortestSecret = 37

  func redacted(_ text: String) -> String {
    let count = text.utf8.count
    guard count >= Self.shortestSecret else { return text }
    let text = redact(text)
    return count <= Self.maxText ? text : text.prefix(Self.maxText) + "…"
  }

  /// The name of an attribute as a client sent it; masked if it does not look like one.
  package func name(_ text: String) -> String {
    Self.isName(text) ? redacted(text) : Self.masked
  }

  static func isName(_ text: String) -> Bool {
    (1...256).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z"))
          || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || $0 == UInt8(ascii: ".")
          || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
          || $0 == UInt8(ascii: "$")
      }
  }
}
