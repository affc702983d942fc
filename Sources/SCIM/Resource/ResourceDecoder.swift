package import JSON

/// Reads the body of a POST or PUT (RFC 7644 §3.3, §3.5.1).
package struct ResourceDecoder {
  let type: ResourceType
  private var values: ValueDecoder
  private var document = Document()
  private var members: [String]?
  /// Attributes given so far, and sub-attributes given by a path of their own.
  private var seen = Set<ObjectIdentifier>()

  /// `dialect` records the rules that were applied. Throws 400 invalidSyntax or invalidValue.
  package static func decode(
    _ json: JSONValue, as type: ResourceType, dialect: inout Dialect
  ) throws(SCIMError) -> ResourceRequest {
    guard let body = json.objectValue else {
      throw SCIMError(.notAnObject, "The body must be a JSON object.")
    }
    var decoder = ResourceDecoder(type: type, values: ValueDecoder(dialect: dialect))
    try decoder.checkSchemas(body)
    for member in body.members { try decoder.take(member) }
    dialect = decoder.values.dialect
    return ResourceRequest(document: decoder.document, members: decoder.members)
  }

  private init(type: ResourceType, values: ValueDecoder) {
    self.type = type
    self.values = values
    seen.reserveCapacity(24)
  }

  /// Throws unless `schemas` lists the base schema; unknown extensions only matter if unknown attributes are refused.
  private mutating func checkSchemas(_ body: JSONObject) throws(SCIMError) {
    let given = body.members.first { CaseFolding.sameName($0.name, "schemas") }?.value
    if given?.elements.isEmpty ?? true, values.dialect.allow(.missingSchemas) { return }
    let urns = try SchemaURN.list(given, naming: type.schema.id)
    guard SchemaURN.lists(urns, type.schema.id) || isForeign(urns) && values.dialect.allow(.foreignBaseSchema)
    else { throw SchemaURN.missing(type.schema.id) }
    guard values.dialect.refusesUnknownAttributes else { return }
    for urn in urns.compactMap(\.stringValue)
    where !CaseFolding.sameName(urn, type.schema.id) && type.schemaExtension(urn: urn) == nil {
      throw SCIMError(.schemaUnknown, "\"schemas\" lists \"\(urn)\", which \(type.name) does not have.")
    }
  }

  /// True if the URNs are those of this resource type in an older spelling: the base schema of version 1.0 or 2.0, with
  /// the name of the type or without.
  private func isForeign(_ urns: [JSONValue]) -> Bool {
    let texts = urns.compactMap(\.stringValue)
    let bases = ["urn:scim:schemas:core:1.0", "urn:scim:schemas:core:2.0"].flatMap {
      [$0, "\($0):\(type.name)"]
    }
    return texts.count == urns.count
      && texts.allSatisfy { CaseFolding.lowered($0).utf8.starts(with: "urn:".utf8) }
      && texts.contains { text in bases.contains { CaseFolding.sameName($0, text) } }
  }

  /// A member of the body: an attribute, an extension, a qualified key of a dialect, or unknown.
  private mutating func take(_ member: JSONObject.Member) throws(SCIMError) {
    if let attribute = type.attribute(named: member.name) {
      try set(AttributePath(schema: nil, attribute: attribute, sub: nil), member.value)
    } else if let found = type.schemaExtension(urn: member.name) {
      guard seen.insert(ObjectIdentifier(found.schema)).inserted else {
        throw ValueDecoder.twice(found.schema.id)
      }
      let value = values.unwrapped(member.value)
      guard !value.isNull else { return }
      guard let object = value.objectValue else {
        throw SCIMError(.complexNotObject, "\(found.schema.id) must be an object.")
      }
      for inner in object.members { try take(inner, of: found.schema) }
    } else if let path = qualified(member.name), values.dialect.allow(.qualifiedKeys) {
      try set(path, member.value)
    } else {
      try values.dialect.ignore(member.name, member.value)
    }
  }

  /// A member of an extension's object.
  private mutating func take(_ member: JSONObject.Member, of schema: Schema) throws(SCIMError) {
    if let attribute = schema.attributes[member.name] {
      try set(AttributePath(schema: schema, attribute: attribute, sub: nil), member.value)
    } else if let path = qualified("\(schema.id):\(member.name)"), values.dialect.allow(.qualifiedKeys) {
      try set(path, member.value)
    } else {
      try values.dialect.ignore("\(schema.id):\(member.name)", member.value, in: schema.id)
    }
  }

  /// A path in place of a name: `urn:...:User:department`, `name.givenName`.
  private func qualified(_ name: String) -> AttributePath? {
    guard name.utf8.contains(UInt8(ascii: ":")) || name.utf8.contains(UInt8(ascii: ".")) else { return nil }
    guard let path = type.path(name), path.attribute != nil else { return nil }
    return path
  }

  /// Sets an attribute, or a sub-attribute by its path; read-only ones are dropped.
  private mutating func set(_ path: AttributePath, _ json: JSONValue) throws(SCIMError) {
    guard let attribute = path.attribute else { return }
    guard seen.insert(ObjectIdentifier(path.sub ?? attribute)).inserted else {
      throw ValueDecoder.twice(path.notation)
    }
    guard attribute.mutability != .readOnly, attribute.name != "schemas", path.sub?.mutability != .readOnly
    else { return }
    if type.hasMembers, path.schema == nil, attribute.name == "members" {
      members = try MembershipEdit.ids(in: json, attribute, &values)
      return
    }
    if let sub = path.sub {
      guard !attribute.multiValued else {
        throw SCIMError(
          .notAnArray, on: path.notation,
          "\(path.notation): use \"\(attribute.name)\" with an array.")
      }
      var object = document[attribute, path.schema]?.objectValue ?? JSONObject()
      let value = try values.value(json, for: sub, at: path)
      if !sub.isSecret { object[sub.name] = value }
      document[attribute, path.schema] = object.isEmpty ? nil : .object(object)
      return
    }
    var value = try values.value(json, for: attribute, at: path)
    if case .array(var elements) = value {
      MultiValued.settlePrimary(&elements)
      value = .array(elements)
    }
    // Passwords are accepted but not stored: the server does not authenticate users.
    guard !attribute.isSecret else { return }
    try DocumentRules.checkLabel(value, path, type)
    document[attribute, path.schema] = value
  }
}
