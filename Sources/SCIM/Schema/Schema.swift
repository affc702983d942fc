package import JSON

/// A schema: a URI and the attributes it defines (RFC 7643 §7).
package final class Schema: Sendable {
  package let id: String
  package let name: String
  package let attributes: AttributeTable
  /// The definition as it is served by `/Schemas`, without `schemas` and `meta`.
  package let definition: JSONObject

  /// From the JSON form of RFC 7643 §7; throws `SchemaError` naming the attribute that is wrong.
  package init(_ json: JSONValue) throws(SchemaError) {
    guard let object = json.objectValue, let id = json["id"]?.stringValue, !id.isEmpty else {
      throw SchemaError("a schema needs an \"id\"")
    }
    self.id = id
    name = json["name"]?.stringValue ?? id
    var attributes: [Attribute] = []
    for definition in json["attributes"]?.arrayValue ?? [] {
      attributes.append(try Schema.attribute(definition, in: id))
    }
    self.attributes = AttributeTable(attributes)
    definition = object
  }

  private static func attribute(_ json: JSONValue, in place: String) throws(SchemaError) -> Attribute {
    guard let name = json["name"]?.stringValue, !name.isEmpty else {
      throw SchemaError("\(place): an attribute needs a \"name\"")
    }
    let here = "\(place):\(name)"
    var subAttributes: [Attribute] = []
    for sub in json["subAttributes"]?.arrayValue ?? [] {
      subAttributes.append(try attribute(sub, in: here))
    }
    return Attribute(
      name: name,
      kind: try keyword(json, "type", .string, here),
      multiValued: json["multiValued"]?.boolValue ?? false,
      required: json["required"]?.boolValue ?? false,
      caseExact: json["caseExact"]?.boolValue ?? false,
      mutability: try keyword(json, "mutability", .readWrite, here),
      returned: try keyword(json, "returned", .default, here),
      uniqueness: try keyword(json, "uniqueness", .none, here),
      subAttributes: subAttributes)
  }

  private static func keyword<K: RawRepresentable<String>>(
    _ json: JSONValue, _ member: String, _ unspecified: K, _ place: String
  ) throws(SchemaError) -> K {
    guard let text = json[member]?.stringValue else { return unspecified }
    guard let keyword = K(rawValue: text) else {
      throw SchemaError("\(place): \"\(text)\" is not a legal \(member) (RFC 7643 section 7)")
    }
    return keyword
  }
}

/// Why a schema definition cannot be used.
package struct SchemaError: Error, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
