import JSON

/// The rules for a schema from an administrator's file, in addition to RFC 7643 §7, so that it works in every
/// operation.
enum OwnSchemaRules {
  private static let maxAttributes = 500
  private static let maxNameBytes = 128

  /// Throws `SchemaError` with the place and what to do.
  static func check(_ schema: Schema, _ reader: DefinitionReader) throws(SchemaError) {
    try checkID(schema.id, reader)
    _ = try reader.requiredText("name")
    guard !schema.attributes.isEmpty else {
      throw SchemaError(reader.place, "\"attributes\" must define at least one attribute")
    }
    var count = 0
    for (index, attribute) in schema.attributes.enumerated() {
      let place = "/attributes/\(index)"
      guard ResourceType.common[attribute.name] == nil else {
        throw SchemaError(
          "\(place)/name", "every resource already has \(attribute.name) (RFC 7643 section 3.1); omit it"
        )
      }
      try check(attribute, place)
      for (position, sub) in attribute.subAttributes.enumerated() {
        try check(sub, "\(place)/subAttributes/\(position)")
      }
      count += 1 + attribute.subAttributes.count
    }
    guard count <= maxAttributes else {
      throw SchemaError(
        "/attributes", "a schema may have at most \(maxAttributes) attributes, including sub-attributes")
    }
  }

  /// A URN that paths can contain, outside the URNs of messages.
  private static func checkID(_ id: String, _ reader: DefinitionReader) throws(SchemaError) {
    guard CaseFolding.sameName(String(id.prefix(4)), "urn:"), id.utf8.count > 4, id.utf8.count <= 255,
      id.utf8.allSatisfy(FilterParser.isNameByte), id.utf8.last != UInt8(ascii: ":")
    else {
      throw reader.error(
        "id", "must be a URN of at most 255 letters, digits and $ - _ . : such as urn:example:scim:2.0:Device"
      )
    }
    guard !CaseFolding.lowered(id).utf8.starts(with: "urn:ietf:params:scim:api:".utf8) else {
      throw reader.error("id", "URNs below urn:ietf:params:scim:api: are reserved for messages")
    }
  }

  /// The rules for one attribute or sub-attribute.
  private static func check(_ attribute: Attribute, _ place: String) throws(SchemaError) {
    let name = attribute.name
    guard name.utf8.count <= maxNameBytes else {
      throw SchemaError("\(place)/name", "is longer than \(maxNameBytes) bytes")
    }
    guard (attribute.kind == .complex) == !attribute.subAttributes.isEmpty else {
      let isComplex = attribute.kind == .complex
      throw SchemaError(
        isComplex ? place : "\(place)/subAttributes",
        isComplex
          ? "\(name) is complex and needs \"subAttributes\"" : "only a complex attribute has sub-attributes")
    }
    guard attribute.kind != .complex || attribute.uniqueness == .none else {
      throw SchemaError(
        "\(place)/uniqueness", "a complex attribute cannot be unique, but its sub-attributes can")
    }
    guard attribute.mutability != .writeOnly || attribute.returned == .never else {
      throw SchemaError(
        "\(place)/returned", "must be \"never\" for a writeOnly attribute (RFC 7643 section 7)")
    }
    guard !attribute.isSecret || !attribute.required && attribute.uniqueness == .none else {
      throw SchemaError(
        place,
        "\(name) is writeOnly: its values are accepted but not stored, so it can be neither required nor unique"
      )
    }
    guard attribute.mutability != .readOnly || !attribute.required else {
      throw SchemaError(place, "\(name) is readOnly and required: no client could give it a value")
    }
  }
}
