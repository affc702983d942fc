package import JSON

/// A schema: a URI and the attributes it defines (RFC 7643 §7).
package final class Schema: Sendable {
  package let id: String
  package let name: String
  package let attributes: AttributeTable
  /// The definition as it is served by `/Schemas`, every characteristic stated, without `schemas` and `meta`.
  package let definition: JSONObject
  /// True if it comes from a file of the administrator, who may change it between two starts.
  package let isOwn: Bool

  /// From the JSON form of RFC 7643 §7; throws `SchemaError` with the place that is wrong.
  package convenience init(_ json: JSONValue) throws(SchemaError) { try self.init(json, isOwn: false) }

  /// - Parameter isOwn: the rules for files of an administrator hold too; see `OwnSchemaRules`.
  init(_ json: JSONValue, isOwn: Bool) throws(SchemaError) {
    let reader = try DefinitionReader(json)
    try reader.allow(["schemas", "id", "name", "description", "attributes", "meta"])
    id = try reader.requiredText("id")
    name = try reader.text("name") ?? id
    self.isOwn = isOwn
    _ = try reader.text("description")
    let read = try Schema.attributes(of: reader, "attributes")
    attributes = AttributeTable(read.map(\.attribute))
    var definition = reader.object
    definition["schemas"] = nil
    definition["meta"] = nil
    definition["attributes"] = .array(read.map(\.definition))
    self.definition = definition
    if isOwn { try OwnSchemaRules.check(self, reader) }
    // Only the schema of schemas has complex sub-attributes (RFC 7643 §2.3.8).
    guard id != SchemaURN.schema else { return }
    for (index, attribute) in attributes.enumerated() {
      if let (position, sub) = attribute.subAttributes.enumerated().first(where: { $1.kind == .complex }) {
        throw SchemaError(
          "/attributes/\(index)/subAttributes/\(position)/type",
          "\(attribute.name).\(sub.name) is complex inside a complex attribute (RFC 7643 section 2.3.8)")
      }
    }
  }

  private typealias Read = (attribute: Attribute, definition: JSONValue)

  /// The attributes of a list; throws if two names differ only in letter case.
  private static func attributes(
    of reader: DefinitionReader, _ member: String
  ) throws(SchemaError) -> [Read] {
    var read: [Read] = []
    for (index, definition) in (try reader.list(member) ?? []).enumerated() {
      let inner = try DefinitionReader(definition, at: "\(reader.pointer(member))/\(index)")
      let next = try attribute(inner)
      guard !read.contains(where: { CaseFolding.sameName($0.attribute.name, next.attribute.name) }) else {
        throw inner.error(
          "name", "\(next.attribute.name) is defined twice; names ignore letter case (RFC 7643 section 2.1)")
      }
      read.append(next)
    }
    return read
  }

  private static let members = [
    "name", "type", "multiValued", "description", "required", "caseExact", "mutability", "returned",
    "uniqueness", "canonicalValues", "referenceTypes", "subAttributes",
  ]

  /// One attribute, and its definition with all characteristics.
  private static func attribute(_ reader: DefinitionReader) throws(SchemaError) -> Read {
    try reader.allow(members)
    let name = try reader.requiredText("name")
    guard isLegal(name) else {
      throw reader.error(
        "name", "\"\(name)\" is not a name: a letter, then letters, digits, $, - and _ (RFC 7643 section 2.1)"
      )
    }
    _ = try reader.text("description")
    try reader.checkTexts("referenceTypes")
    let subAttributes = try attributes(of: reader, "subAttributes")
    let attribute = Attribute(
      name: name,
      kind: try reader.keyword("type", .string),
      multiValued: try reader.flag("multiValued") ?? false,
      required: try reader.flag("required") ?? false,
      caseExact: try reader.flag("caseExact") ?? false,
      mutability: try reader.keyword("mutability", .readWrite),
      returned: try reader.keyword("returned", .default),
      uniqueness: try reader.keyword("uniqueness", .none),
      canonicalValues: try reader.list("canonicalValues")?.compactMap(\.stringValue) ?? [],
      subAttributes: subAttributes.map(\.attribute))
    return (attribute, .object(complete(reader.object, attribute, subAttributes.map(\.definition))))
  }

  /// The definition with the characteristics that it leaves to their defaults (RFC 7643 §2.2); a complex attribute has
  /// neither caseExact nor uniqueness (erratum 6004).
  private static func complete(
    _ given: JSONObject, _ attribute: Attribute, _ subAttributes: [JSONValue]
  ) -> JSONObject {
    var characteristics: JSONObject = [
      "name": .string(attribute.name), "type": .string(attribute.kind.rawValue),
      "multiValued": .bool(attribute.multiValued), "required": .bool(attribute.required),
      "mutability": .string(attribute.mutability.rawValue), "returned": .string(attribute.returned.rawValue),
    ]
    if attribute.kind != .complex {
      characteristics["caseExact"] = .bool(attribute.caseExact)
      characteristics["uniqueness"] = .string(attribute.uniqueness.rawValue)
    }
    var definition = given
    for member in characteristics.members where definition[member.name] == nil {
      definition.members.append(member)
    }
    if !subAttributes.isEmpty { definition["subAttributes"] = .array(subAttributes) }
    return definition
  }

  /// ATTRNAME of RFC 7643 §2.1, and `$ref` (erratum 8924).
  private static func isLegal(_ name: String) -> Bool {
    guard let first = name.utf8.first, FilterParser.isLetter(first) || name.hasSameBytes(as: "$ref")
    else {
      return false
    }
    return name.utf8.allSatisfy {
      FilterParser.isNameByte($0) && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: ":")
    }
  }
}
