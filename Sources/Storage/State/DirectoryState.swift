import JSON
import SCIM

/// Everything a directory holds: the fold of its snapshot and journal, which alone change it, through `apply`.
///
/// Confined by the lock of its `Directory`.
final class DirectoryState {
  let catalog: Catalog
  let plans: [IndexPlan]
  private(set) var entries: EntryTable
  private(set) var slots: [ResourceID: Slot] = [:]
  private(set) var index = EqualityIndex()
  private(set) var tombstones: TombstoneTable
  /// The number of the last record applied.
  private(set) var last: UInt64 = 0

  init(catalog: Catalog, options: StoreOptions) {
    precondition(catalog.types.count <= 255, "a type fits into a byte")
    self.catalog = catalog
    entries = EntryTable(typeCount: catalog.types.count)
    tombstones = TombstoneTable(retention: options.deletedRetention)
    var plans: [IndexPlan] = []
    for type in catalog.types {
      plans.append(
        IndexPlan(
          type, firstNumber: plans.reduce(0) { $0 + $1.columns.count },
          alsoUnique: type.hasMembers && options.uniqueGroupNames ? ["displayName"] : []))
    }
    self.plans = plans
  }

  /// Shares the entries of `other` as they are now; without its indexes.
  init(capturing other: DirectoryState) {
    catalog = other.catalog
    plans = other.plans
    entries = other.entries
    tombstones = TombstoneTable(capturing: other.tombstones)
    last = other.last
  }

  func typeNumber(_ type: ResourceType) -> UInt8 {
    UInt8(catalog.types.firstIndex { $0 === type } ?? 0)
  }

  func slot(of id: ResourceID, _ type: ResourceType) -> Slot? {
    guard let slot = slots[id], let entry = entries[slot], catalog.types[Int(entry.type)] === type else {
      return nil
    }
    return slot
  }

  /// The record `seq`, made at `time` (milliseconds).
  func apply(_ changes: [Change], seq: UInt64, time: Int64) {
    for change in changes {
      switch change {
      case .create(let type, let id, let document):
        insert(
          Entry(
            id: id, type: typeNumber(type), created: time, ordinal: Entry.ordinal(of: seq), modified: time,
            revision: seq, body: EncodedDocument(document, of: type)), document)
      case .update(let type, let id, _, let document): replace(id, type, document, seq, time)
      case .members(let group, let added, let removed): changeMembers(of: group, added, removed, seq, time)
      case .delete(let type, let id, let remains):
        delete(id, type, seq, time)
        bury(id, type, remains, seq, time)
      case .restore(let type, let id, let restoration): restore(id, type, restoration, seq, time)
      }
    }
    last = seq
  }

  /// A resource of a snapshot.
  func restore(_ entry: Entry, _ document: Document) { insert(entry, document) }

  /// Memberships of a snapshot.
  func restoreMembers(_ group: ResourceID, _ members: [ResourceID]) {
    guard let slot = slots[group] else { return }
    for member in members.compactMap({ slots[$0] }) { connect(slot, member) }
  }

  /// Where the snapshot ended.
  func restored(upTo seq: UInt64) { last = seq }

  func insert(_ entry: Entry, _ document: Document) {
    let slot = entries.append(entry)
    slots[entry.id] = slot
    for (column, text) in plans[Int(entry.type)].keys(of: document) {
      index.insert(slot, column.number, text)
    }
  }

  private func replace(
    _ id: ResourceID, _ type: ResourceType, _ document: Document, _ seq: UInt64, _ time: Int64
  ) {
    guard let slot = slots[id], let old = entries[slot] else { return }
    let plan = plans[Int(old.type)]
    for (column, text) in plan.keys(of: old.body.document) { index.remove(slot, column.number, text) }
    for (column, text) in plan.keys(of: document) { index.insert(slot, column.number, text) }
    entries.update(slot) { entry in
      entry.body = EncodedDocument(document, of: type)
      DirectoryState.touch(&entry, seq, time)
    }
  }

  private func changeMembers(
    of group: ResourceID, _ added: [ResourceID], _ removed: [ResourceID], _ seq: UInt64, _ time: Int64
  ) {
    guard let slot = slots[group] else { return }
    entries.update(slot) { DirectoryState.touch(&$0, seq, time) }
    for member in removed.compactMap({ slots[$0] }) { disconnect(slot, member, seq) }
    for member in added.compactMap({ slots[$0] }) {
      connect(slot, member)
      entries.update(member) { $0.revision = seq }
    }
  }

  private func delete(_ id: ResourceID, _ type: ResourceType, _ seq: UInt64, _ time: Int64) {
    guard let slot = slots[id], let entry = entries[slot] else { return }
    for group in entry.groups {
      entries.update(group) { other in
        other.members.remove(slot)
        DirectoryState.touch(&other, seq, time)
      }
    }
    for member in entry.members { disconnect(slot, member, seq) }
    for (column, text) in plans[Int(entry.type)].keys(of: entry.body.document) {
      index.remove(slot, column.number, text)
    }
    slots[id] = nil
    entries.remove(slot)
  }

  func connect(_ group: Slot, _ member: Slot) {
    var isNew = false
    entries.update(group) { isNew = $0.members.insert(member).inserted }
    if isNew { entries.update(member) { $0.groups.append(group) } }
  }

  private func disconnect(_ group: Slot, _ member: Slot, _ seq: UInt64) {
    entries.update(group) { $0.members.remove(member) }
    entries.update(member) { entry in
      guard let position = entry.groups.firstIndex(of: group) else { return }
      entry.groups.swapAt(position, entry.groups.count - 1)
      entry.groups.removeLast()
      entry.revision = seq
    }
  }

  /// `lastModified` never goes back and never stands still, whatever the clock does; one record moves it once.
  private static func touch(_ entry: inout Entry, _ seq: UInt64, _ time: Int64) {
    if entry.revision == seq { return }
    entry.revision = seq
    entry.modified = max(time, entry.modified + 1)
  }

  /// A resource that a record changed.
  func touch(_ slot: Slot, _ seq: UInt64, _ time: Int64) {
    entries.update(slot) { DirectoryState.touch(&$0, seq, time) }
  }

  /// A resource of which only derived attributes changed.
  func revise(_ slot: Slot, _ seq: UInt64) { entries.update(slot) { $0.revision = seq } }

  // MARK: Deleted resources

  /// Keeps what a deleted resource was.
  func keep(_ tombstone: Tombstone) { tombstones.append(tombstone) }

  /// Lets a membership wait for the other side, which is deleted, to be restored.
  func keepMembership(of member: ResourceID, in group: ResourceID) {
    if slots[group] == nil { tombstones.connect(group, member: member) }
    if slots[member] == nil { tombstones.connect(member, group: group) }
  }

  /// Ends the keeping of a deleted resource.
  func forget(_ id: ResourceID) { tombstones.remove(id) }

  /// Ends the keeping of those that were deleted too long before `now`, in milliseconds.
  func forgetExpired(at now: Int64) { tombstones.removeExpired(at: now) }
}
