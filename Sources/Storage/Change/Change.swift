import JSON
import SCIM

/// One effect of a record on the state, with the data to redo and undo it.
enum Change: Sendable {
  case create(ResourceType, ResourceID, EncodedDocument)
  case update(ResourceType, ResourceID, before: Document, after: Document)
  case members(group: ResourceID, added: [ResourceID], removed: [ResourceID])
  case delete(ResourceType, ResourceID, Remains)
  case restore(ResourceType, ResourceID, Restoration)
  /// Permanently removed: nothing is kept, and its values are removed from the files too.
  case erase(ResourceType, ResourceID, groups: [ResourceID], members: [ResourceID])
  /// Another connection manages it from now on: `to` as the text of a manager, `from` nil if nobody knows. The resource is
  /// what it was: no attribute and no version changes.
  case manage(ResourceType, ResourceID, from: String?, to: String)
  /// An observation of the server: the latest value of a key; nil removes the note. `about` is the resource whose values
  /// it holds.
  case note(key: String, about: ResourceID?, value: JSONValue?)
  /// Values of erased resources are removed from these records.
  case erasure([Rewrite])
  case repair(Repair)

  /// The data of a deleted resource needed to restore it with its memberships.
  struct Remains: Sendable {
    let document: Document
    /// Milliseconds since 1970.
    let created: Int64
    /// Milliseconds since 1970.
    let modified: Int64
    let groups: [ResourceID]
    let members: [ResourceID]
    /// Who managed it; nil if nobody knows.
    let manager: String?
  }

  /// A deleted resource that is restored under its id.
  struct Restoration: Sendable {
    /// The new state.
    let document: Document
    /// The deleted resource before it is restored.
    let remains: Remains
    /// When it was deleted, milliseconds since 1970.
    let deleted: Int64
    /// Of the groups of its remains, those that it is a member of again.
    let groups: [ResourceID]
    /// Of the members of its remains, those that it has again.
    let members: [ResourceID]
    /// Brought back by a client that created it again, not by an administrator; its memberships are given up.
    var isRevival = false
  }

  /// Whether it only takes access away: a resource goes, members go, a user is deactivated, a key is revoked, a
  /// connection or a directory is paused or removed.
  var takesAway: Bool {
    switch self {
    case .delete, .erase: true
    case .members(_, let added, _): added.isEmpty
    case .update(let type, _, let before, let after):
      type.isAdministrative ? Self.closes(before, after) : Self.deactivates(before, after)
    case .create, .restore, .manage, .note: false
    case .erasure, .repair: true
    }
  }

  /// Whether all of a record's changes take access away; what is noted with them is of no weight.
  static func takeAway(_ changes: [Change]) -> Bool {
    changes.contains(where: \.takesAway) && changes.allSatisfy { $0.takesAway || $0.kind == .note }
  }

  static func deactivates(_ before: Document, _ after: Document) -> Bool {
    before.attributes["active"]?.boolValue != false && after.attributes["active"]?.boolValue == false
  }

  /// The same for a key, a connection or a directory.
  private static func closes(_ before: Document, _ after: Document) -> Bool {
    if before.attributes["revoked"] == nil, after.attributes["revoked"] != nil { return true }
    let (old, new) = (before.attributes["state"]?.stringValue, after.attributes["state"]?.stringValue)
    return old == "active" && new != old
  }
}
