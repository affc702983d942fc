import SCIM

/// The steps to undo changes to a state: as long as the changes, however large the rest is.
///
/// Where several operations share one record, each has to see what those before it did, but the record can be written
/// only when the last is over. So their changes are made to the state as they come, in the directory's lock, and are
/// undone in reverse order if an operation fails or the journal has no space for the record. Nobody can have seen them,
/// as nothing is read without the lock.
struct UndoLog {
  enum Step {
    case inserted(previousOrdinal: UInt64)
    /// With the memberships that it had when its slot was emptied.
    case removed(Slot, Entry)
    case changed(Slot, Entry.Fields)
    case memberAdded(group: Slot, member: Slot)
    case memberRemoved(group: Slot, member: Slot)
    case groupAdded(Slot, group: Slot)
    case groupRemoved(Slot, group: Slot)
    case named(ResourceID)
    case unnamed(ResourceID, Slot)
    case indexed(Slot, EqualityIndex.Key)
    case unindexed(Slot, EqualityIndex.Key)
    case noted(String, Note?)
    case detaching(members: Int)
    case keptDeleted
    case erased(ResourceID)
    case forgotten(Tombstone, Slot)
    /// A tombstone before one more membership was kept with it.
    case keptMore(Tombstone, Slot)
  }

  private(set) var steps: [Step] = []
  /// Resources that what is settled has the first fields of.
  private var imaged: Set<Slot> = []

  /// Steps after the first `count` are only undone together with all before them: of each resource the fields that it
  /// had first are enough.
  mutating func settle(from count: Int) {
    var kept = count
    for index in count..<steps.count {
      if case .changed(let slot, _) = steps[index], !imaged.insert(slot).inserted { continue }
      steps.swapAt(kept, index)
      kept += 1
    }
    steps.removeSubrange(kept...)
  }

  mutating func note(_ step: Step) { steps.append(step) }

  /// The steps since there were `count` of them, the last first; they are forgotten.
  mutating func rollBack(to count: Int) -> [Step] {
    defer { steps.removeSubrange(count...) }
    return steps[count...].reversed()
  }
}
