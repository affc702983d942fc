import JSON

/// Whether stored resources still fit the server's schemas: an attribute removed from a schema would otherwise be lost
/// with the next change of the resource.
package enum StoredFit {
  /// The first misfit as text; nil if everything fits. The built-in schemas never lose attributes and are not
  /// checked.
  package static func problem(_ document: Document, _ type: ResourceType) -> String? {
    for member in document.attributes.members {
      if member.name.utf8.starts(with: "urn:".utf8) || type.schemaExtension(urn: member.name) != nil {
        guard let known = type.schemaExtension(urn: member.name) else {
          return "a \(type.name) with attributes of \(member.name), which is not an extension of \(type.name)"
        }
        guard known.schema.isOwn else { continue }
        for inner in member.value.objectValue?.members ?? [] {
          if let problem = problem(inner, known.schema.attributes, "\(known.schema.id):") {
            return "a \(type.name) with \(problem)"
          }
        }
      } else if type.schema.isOwn, member.name != "externalId",
        let problem = problem(member, type.schema.attributes, "")
      {
        return "a \(type.name) with \(problem)"
      }
    }
    return nil
  }

  /// The first misfit in a member and its sub-attributes.
  private static func problem(
    _ member: JSONObject.Member, _ attributes: AttributeTable, _ place: String
  ) -> String? {
    let here = place + member.name
    guard let attribute = attributes[member.name], attribute.name.hasSameBytes(as: member.name) else {
      return "the attribute \(here), which no schema defines"
    }
    guard attribute.multiValued == (member.value.arrayValue != nil) else {
      return "\(here), which the schema says is \(attribute.multiValued ? "" : "not ")multi-valued"
    }
    for element in member.value.elements {
      if let object = element.objectValue, attribute.kind == .complex {
        for part in object.members {
          if let problem = problem(part, attribute.subAttributes, "\(here).") { return problem }
        }
      } else if !attribute.kind.accepts(element) {
        return "\(here), whose value is not of type \(attribute.kind.rawValue)"
      }
    }
    return nil
  }
}
