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

extension DirectoryReader {
  /// Every resource of a type, in order of creation; deleted ones are left out.
  package func export(_ type: ResourceType, _ body: (ExportedResource) -> Void) {
    let number = state.typeNumber(type)
    state.entries.forEach { _, entry in
      guard entry.type == number else { return }
      let members = entry.members.sorted().compactMap { state.entries[$0] }.map { member in
        (member.id.text, state.catalog.stored[Int(member.type)], ResourceSummary.name(member.body.document))
      }
      body(
        ExportedResource(
          type: type, id: entry.id.text, document: entry.body.document, members: members,
          created: entry.created, modified: entry.modified))
    }
  }
}
