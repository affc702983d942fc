import SCIM

// Filters on members and groups, answered from the sets wherever they ask for ids and types.
extension DirectoryState {
  /// Writing the JSON of a member or a group costs about as much as reading this many.
  static let costOfReference = 24

  /// The members that satisfy the inner filter of `members[...]`, up to `limit` of them.
  func members(
    _ members: SlotSet, matching filter: Filter, limit: Int = .max, _ budget: inout WorkBudget
  ) throws(SCIMError) -> [Slot] {
    if let id = filter.selectedID {
      guard let slot = ResourceID(id).flatMap({ slots[$0] }), members.contains(slot),
        try matches(member: slot, filter, &budget)
      else { return [] }
      return [slot]
    }
    var found: [Slot] = []
    guard filter.asksOnly(for: "type") else {
      for slot in members where found.count < limit {
        if try matches(member: slot, filter, &budget) { found.append(slot) }
      }
      return found
    }
    // The result for a type applies to all its members.
    var answers: [UInt8: Bool] = [:]
    for slot in members {
      try budget.spend(1)
      guard let type = entries[slot]?.type else { continue }
      if answers[type] == nil { answers[type] = try matches(member: slot, filter, &budget) }
      if answers[type] == true {
        found.append(slot)
        if found.count >= limit { break }
      }
    }
    return found
  }

  /// Whether a member satisfies a filter on `members`.
  private func matches(member slot: Slot, _ filter: Filter, _ budget: inout WorkBudget) throws(SCIMError)
    -> Bool
  {
    guard let entry = entries[slot] else { return false }
    try budget.spend(DirectoryState.costOfReference)
    let reference = StoredResource.Reference(
      id: entry.id, type: catalog.stored[Int(entry.type)], display: entry.body.displayText, isDirect: true)
    return try filter.matches(element: reference.element, &budget)
  }

  /// Whether the group contains the entry, directly or through other groups.
  func isMember(_ entry: Entry, of id: String, _ budget: inout WorkBudget) throws(SCIMError) -> Bool {
    try budget.spend(1)
    guard !entry.groups.isEmpty, let wanted = ResourceID(id).flatMap({ slots[$0] }) else { return false }
    var seen = Set(entry.groups)
    try budget.spend(seen.count)
    if seen.contains(wanted) { return true }
    var open = entry.groups
    while let group = open.popLast() {
      for outer in entries[group]?.groups ?? [] {
        try budget.spend(4)
        if outer == wanted { return true }
        if seen.insert(outer).inserted { open.append(outer) }
      }
    }
    return false
  }
}

extension EntrySubject {
  /// `members` and `groups` can be large: code that needs only their ids and types does not build their JSON.
  func answer(_ filter: Filter, _ budget: inout WorkBudget) throws(SCIMError) -> Bool? {
    switch filter {
    case .compare(let comparison):
      guard comparison.path.schema == nil, let name = comparison.path.attribute?.name,
        let sub = comparison.path.sub?.name
      else { return nil }
      switch (name, sub) {
      case ("members", "value") where type.hasMembers && comparison.op == .eq,
        ("members", "type") where type.hasMembers:
        return try hasMember(filter, &budget) || comparison.op == .ne && entry.members.isEmpty
      case ("groups", "value") where type.hasGroups:
        guard let id = filter.selectedID else { return nil }
        return try state.isMember(entry, of: id, &budget)
      default: return nil
      }
    case .values(let path, let inner):
      guard path.schema == nil else { return nil }
      if path.attribute?.name == "members", type.hasMembers { return try hasMember(inner, &budget) }
      guard path.attribute?.name == "groups", type.hasGroups, case .compare = inner, let id = inner.selectedID
      else { return nil }
      return try state.isMember(entry, of: id, &budget)
    case .present(let path):
      guard path.schema == nil, path.sub == nil || path.sub?.name == "value" else { return nil }
      if path.attribute?.name == "members", type.hasMembers { return !entry.members.isEmpty }
      if path.attribute?.name == "groups", type.hasGroups { return state.isInGroup(entry) }
      return nil
    case .and, .or, .not, .constant: return nil
    }
  }

  private func hasMember(_ filter: Filter, _ budget: inout WorkBudget) throws(SCIMError) -> Bool {
    try !state.members(entry.members, matching: filter, limit: 1, &budget).isEmpty
  }

  /// The bytes of the document up to the value, of which nobody knows where it is, or the references.
  func cost(of path: AttributePath) -> Int {
    guard path.schema == nil, let name = path.attribute?.name else { return 1 + entry.body.bytes.count >> 6 }
    switch name {
    case "members" where type.hasMembers: return 1 + entry.members.count * DirectoryState.costOfReference
    case "groups" where type.hasGroups:
      guard !entry.groups.isEmpty else { return 1 }
      let found = state.groupSlots(of: entry, limit: DirectoryState.maxShownGroups)
      return 1 + entry.groups.count + found.count * DirectoryState.costOfReference
    default: return 1 + entry.body.bytes.count >> 6
    }
  }
}
