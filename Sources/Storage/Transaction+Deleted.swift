package import SCIM

extension Transaction {
  /// Restores a deleted resource, with the memberships whose other side still exists.
  ///
  /// Throws 404 if nothing of that id is kept, 409 if its unique values were taken meanwhile, or where it is
  /// there already.
  package mutating func restore(_ type: ResourceType, _ id: String) throws(SCIMError) -> ResourceID {
    let key = ResourceID(id)
    if key.flatMap({ state.slot(of: $0, type) }) != nil {
      throw SCIMError(.notDeleted, "\(type.name) \(id.prefix(64)) is not deleted.")
    }
    guard let key, let kept = state.tombstones[key], state.catalog.stored[Int(kept.type)] === type,
      !state.tombstones.isExpired(kept, at: now)
    else {
      throw SCIMError(.unknownResource, "No deleted \(type.name) has the id \(id.prefix(64)).")
    }
    let remains = state.remains(of: kept)
    try checkManager(kept.manager, of: type, key)
    try checkQuotas(creating: kept.body, type, members: kept.groups.count + kept.members.count)
    if let (column, owner) = state.takenKey(kept.body, type, except: nil) {
      throw SCIMError(
        .notUnique,
        "\(type.name) \(id) cannot be restored: its \(column.path.notation) now belongs to \(type.name) "
          + "\(owner.text). Rename or delete that resource first.")
    }
    changes.append(
      .restore(
        type, key,
        Change.Restoration(
          document: remains.document, remains: remains, deleted: kept.deleted,
          groups: remains.groups.filter { state.slots[$0] != nil },
          members: remains.members.filter { state.slots[$0] != nil })))
    return key
  }

  /// A resource is permanently removed: from every group, with its members, and with the kept copy if it is deleted
  /// already. The resource need not exist: its values may be only in the files. Throws 404 if the id belongs to another
  /// type.
  package mutating func erase(_ type: ResourceType, _ id: ResourceID) throws(SCIMError) {
    func ids(_ slots: some Sequence<Slot>) -> [ResourceID] {
      slots.sorted().compactMap { state.entries[$0]?.id }
    }
    let entry = state.slots[id].flatMap { state.entries[$0] }
    guard let number = entry?.type ?? state.tombstones[id]?.type, number != state.typeNumber(type) else {
      changes.append(.erase(type, id, groups: ids(entry?.groups ?? []), members: ids(entry?.members ?? [])))
      try endGrants(of: id)
      return
    }
    throw .notFound("\(type.name) \(id.text)")
  }

  /// The deleted resource that a new document means: same userName, same externalId.
  func tombstone(matching document: Document, _ type: ResourceType) -> Tombstone? {
    state.tombstones.matching(document, state.typeNumber(type), at: now)
  }

  /// The identity provider brings an account back: under its id, but without its memberships, which only the identity
  /// provider itself gives again.
  func revival(of kept: Tombstone, _ type: ResourceType, as document: Document) -> Change {
    .restore(
      type, kept.id,
      Change.Restoration(
        document: document, remains: state.remains(of: kept), deleted: kept.deleted, groups: [], members: [],
        isRevival: true))
  }
}
