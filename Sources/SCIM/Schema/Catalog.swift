import CAssets
import JSON

/// All schemas and resource types of a server; discovery, validation, filters and PATCH all read it.
package struct Catalog: Sendable {
  package let schemas: [Schema]
  /// The types that clients see.
  package let types: [ResourceType]
  /// Every type a directory can hold: those that clients see, then the administrative ones. A directory numbers the
  /// types of its resources by their place in this list.
  package let stored: [ResourceType]

  /// - Parameter administrative: types that administrators manage; no endpoint, schema or query of SCIM shows them.
  package init(schemas: [Schema], types: [ResourceType], administrative: [ResourceType] = []) {
    self.schemas = schemas
    self.types = types
    stored = types + administrative
  }

  /// The schemas of RFC 7643 §8.7 with their errata, and the resource types User and Group.
  package static func standard() throws(SchemaError) -> Catalog {
    var schemas: [Schema] = []
    for index in 0..<Int(cassets_schema_count) {
      if let entry = cassets_schema(Int32(index)) { schemas.append(try embedded(entry.pointee)) }
    }
    guard
      let user = schemas.first(where: { $0.id == SchemaURN.user }),
      let group = schemas.first(where: { $0.id == SchemaURN.group }),
      let enterprise = schemas.first(where: { $0.id == SchemaURN.enterpriseUser })
    else { throw SchemaError("", "a schema of RFC 7643 is missing from this build") }
    return Catalog(
      schemas: schemas,
      types: [
        ResourceType(
          name: "User", endpoint: "/Users", description: "User Account", schema: user,
          extensions: [.init(schema: enterprise, required: false)]),
        ResourceType(
          name: "Group", endpoint: "/Groups", description: "Group", schema: group, extensions: []),
      ],
      administrative: try administrative())
  }

  /// The types of what administrators manage: Directory, Connection, Key, Job, Role, Target, Grant, Draft, DraftPart,
  /// Review and Decision.
  package static func administrative() throws(SchemaError) -> [ResourceType] {
    var types: [ResourceType] = []
    for index in 0..<Int(cassets_administrative_count) {
      guard let entry = cassets_administrative_schema(Int32(index)) else { continue }
      let schema = try embedded(entry.pointee)
      types.append(
        ResourceType(
          name: schema.name, endpoint: "/\(schema.name)", description: schema.name, schema: schema,
          extensions: [], isAdministrative: true))
    }
    return types
  }

  /// The schemas and read-only resource types of roles and entitlements, which are served if configured.
  package static func listed() throws(SchemaError) -> Catalog {
    let role = try embedded(cassets_role_schema)
    let entitlement = try embedded(cassets_entitlement_schema)
    return Catalog(
      schemas: [role, entitlement],
      types: [
        ResourceType(
          name: "Role", endpoint: "/Roles", description: "Role", schema: role, extensions: [],
          isReadOnly: true),
        ResourceType(
          name: "Entitlement", endpoint: "/Entitlements", description: "Entitlement", schema: entitlement,
          extensions: [], isReadOnly: true),
      ])
  }

  /// The schema of what a user may do, an extension that is computed and returned on request only.
  package static func userAccess() throws(SchemaError) -> Schema { try embedded(cassets_user_access_schema) }

  /// A schema in the binary; an error is a fault of the build.
  private static func embedded(_ entry: cassets_entry) throws(SchemaError) -> Schema {
    let bytes = UnsafeRawBufferPointer(start: entry.bytes, count: entry.length)
    guard let json = try? JSONParser.parse(bytes) else {
      throw SchemaError("", "a schema of this build is not JSON")
    }
    return try Schema(json)
  }

  /// The type of exactly that name, be it an administrative one.
  package func type(named name: String) -> ResourceType? { stored.first { $0.name.hasSameBytes(as: name) } }

  /// The type that clients see of that name, or of that endpoint with its slash or without, letter case ignored.
  package func type(called name: String) -> ResourceType? {
    types.first { type in
      [type.name, type.endpoint, String(type.endpoint.dropFirst())].contains {
        CaseFolding.sameName($0, name)
      }
    }
  }

  /// The error text if no type has that name.
  package func unknownType(_ name: String) -> String {
    "no resource type \"\(name.prefix(64))\" exists; the types are \(types.map(\.name).joined(separator: ", "))"
  }

  package func schema(urn: String) -> Schema? {
    schemas.first { CaseFolding.sameName($0.id, urn) }
  }
}
