import JSON
import SCIM

extension DirectoryState {
  /// Keeps the resource that record `seq` deleted.
  func keepDeleted(_ id: ResourceID, _ type: ResourceType, _ remains: Change.Remains, _ stamp: RecordStamp) {
    keep(
      Tombstone(
        id: id, type: typeNumber(type), created: remains.created, modified: remains.modified,
        deleted: stamp.time, seq: stamp.seq, manager: managerNumber(remains.manager),
        body: EncodedDocument(remains.document, of: type), groups: remains.groups,
        members: remains.members))
  }

  /// Restores a deleted resource; it comes after all others, like a new one.
  func restore(
    _ id: ResourceID, _ type: ResourceType, _ restoration: Change.Restoration, _ prepared: PreparedChange,
    _ stamp: RecordStamp
  ) {
    guard let body = prepared.body else { return }
    forget(id)
    let remains = restoration.remains
    insert(
      Entry(
        id: id, type: typeNumber(type), created: remains.created, ordinal: Entry.ordinal(of: stamp.seq),
        modified: max(stamp.time, remains.modified + 1), revision: stamp.seq,
        manager: manager(managerNumber(remains.manager ?? stamp.manager), writtenBy: stamp), body: body),
      prepared.indexed)
    guard let slot = slots[id] else { return }
    for group in restoration.groups.compactMap({ slots[$0] }) {
      connect(group, slot)
      touch(group, stamp, takesOver: false)
    }
    for member in restoration.members.compactMap({ slots[$0] }) {
      connect(slot, member)
      revise(member, stamp)
    }
    guard !restoration.isRevival else { return }
    for group in remains.groups where slots[group] == nil { keepMembership(of: id, in: group) }
    for member in remains.members where slots[member] == nil { keepMembership(of: member, in: id) }
  }

  /// Adds a deleted resource of a snapshot.
  func restoreDeleted(line json: JSONValue) throws(ReplayError) {
    guard let type = try type(json["type"]?.stringValue), let deleted = json["deleted"]?.instant,
      let created = json["created"]?.instant, let modified = json["modified"]?.instant,
      let seq = json["seq"]?.integerValue.flatMap({ UInt64(exactly: $0) }),
      json["resource"] != nil
    else {
      throw ReplayError("a deleted resource needs type, id, created, modified, deleted, seq and resource")
    }
    keep(
      Tombstone(
        id: try id(json["id"]), type: typeNumber(type), created: created, modified: modified,
        deleted: deleted, seq: seq,
        manager: managerNumber(json["managedBy"]?.stringValue),
        body: EncodedDocument(try document(of: json, type), of: type),
        groups: try ids(json["groups"]), members: try ids(json["members"])))
  }
}

extension DirectoryState {
  /// A deleted resource before its deletion.
  func remains(of kept: Tombstone) -> Change.Remains {
    Change.Remains(
      document: kept.body.document, created: kept.created, modified: kept.modified, groups: kept.groups,
      members: kept.members, manager: managers.name(of: kept.manager))
  }
}

// Only this code changes the table of deleted resources.
extension DirectoryState {
  /// Keeps a deleted resource.
  func keep(_ tombstone: Tombstone) {
    guard tombstones.retention > 0 else { return }
    forget(tombstone.id)
    note(.keptDeleted)
    tombstones.append(tombstone)
  }

  /// Keeps a membership until its deleted other side is restored.
  func keepMembership(of member: ResourceID, in group: ResourceID) {
    for id in [group, member] where slots[id] == nil {
      guard let (position, tombstone) = tombstones.find(id) else { continue }
      note(.keptMore(tombstone, position))
      tombstones.connect(
        id, group: id == member ? group : nil, member: id == group ? member : nil)
    }
  }

  /// Stops keeping a deleted resource.
  func forget(_ id: ResourceID) {
    guard let (position, tombstone) = tombstones.find(id) else { return }
    note(.forgotten(tombstone, position))
    tombstones.remove(id)
  }

  /// Stops keeping resources deleted too long before `now`, in milliseconds.
  func forgetExpired(at now: Int64) { tombstones.removeExpired(at: now) }

  /// Stops keeping the resource that was deleted first.
  func giveUpOldest() { tombstones.removeOldest() }

  /// The values of these are to be removed from the files.
  func awaitErasure(of ids: Set<ResourceID>) { erased.formUnion(ids) }

  /// No file contains the values of these any more.
  func endErasure(of ids: Set<ResourceID>) { erased.subtract(ids) }
}
