import JSON
import SCIM

extension DirectoryState {
  /// Slots that include all matches of the filter, in order of creation; nil if every resource must be looked at. Law:
  /// equality on an indexed attribute never scans. Throws if to find them takes more than the budget.
  func candidates(
    _ filter: Filter, _ type: ResourceType, _ budget: inout WorkBudget
  ) throws(SCIMError) -> [Slot]? {
    switch filter {
    case .constant(false): return []
    case .and(let a, let b):
      guard let left = try candidates(a, type, &budget) else { return try candidates(b, type, &budget) }
      guard left.count > 1, let right = try candidates(b, type, &budget) else { return left }
      return left.count <= right.count ? left : right
    case .or(let a, let b):
      guard let left = try candidates(a, type, &budget), let right = try candidates(b, type, &budget) else {
        return nil
      }
      try budget.spend((left.count + right.count) * 4)
      return Set(left).union(right).sorted()
    case .values(_, let inner): return try candidates(inner, type, &budget)
    case .compare(let comparison): return comparison.op == .eq ? try matches(comparison, type, &budget) : nil
    case .not, .present, .constant: return nil
    }
  }

  /// For an equality.
  private func matches(
    _ comparison: Filter.Comparison, _ type: ResourceType, _ budget: inout WorkBudget
  ) throws(SCIMError) -> [Slot]? {
    let path = comparison.path
    if path.schema == nil, let name = path.attribute?.name, case .text(let text) = comparison.operand {
      switch (name, path.sub?.name) {
      case ("id", nil): return ResourceID(text.text).flatMap { slot(of: $0, type) }.map { [$0] } ?? []
      case ("members", "value") where type.hasMembers: return related(text.text) { $0.groups }
      case ("groups", "value") where type.hasGroups: return try nestedMembers(text.text, type, &budget)
      default: break
      }
    }
    guard let column = plan(of: type).column(path.notation), let key = column.key(comparison.operand) else {
      return nil
    }
    let found = index.candidates(EqualityIndex.Key(column.number, key))
    try budget.spend(found.count)
    return found
  }

  private func related(_ id: String, _ edges: (Entry) -> [Slot]) -> [Slot] {
    guard let entry = ResourceID(id).flatMap({ slots[$0] }).flatMap({ entries[$0] }) else { return [] }
    return edges(entry).sorted()
  }

  /// Everybody in a group, through nested groups too.
  private func nestedMembers(
    _ id: String, _ type: ResourceType, _ budget: inout WorkBudget
  ) throws(SCIMError) -> [Slot] {
    guard let start = ResourceID(id).flatMap({ slots[$0] }) else { return [] }
    var seen: Set<Slot> = [start]
    var open = [start]
    var found: [Slot] = []
    while let group = open.popLast() {
      let members = entries[group]?.members ?? []
      try budget.spend(members.count)
      for member in members where seen.insert(member).inserted {
        guard let entry = entries[member] else { continue }
        if catalog.stored[Int(entry.type)] === type { found.append(member) }
        if !entry.members.isEmpty { open.append(member) }
      }
    }
    return found.sorted()
  }
}
