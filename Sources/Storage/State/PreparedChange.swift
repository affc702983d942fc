import SCIM

/// A change with everything needed to apply it, prepared in advance.
struct PreparedChange: Sendable {
  let change: Change
  /// The resource's new document; nil if it keeps its document or is deleted.
  var body: EncodedDocument?
  /// Index keys that the resource gets.
  var indexed: [EqualityIndex.Key] = []
  /// Index keys that the resource loses, although it stays.
  var unindexed: [EqualityIndex.Key] = []
  /// For a membership change: the probable slots of the added and removed members.
  var added: [Slot?] = []
  var removed: [Slot?] = []
}

extension DirectoryState {
  /// The change to apply now, here or in another state with the same resource.
  func prepared(_ change: Change) -> PreparedChange {
    var prepared = PreparedChange(change: change)
    switch change {
    case .create(let type, _, let body):
      prepared.body = body
      prepared.indexed = plan(of: type).keys(of: body)
    case .update(let type, let id, _, let document):
      let body = EncodedDocument(document, of: type)
      let (old, new) = (Set(keys(of: id)), Set(plan(of: type).keys(of: body)))
      prepared.body = body
      prepared.indexed = Array(new.subtracting(old))
      prepared.unindexed = Array(old.subtracting(new))
    case .restore(let type, _, let restoration):
      let body = EncodedDocument(restoration.document, of: type)
      prepared.body = body
      prepared.indexed = plan(of: type).keys(of: body)
    case .members(_, let added, let removed):
      prepared.added = added.map { slots[$0] }
      prepared.removed = removed.map { slots[$0] }
    case .delete, .erase, .manage, .note, .erasure, .repair: break
    }
    return prepared
  }

  /// The slots of the resources: usually still those from when the change was prepared, which is faster than a lookup.
  func slots(of ids: [ResourceID], probably places: [Slot?]) -> [Slot] {
    var found: [Slot] = []
    found.reserveCapacity(ids.count)
    for (id, place) in zip(ids, places) {
      if let place, place < entries.end, entries.id(at: place) == id {
        found.append(place)
      } else if let slot = slots[id] {
        found.append(slot)
      }
    }
    return found
  }

  /// All current index keys of a resource.
  private func keys(of id: ResourceID) -> [EqualityIndex.Key] {
    guard let slot = slots[id], let entry = entries[slot] else { return [] }
    return plans[Int(entry.type)].keys(of: entry.body)
  }
}
