import JSON
import SCIM

/// Everything a directory holds: the fold of its snapshot and journal, which alone change it, through `apply`.
///
/// Confined by the lock of its `Directory`.
final class DirectoryState {
  let catalog: Catalog
  let plans: [IndexPlan]
  private(set) var entries: EntryTable
  private(set) var slots = SlotTable()
  private(set) var index = EqualityIndex()
  var tombstones: TombstoneTable
  /// Observations of the server, such as sign-ins.
  private(set) var notes = NoteTable()
  /// The incarnations of the log.
  var incarnations = Incarnations()
  /// The managers of the resources.
  var managers = ManagerTable()
  /// Erased resources whose values may still be in files of the log.
  var erased: Set<ResourceID> = []
  /// The number of the last record applied.
  private(set) var last: UInt64 = 0
  /// Direct members of all groups.
  private(set) var memberships = 0
  /// Large deleted groups, with memberships that are not removed yet.
  var detachments: [Detachment] = []
  /// Parts of the files that do not fit the schemas, found while reading.
  var misfits: [ResourceID: String] = [:]
  /// Nil while changes are final.
  private var undo: UndoLog?

  init(catalog: Catalog, options: StoreOptions) {
    precondition(catalog.stored.count <= 255, "a type fits into a byte")
    self.catalog = catalog
    entries = EntryTable(typeCount: catalog.stored.count)
    tombstones = TombstoneTable(retention: options.deletedRetention)
    var plans: [IndexPlan] = []
    for type in catalog.stored {
      plans.append(
        IndexPlan(
          type, firstNumber: plans.reduce(0) { $0 + $1.columns.count },
          alsoUnique: type.hasMembers && options.uniqueGroupNames ? ["displayName"] : []))
    }
    self.plans = plans
  }

  /// Shares the current entries of `other`, without its indexes.
  init(capturing other: DirectoryState) {
    catalog = other.catalog
    plans = other.plans
    entries = other.entries
    slots = other.slots
    managers = other.managers
    notes = other.notes
    incarnations = other.incarnations
    tombstones = TombstoneTable(capturing: other.tombstones)
    last = other.last
    detachments = other.detachments
    memberships = other.memberships
  }

  /// Shares the current state of `other`; both can then change independently.
  private convenience init(copying other: DirectoryState) {
    self.init(capturing: other)
    index = other.index
    tombstones = other.tombstones
    erased = other.erased
  }

  /// An independent copy, taken in constant time; changes to either are not visible in the other.
  func copy() -> DirectoryState { DirectoryState(copying: self) }

  /// The changes of the record that the stamp describes.
  func apply(_ changes: [Change], _ stamp: RecordStamp) {
    for change in changes { perform(prepared(change), stamp) }
    last = stamp.seq
  }

  /// The same; returns the changes as they can be made in another state.
  func applyPreparing(_ changes: some Sequence<Change>, _ stamp: RecordStamp) -> [PreparedChange] {
    defer { last = stamp.seq }
    return changes.map { change in
      let prepared = prepared(change)
      perform(prepared, stamp)
      return prepared
    }
  }

  /// The same for changes that were prepared before.
  func apply(prepared changes: [PreparedChange], _ stamp: RecordStamp) {
    for change in changes { perform(change, stamp) }
    last = stamp.seq
  }

  /// Changes the state; cannot fail, because the change was prepared against this state.
  private func perform(_ prepared: PreparedChange, _ stamp: RecordStamp) {
    switch prepared.change {
    case .create(let type, let id, let body):
      insert(
        Entry(
          id: id, type: typeNumber(type), created: stamp.time, ordinal: Entry.ordinal(of: stamp.seq),
          modified: stamp.time, revision: stamp.seq, manager: managers.number(of: stamp.manager), body: body),
        prepared.indexed)
    case .update(_, let id, _, _): replace(id, prepared, stamp)
    case .members(let group, let added, let removed):
      changeMembers(
        of: group, slots(of: added, probably: prepared.added), slots(of: removed, probably: prepared.removed),
        stamp)
    case .delete(let type, let id, let remains):
      delete(id, stamp)
      keepDeleted(id, type, remains, stamp)
    case .restore(let type, let id, let restoration): restore(id, type, restoration, prepared, stamp)
    case .erase(_, let id, _, _):
      delete(id, stamp)
      forget(id)
      if erased.insert(id).inserted { note(.erased(id)) }
      for key in notes.keys(about: id) { setNote(key, nil) }
    case .manage(_, let id, _, let manager):
      guard let slot = slots[id] else { break }
      noteFields(slot)
      entries.update(slot) { $0.manager = managers.number(of: manager) }
    case .note(let key, let about, let value): setNote(key, value.map { Note(about: about, value: $0) })
    case .erasure, .repair: break
    }
  }

  /// Sets the note; nil removes it.
  func setNote(_ key: String, _ note: Note?) {
    self.note(.noted(key, notes[key]))
    notes[key] = note
  }

  /// Memberships of a snapshot.
  func restoreMembers(_ group: ResourceID, _ members: [ResourceID]) {
    guard let slot = slots[group] else { return }
    var added = members.compactMap { slots[$0] }
    entries.update(slot) { entry in added = added.filter { entry.members.insert($0) } }
    memberships += added.count
    for member in added { entries.update(member) { $0.groups.append(slot) } }
  }

  /// Where the snapshot ended.
  func restored(upTo seq: UInt64) { last = seq }

  /// Adds a resource after all others.
  func insert(_ entry: Entry) { insert(entry, plans[Int(entry.type)].keys(of: entry.body)) }

  /// The same with its index keys.
  func insert(_ entry: Entry, _ keys: [EqualityIndex.Key]) {
    note(.inserted(previousOrdinal: entries.lastOrdinal))
    let slot = entries.append(entry)
    note(.named(entry.id))
    slots[entry.id] = slot
    for key in keys { addKey(slot, key) }
  }

  private func replace(_ id: ResourceID, _ prepared: PreparedChange, _ stamp: RecordStamp) {
    guard let slot = slots[id], let body = prepared.body else { return }
    for key in prepared.unindexed { removeKey(slot, key) }
    for key in prepared.indexed { addKey(slot, key) }
    noteFields(slot)
    entries.updateDocument(slot) { entry in
      entry.body = body
      touch(&entry, stamp)
    }
  }

  /// Adds and removes members; without an undo log all at once, which is faster.
  private func changeMembers(
    of group: ResourceID, _ new: [Slot], _ gone: [Slot], _ stamp: RecordStamp
  ) {
    guard let slot = slots[group] else { return }
    // A connection that takes over users whom sign-ins put into a group does not take over the group.
    let onlyEndsSignIns =
      new.isEmpty && gone.allSatisfy { entries[$0].map { managers.isSignIn($0.manager) } ?? false }
    touch(slot, stamp, takesOver: !onlyEndsSignIns)
    // Many at once, because no undo log is kept; the lock is held meanwhile.
    guard undo != nil else { return changeMembers(of: slot, adding: new, removing: gone, seq: stamp.seq) }
    for member in gone { disconnect(slot, member, stamp) }
    for member in new {
      connect(slot, member)
      revise(member, stamp)
    }
  }

  private func changeMembers(of group: Slot, adding new: [Slot], removing gone: [Slot], seq: UInt64) {
    var (left, joined) = ([Slot](), [Slot]())
    entries.update(group) { entry in
      left = gone.filter { entry.members.remove($0) }
      joined = new.filter { entry.members.insert($0) }
    }
    memberships += joined.count - left.count
    for member in left {
      entries.update(member) { entry in
        entry.leave(group)
        entry.derived = seq
      }
    }
    for member in joined {
      entries.update(member) { entry in
        entry.groups.append(group)
        entry.derived = seq
      }
    }
  }

  /// Removes a resource with its memberships; the members of a large group are detached later, in portions.
  func delete(_ id: ResourceID, _ stamp: RecordStamp) {
    guard let slot = slots[id], let entry = entries[slot] else { return }
    for group in entry.groups {
      removeMember(slot, from: group)
      touch(group, stamp, takesOver: false)
    }
    if entry.members.count > Detachment.atOnce {
      memberships -= entry.members.count
      note(.detaching(members: entry.members.count))
      detachments.append(Detachment(group: slot, members: entry.members, seq: stamp.seq))
    } else {
      for member in entry.members { disconnect(slot, member, stamp) }
    }
    for key in plans[Int(entry.type)].keys(of: entry.body) { removeKey(slot, key) }
    note(.unnamed(id, slot))
    slots[id] = nil
    if let rest = entries[slot] { note(.removed(slot, rest)) }
    entries.remove(slot)
  }

  func connect(_ group: Slot, _ member: Slot) {
    var isNew = false
    entries.update(group) { isNew = $0.members.insert(member) }
    guard isNew else { return }
    memberships += 1
    note(.memberAdded(group: group, member: member))
    note(.groupAdded(member, group: group))
    entries.update(member) { $0.groups.append(group) }
  }

  private func disconnect(_ group: Slot, _ member: Slot, _ stamp: RecordStamp) {
    removeMember(member, from: group)
    guard entries[member]?.groups.contains(group) == true else { return }
    note(.groupRemoved(member, group: group))
    entries.update(member) { $0.leave(group) }
    revise(member, stamp)
  }

  /// Removes from the member the group that record `seq` deleted.
  func forget(_ group: Slot, in member: Slot, seq: UInt64) {
    entries.update(member) { entry in
      entry.leave(group)
      entry.derived = max(entry.derived, seq)
    }
  }

  private func removeMember(_ member: Slot, from group: Slot) {
    var wasThere = false
    entries.update(group) { wasThere = $0.members.remove(member) }
    guard wasThere else { return }
    memberships -= 1
    note(.memberRemoved(group: group, member: member))
  }

  private func addKey(_ slot: Slot, _ key: EqualityIndex.Key) {
    note(.indexed(slot, key))
    index.insert(slot, key)
  }

  private func removeKey(_ slot: Slot, _ key: EqualityIndex.Key) {
    note(.unindexed(slot, key))
    index.remove(slot, key)
  }

  /// A resource that a record changed; `takesOver` if the actor changed this very one, not one connected to it.
  func touch(_ slot: Slot, _ stamp: RecordStamp, takesOver: Bool = true) {
    noteFields(slot)
    entries.update(slot) { touch(&$0, stamp, takesOver: takesOver) }
  }

  /// A resource of which only derived attributes changed.
  func revise(_ slot: Slot, _ stamp: RecordStamp) {
    noteFields(slot)
    entries.update(slot) { $0.derived = stamp.seq }
  }

  /// `lastModified` never goes back and never stands still, whatever the clock does; one record moves it once.
  private func touch(_ entry: inout Entry, _ stamp: RecordStamp, takesOver: Bool = true) {
    if takesOver { entry.manager = manager(entry.manager, writtenBy: stamp) }
    if entry.revision == stamp.seq { return }
    entry.revision = stamp.seq
    entry.modified = max(stamp.time, entry.modified + 1)
  }

  // MARK: Tentative changes

  /// From now on changes can be undone, until `commit`.
  func begin() { undo = undo ?? UndoLog() }

  /// How many steps were taken since `begin`; 0 outside.
  var steps: Int { undo?.steps.count ?? 0 }

  /// Applies changes of a record that is not written yet, so that they can be undone.
  func tryOut(_ changes: [Change], _ stamp: RecordStamp) {
    precondition(undo != nil, "only a change that can be undone is tried out")
    for change in changes { perform(prepared(change), stamp) }
  }

  /// Restores the state after this many steps.
  func rollBack(to count: Int) {
    for step in undo?.rollBack(to: count) ?? [] { revert(step) }
  }

  /// Steps after the first `count` will not be undone on their own.
  func settle(from count: Int) { undo?.settle(from: count) }

  /// The changes since `begin` stay.
  func commit() { undo = nil }

  /// Undoes everything since `begin`.
  func rollBack() {
    rollBack(to: 0)
    undo = nil
  }

  func note(_ step: UndoLog.Step) { undo?.note(step) }

  private func noteFields(_ slot: Slot) {
    guard undo != nil, let entry = entries[slot] else { return }
    note(.changed(slot, entry.fields))
  }

  private func revert(_ step: UndoLog.Step) {
    switch step {
    case .inserted(let ordinal): entries.removeLast(lastOrdinal: ordinal)
    case .removed(let slot, let entry): entries.putBack(entry, slot)
    case .changed(let slot, let fields): entries.updateDocument(slot) { $0.fields = fields }
    case .memberAdded(let group, let member):
      entries.update(group) { $0.members.remove(member) }
      memberships -= 1
    case .memberRemoved(let group, let member):
      entries.update(group) { $0.members.insert(member) }
      memberships += 1
    case .groupAdded(let slot, let group): entries.update(slot) { $0.leave(group) }
    case .groupRemoved(let slot, let group): entries.update(slot) { $0.groups.append(group) }
    case .named(let id): slots[id] = nil
    case .unnamed(let id, let slot): slots[id] = slot
    case .noted(let key, let note): notes[key] = note
    case .indexed(let slot, let key): index.remove(slot, key)
    case .unindexed(let slot, let key): index.insert(slot, key)
    case .detaching(let members):
      detachments.removeLast()
      memberships += members
    case .keptDeleted: tombstones.removeLast()
    case .erased(let id): erased.remove(id)
    case .keptMore(let tombstone, let position), .forgotten(let tombstone, let position):
      tombstones.putBack(tombstone, position)
    }
  }
}
