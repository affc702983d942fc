import JSON

/// The rules that every document must satisfy before it is stored.
package enum DocumentRules {
  /// The document in schema order; throws 400 invalidValue if a required attribute is missing or blank
  /// (RFC 7643 §7, §6 for required extensions).
  package static func checked(_ document: Document, _ type: ResourceType) throws(SCIMError) -> Document {
    let document = withoutEmptyElements(document, type)
    for attribute in type.schema.attributes
    where attribute.required && !(type.hasMembers && attribute.name == "members") {
      try require(document.attributes[attribute.name], attribute, attribute.name)
    }
    for attribute in type.schema.attributes where attribute.hasRequiredParts {
      try requireParts(document.attributes[attribute.name], attribute, attribute.name)
    }
    for known in type.extensions {
      let container = document.attributes[known.schema.id]
      guard container != nil || known.required else { continue }
      for attribute in known.schema.attributes where attribute.required {
        try require(container?[attribute.name], attribute, "\(known.schema.id):\(attribute.name)")
      }
      for attribute in known.schema.attributes where attribute.hasRequiredParts {
        try requireParts(container?[attribute.name], attribute, "\(known.schema.id):\(attribute.name)")
      }
      guard container != nil else {
        throw SCIMError(.requiredMissing, "The extension \(known.schema.id) is required.")
      }
    }
    return document.ordered(for: type)
  }

  /// The document without empty elements, such as a phone number without its number. Where a schema requires a part of
  /// each element, an element without it is refused instead.
  private static func withoutEmptyElements(_ document: Document, _ type: ResourceType) -> Document {
    var document = document
    for member in document.attributes.members {
      if let kept = withoutEmptyElements(member, type.schema.attributes) {
        document.attributes[member.name] = kept.isEmpty ? nil : .array(kept)
      } else if case .object(let container) = member.value,
        let known = type.schemaExtension(urn: member.name)
      {
        for inner in container.members {
          guard let kept = withoutEmptyElements(inner, known.schema.attributes),
            let attribute = known.schema.attributes[inner.name]
          else { continue }
          document[attribute, known.schema] = kept.isEmpty ? nil : .array(kept)
        }
      }
    }
    return document
  }

  /// Nil if no element is empty.
  private static func withoutEmptyElements(
    _ member: JSONObject.Member, _ attributes: AttributeTable
  ) -> [JSONValue]? {
    guard case .array(let elements) = member.value, let attribute = attributes[member.name],
      attribute.kind == .complex, attribute.describesValues, !attribute.hasRequiredParts
    else { return nil }
    let kept = elements.filter { !MultiValued.isEmpty($0, of: attribute) }
    return kept.count == elements.count ? nil : kept
  }

  /// Throws 400 invalidValue for control characters in a name by which people and providers find a resource:
  /// `userName`, `externalId` and a group's `displayName` (the classes of RFC 8265).
  static func checkLabel(
    _ value: JSONValue?, _ path: AttributePath, _ type: ResourceType
  ) throws(SCIMError) {
    guard let text = value?.stringValue, path.schema == nil, let name = path.attribute?.name,
      name == "externalId" || type.hasGroups && name == "userName" || type.hasMembers && name == "displayName"
    else { return }
    guard !Bytes.hasControls(text) else {
      throw SCIMError(
        .controlCharacters, on: name, "\(name) must not have control characters, such as line breaks.")
    }
  }

  /// The required sub-attributes of every existing value.
  private static func requireParts(
    _ value: JSONValue?, _ attribute: Attribute, _ place: String
  ) throws(SCIMError) {
    guard let value else { return }
    for element in value.elements {
      for sub in attribute.subAttributes where sub.required {
        try require(element[sub.name], sub, "\(place).\(sub.name)")
      }
    }
  }

  /// Throws 400 invalidValue for a value that is missing, empty or only white space.
  private static func require(
    _ value: JSONValue?, _ attribute: Attribute, _ place: String
  ) throws(SCIMError) {
    let blank = value?.stringValue.map { $0.utf8.allSatisfy { $0 <= UInt8(ascii: " ") } } ?? false
    guard let value, value.isPresent(), !blank else {
      throw SCIMError(.requiredMissing, on: place, "\(place) is required and must not be empty.")
    }
  }

  /// Adds defaults to a new resource: a user without `active` is active.
  package static func completed(_ document: Document, _ type: ResourceType) -> Document {
    guard let active = activity(of: type), document[active, nil] == nil else { return document }
    var document = document
    document[active, nil] = .bool(true)
    return document
  }

  /// Keeps `active` of the `old` document if the PUT body lacks it, so that a partial PUT neither suspends nor
  /// reactivates anybody. Throws 400 mutability if an immutable value would change.
  package static func replacement(
    of old: Document, by new: Document, _ type: ResourceType
  ) throws(SCIMError) -> Document {
    var new = new
    if let active = activity(of: type), new[active, nil] == nil { new[active, nil] = old[active, nil] }
    for (schema, attributes) in type.owners {
      for attribute in attributes {
        guard let kept = old[attribute, schema], attribute.keepsValues else { continue }
        let path = AttributePath(schema: schema, attribute: attribute, sub: nil)
        new[attribute, schema] = try replacement(
          of: kept, by: new[attribute, schema], attribute, path.notation)
      }
    }
    return new
  }

  /// The new value of an attribute with all that is immutable in the old one.
  private static func replacement(
    of old: JSONValue, by new: JSONValue?, _ attribute: Attribute, _ place: String
  ) throws(SCIMError) -> JSONValue? {
    if attribute.mutability == .immutable {
      guard new == nil || new == old else {
        throw SCIMError(.attributeImmutable, on: place, "\(place) is immutable and already has a value.")
      }
      return old
    }
    var object = new?.objectValue ?? JSONObject()
    for sub in attribute.subAttributes where sub.mutability == .immutable {
      guard let kept = old[sub.name] else { continue }
      object[sub.name] = try replacement(of: kept, by: object[sub.name], sub, "\(place).\(sub.name)")
    }
    return object.isEmpty ? nil : .object(object)
  }

  /// True for the `active` of users, which always has a value.
  package static func isActivity(_ attribute: Attribute, _ type: ResourceType) -> Bool {
    type.hasGroups && attribute === activity(of: type)
  }

  /// The attribute `active`, for users only.
  private static func activity(of type: ResourceType) -> Attribute? {
    type.schema.id == SchemaURN.user ? type.schema.attributes["active"] : nil
  }
}
