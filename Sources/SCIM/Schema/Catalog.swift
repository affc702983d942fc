import CAssets
import JSON

/// Every schema and resource type a server knows; discovery, validation, filters and PATCH all read it.
package struct Catalog: Sendable {
  package let schemas: [Schema]
  package let types: [ResourceType]

  package init(schemas: [Schema], types: [ResourceType]) {
    self.schemas = schemas
    self.types = types
  }

  /// The schemas of RFC 7643 §8.7 with their errata, and the resource types User and Group.
  package static func standard() throws -> Catalog {
    var schemas: [Schema] = []
    for index in 0..<Int(cassets_schema_count) {
      guard let entry = cassets_schema(Int32(index)) else { continue }
      let bytes = UnsafeRawBufferPointer(start: entry.pointee.bytes, count: Int(entry.pointee.length))
      schemas.append(try Schema(try JSONParser.parse(bytes)))
    }
    guard
      let user = schemas.first(where: { $0.id == SchemaURN.user }),
      let group = schemas.first(where: { $0.id == SchemaURN.group }),
      let enterprise = schemas.first(where: { $0.id == SchemaURN.enterpriseUser })
    else { throw SchemaError("a schema of RFC 7643 is missing from this build") }
    return Catalog(
      schemas: schemas,
      types: [
        ResourceType(
          name: "User", endpoint: "/Users", description: "User Account", schema: user,
          extensions: [.init(schema: enterprise, required: false)]),
        ResourceType(
          name: "Group", endpoint: "/Groups", description: "Group", schema: group, extensions: []),
      ])
  }

  package func type(named name: String) -> ResourceType? { types.first { $0.name == name } }

  package func schema(urn: String) -> Schema? {
    schemas.first { CaseFolding.sameName($0.id, urn) }
  }
}
