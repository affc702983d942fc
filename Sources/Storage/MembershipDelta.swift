/// The difference that edits make to a set of members, without copying the set.
struct MembershipDelta {
  private let base: SlotSet
  private(set) var added: Set<Slot> = []
  private(set) var removed: Set<Slot> = []

  init(_ base: SlotSet) { self.base = base }

  /// The members after the edits so far.
  var current: SlotSet {
    var current = base
    for slot in removed { current.remove(slot) }
    for slot in added { current.insert(slot) }
    return current
  }

  func contains(_ slot: Slot) -> Bool {
    added.contains(slot) || base.contains(slot) && !removed.contains(slot)
  }

  /// Adds slots; cancels an earlier removal.
  mutating func add(_ slots: [Slot]) {
    for slot in slots {
      removed.remove(slot)
      if !base.contains(slot) { added.insert(slot) }
    }
  }

  mutating func remove(_ slots: [Slot]) {
    for slot in slots {
      added.remove(slot)
      if base.contains(slot) { removed.insert(slot) }
    }
  }

  /// Makes exactly these slots the members; reads the whole set.
  mutating func replace(with slots: [Slot]) {
    let wanted = Set(slots)
    removed = Set(base.lazy.filter { !wanted.contains($0) })
    added = wanted.filter { !base.contains($0) }
  }
}
