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
    attributes = AttributeTable(try Schema.attributes(json["attributes"], in: id))
    definition = object
    // Only the schema of schemas has complex sub-attributes (RFC 7643 §2.3.8).
    guard id != SchemaURN.schema else { return }
    for attribute in attributes {
      if let sub = attribute.subAttributes.first(where: { $0.kind == .complex }) {
        throw SchemaError("\(id):\(attribute.name).\(sub.name) is complex inside a complex attribute")
      }
    }
  }

  private static func attributes(_ json: JSONValue?, in place: String) throws(SchemaError) -> [Attribute] {
    var attributes: [Attribute] = []
    for definition in json?.arrayValue ?? [] {
      let attribute = try attribute(definition, in: place)
      guard !attributes.contains(where: { CaseFolding.sameName($0.name, attribute.name) }) else {
        throw SchemaError("\(place):\(attribute.name) is defined twice")
      }
      attributes.append(attribute)
    }
    return attributes
  }

  private static func attribute(_ json: JSONValue, in place: String) throws(SchemaError) -> Attribute {
    guard let name = json["name"]?.stringValue, isLegal(name) else {
      throw SchemaError("\(place): an attribute needs a \"name\" of letters, digits, $, - and _")
    }
    let here = "\(place):\(name)"
    let subAttributes = try attributes(json["subAttributes"], in: here)
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

  /// ATTRNAME of RFC 7643 §2.1, and `$ref` (erratum 8924).
  private static func isLegal(_ name: String) -> Bool {
    guard let first = name.utf8.first, FilterParser.isLetter(first) || CaseFolding.sameBytes(name, "$ref")
    else {
      return false
    }
    return name.utf8.allSatisfy {
      FilterParser.isNameByte($0) && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: ":")
    }
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
