import JSON
package import SCIM

/// A resource as it is exported: what clients wrote, with its id and its members.
package struct ExportedResource: Sendable {
  package let type: ResourceType
  package let id: String
  package let document: Document
  /// Ids and types in order of creation; a user has none.
  package let members: [(id: String, type: ResourceType, name: String?)]
  /// Milliseconds since 1970.
  package let created: Int64
  /// Milliseconds since 1970.
  package let modified: Int64
}
