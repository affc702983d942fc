/// A kind of resource: its endpoint, its schema and the extensions it may carry (RFC 7643 §6).
package final class ResourceType: Sendable {
  package struct Extension: Sendable {
    package let schema: Schema
    package let required: Bool

    package init(schema: Schema, required: Bool) {
      self.schema = schema
      self.required = required
    }
  }

  package let name: String
  /// With its slash: `/Users`.
  package let endpoint: String
  package let description: String
  package let schema: Schema
  package let extensions: [Extension]
  /// True if clients can only read: resources that the server lists from a file.
  package let isReadOnly: Bool
  /// True for types that administrators manage: never shown or changed by SCIM.
  package let isAdministrative: Bool
  /// True if a resource can have stored values that are returned only on request.
  package let hidesValues: Bool

  /// Extensions of one type.
  package static let maxExtensions = 16

  package init(
    name: String, endpoint: String, description: String, schema: Schema, extensions: [Extension],
    isReadOnly: Bool = false, isAdministrative: Bool = false
  ) {
    precondition(extensions.count <= ResourceType.maxExtensions, "a bit for each extension fits into 16")
    self.name = name
    self.endpoint = endpoint
    self.description = description
    self.schema = schema
    self.extensions = extensions
    self.isReadOnly = isReadOnly
    self.isAdministrative = isAdministrative
    let isGroup = schema.id == SchemaURN.group
    hidesValues  // Members are not stored with their group.
    =
      schema.attributes.contains { $0.isHidden && !(isGroup && $0.name == "members") }
      || extensions.contains { $0.schema.attributes.contains(where: \.isHidden) }
  }

  /// The type as it is described if an extension is computed, so that no resource stores it.
  package func extended(by schema: Schema) -> ResourceType {
    ResourceType(
      name: name, endpoint: endpoint, description: description, schema: self.schema,
      extensions: extensions.prefix(Self.maxExtensions - 1) + [.init(schema: schema, required: false)],
      isReadOnly: isReadOnly, isAdministrative: isAdministrative)
  }

  /// The attributes every resource has (RFC 7643 §3.1) and that no schema lists.
  package static let common = AttributeTable([
    // Text, not a reference: URNs compare without letter case.
    Attribute(name: "schemas", multiValued: true, returned: .always),
    Attribute(name: "id", caseExact: true, mutability: .readOnly, returned: .always, uniqueness: .global),
    Attribute(name: "externalId", caseExact: true),
    Attribute(
      name: "meta", kind: .complex, mutability: .readOnly,
      subAttributes: [
        Attribute(name: "resourceType", caseExact: true, mutability: .readOnly),
        Attribute(name: "created", kind: .dateTime, mutability: .readOnly),
        Attribute(name: "lastModified", kind: .dateTime, mutability: .readOnly),
        Attribute(name: "location", kind: .reference, caseExact: true, mutability: .readOnly),
        Attribute(name: "version", caseExact: true, mutability: .readOnly),
      ]),
  ])

  /// True for Group's `members`: kept as edges, never inside the document.
  package var hasMembers: Bool { schema.id == SchemaURN.group }
  /// True for User's `groups`: computed from the edges.
  package var hasGroups: Bool { schema.id == SchemaURN.user }

  /// True if a group can have it as a member (RFC 7643 §4.2: users and groups).
  package var canBeMember: Bool { hasGroups || hasMembers }

  /// The base schema's attributes, under nil, and those of each extension.
  package var owners: [(schema: Schema?, attributes: AttributeTable)] {
    [(nil, schema.attributes)] + extensions.map { ($0.schema, $0.schema.attributes) }
  }

  package func attribute(named name: String) -> Attribute? {
    schema.attributes[name] ?? ResourceType.common[name]
  }

  package func schemaExtension(urn: String) -> Extension? {
    extensions.first { CaseFolding.sameName($0.schema.id, urn) }
  }
}
