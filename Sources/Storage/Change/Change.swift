package import SCIM

/// One effect of a record on the state, with what is needed to redo and to undo it.
package enum Change: Sendable {
  case create(ResourceType, ResourceID, Document)
  case update(ResourceType, ResourceID, before: Document, after: Document)
  case members(group: ResourceID, added: [ResourceID], removed: [ResourceID])
  case delete(ResourceType, ResourceID, Remains)

  /// What a deleted resource was: enough to bring it back with its memberships.
  package struct Remains: Sendable {
    let document: Document
    /// Milliseconds since 1970.
    let created: Int64
    /// Milliseconds since 1970.
    let modified: Int64
    let groups: [ResourceID]
    let members: [ResourceID]
  }
}
