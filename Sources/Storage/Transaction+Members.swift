import SCIM

// Adding and removing members of a group.
extension Transaction {
  /// Adds one edit to the changes of a group's members; throws for an id that does not exist, unless such ids are
  /// skipped.
  mutating func apply(
    _ edit: MembershipEdit, to delta: inout MembershipDelta, of group: Existing, _ skipsUnknown: Bool
  ) throws(SCIMError) {
    switch edit {
    case .add(let ids): delta.add(try slots(of: ids, skipsUnknown))
    // A user who is not a member need not be removed, whether the id exists or not (RFC 7644 §3.5.2.2).
    case .remove(let ids): delta.remove(ids.compactMap { ResourceID($0) }.compactMap { state.slots[$0] })
    case .replace(let ids):
      try spendOnMembers(of: group)
      delta.replace(with: try slots(of: ids, skipsUnknown))
    case .selected(let filter, let changes, let adding):
      if try exists(filter, delta) {
        guard !changes else {
          throw SCIMError(.memberUnchangeable, "A member cannot be changed; remove it and add another.")
        }
      } else if let adding {
        delta.add(try slots(of: [adding], skipsUnknown))
      } else {
        throw SCIMError(.memberNoMatch, "members: no member matches the filter of the path.")
      }
    case .removeMatching(let filter):
      delta.remove(try state.members(try current(delta), matching: filter, &budget))
    }
  }

  /// Spends the cost of processing all members: not on an event loop if they are many, but whatever their number.
  mutating func spendOnMembers(of group: Existing) throws(SCIMError) {
    let count = (group.entry.groups.count + group.entry.members.count) * MembershipEdit.costOfMember
    try budget.spend(min(count, WorkBudget.Limit.held.units + 1))
  }

  /// True if a filter selects a member of the group.
  private mutating func exists(_ filter: Filter, _ delta: MembershipDelta) throws(SCIMError) -> Bool {
    if let (path, id) = filter.equality, path.sub?.name == "value" {
      return ResourceID(id.text).flatMap { state.slots[$0] }.map(delta.contains) ?? false
    }
    return try !state.members(try current(delta), matching: filter, limit: 1, &budget).isEmpty
  }

  /// The members after the edits so far, which are applied to a copy one by one.
  private mutating func current(_ delta: MembershipDelta) throws(SCIMError) -> SlotSet {
    try budget.spend((delta.added.count + delta.removed.count) * 16)
    return delta.current
  }

  /// The slots of the ids; unknown ones are refused all at once, or noted and left out.
  mutating func slots(of ids: [String], _ skipsUnknown: Bool) throws(SCIMError) -> [Slot] {
    var slots: [Slot] = []
    var unknown: [String] = []
    slots.reserveCapacity(ids.count)
    for id in ids {
      if let slot = ResourceID(id).flatMap({ state.slots[$0] }), canBeMember(slot) {
        slots.append(slot)
      } else {
        unknown.append(id)
      }
    }
    guard !unknown.isEmpty else { return slots }
    guard skipsUnknown else {
      let names = unknown.prefix(10).map { "\"\($0.prefix(64))\"" }.joined(separator: ", ")
      let more = unknown.count > 10 ? " and \(unknown.count - 10) more" : ""
      throw SCIMError(
        .memberUnknown,
        "No user or group has the id \(names)\(more). Nothing was changed; create the members first.")
    }
    understanding.skipped.append(contentsOf: unknown.prefix(1000).map { String($0.prefix(64)) })
    return slots
  }

  private func canBeMember(_ slot: Slot) -> Bool {
    state.entries[slot].map { state.catalog.stored[Int($0.type)].canBeMember } ?? false
  }
}

extension MembershipEdit {
  /// Finding, recording and connecting one costs about as much as reading this many values.
  static let costOfMember = 12

  /// Members that it names.
  var size: Int {
    switch self {
    case .add(let ids), .remove(let ids), .replace(let ids): 1 + ids.count * MembershipEdit.costOfMember
    case .selected, .removeMatching: 1
    }
  }
}
