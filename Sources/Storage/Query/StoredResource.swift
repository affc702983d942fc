import JSON
package import SCIM

/// A resource as it was at one moment, with what is computed from other resources; independent of later changes.
package struct StoredResource: Sendable {
  /// A resource that another one refers to.
  struct Reference: Sendable {
    let id: ResourceID
    let type: ResourceType
    /// JSON text with its quotes; empty for none.
    let display: ArraySlice<UInt8>
    let isDirect: Bool
  }

  /// A group's members, found when they are asked for.
  struct Members: Sendable {
    let slots: SlotSet
    let entries: EntryTable
    let types: [ResourceType]
  }

  package let type: ResourceType
  package let id: ResourceID
  /// Milliseconds since 1970.
  package let created: Int64
  /// Milliseconds since 1970.
  package let modified: Int64
  /// What `version` says: the record that last changed it, and in which life of the log.
  let revision: Revision
  let body: EncodedDocument
  let groups: [Reference]
  /// Nil where `value` is not the id of a user, and for who has no manager.
  let manager: Reference?
  /// Nil where there are none, or they were not asked for.
  let members: Members?
  /// How many members there are, asked for or not.
  package let memberCount: Int

  /// What is given of other resources shows in it.
  init(
    _ entry: Entry, _ type: ResourceType, _ incarnations: Incarnations, groups: [Reference] = [],
    manager: Reference? = nil, members: Members? = nil
  ) {
    self.type = type
    id = entry.id
    created = entry.created
    modified = entry.modified
    revision = incarnations.revision(entry.revision)
    body = entry.body
    self.groups = groups
    self.manager = manager
    self.members = members
    memberCount = entry.members.count
  }

  /// The entity tag: weak, as every projection of the resource shares it (RFC 7644 §3.14).
  package var version: String { revision.entityTag }

  /// True where the representation is better sent in pieces.
  package var hasManyMembers: Bool { shownMemberCount > 1000 }

  /// Members that the representation holds.
  var shownMemberCount: Int { members?.slots.count ?? 0 }

  /// About how long the representation is, so that a buffer need not grow.
  package var estimatedBytes: Int {
    body.bytes.count + 640 + groups.count * 200 + shownMemberCount * 170
  }

  /// `<base>/Users/<id>`.
  package func location(_ base: String) -> String { String(decoding: locationBytes(base), as: UTF8.self) }

  /// The same as bytes.
  package func locationBytes(_ base: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(base.utf8.count + 64)
    bytes.append(contentsOf: base.utf8)
    bytes.append(contentsOf: type.endpoint.utf8)
    bytes.append(UInt8(ascii: "/"))
    id.append(to: &bytes)
    return bytes
  }
}

extension StoredResource.Members {
  /// The members in order of creation.
  func references() -> [StoredResource.Reference] {
    slots.compactMap { slot in
      guard let entry = entries[slot] else { return nil }
      return StoredResource.Reference(
        id: entry.id, type: types[Int(entry.type)], display: entry.body.displayText, isDirect: true)
    }
  }
}

extension DirectoryState {
  /// The resource at `slot`, and the last record that anything shown of it depends on. Members are collected where
  /// there are no more than `membersUpTo`.
  func stored(_ slot: Slot, membersUpTo: Int = .max) -> (resource: StoredResource, seq: UInt64)? {
    guard let entry = entries[slot] else { return nil }
    let type = catalog.stored[Int(entry.type)]
    var seq = entry.revision
    var groups: [StoredResource.Reference] = []
    if !entry.groups.isEmpty, type.hasGroups {
      for (group, isDirect) in groupSlots(of: entry) {
        guard let other = entries[group] else { continue }
        seq = max(seq, other.revision)
        groups.append(
          .init(
            id: other.id, type: catalog.stored[Int(other.type)], display: other.body.displayText,
            isDirect: isDirect))
      }
    }
    var members: StoredResource.Members?
    if !entry.members.isEmpty, entry.members.count <= membersUpTo {
      members = .init(slots: entry.members, entries: entries, types: catalog.stored)
      // The members' names may have changed with any record.
      seq = last
    }
    var manager: StoredResource.Reference?
    if entry.body.manager != 0, let found = self.manager(of: entry) {
      manager = found.reference
      seq = max(seq, found.seq)
    }
    return (
      StoredResource(entry, type, incarnations, groups: groups, manager: manager, members: members), seq
    )
  }

  /// The groups that contain the entry, directly or through other groups; each once, however they are nested.
  private func groupSlots(of entry: Entry) -> [(slot: Slot, isDirect: Bool)] {
    let direct = entry.groups.sorted()
    var seen = Set(direct)
    var found = direct.map { (slot: $0, isDirect: true) }
    var next = 0
    while next < found.count {
      for group in (entries[found[next].slot]?.groups ?? []).sorted() where seen.insert(group).inserted {
        found.append((group, false))
      }
      next += 1
    }
    return found
  }
}
