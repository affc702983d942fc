import SCIM

extension ResourceQuery {
  /// Where paging by cursor continues after `match`.
  func next(after match: QueryMatch?, isLast: Bool, _ entries: EntryTable) -> CursorPosition? {
    guard cursor != nil, !isLast, let match, let entry = entries[match.slot] else { return nil }
    return CursorPosition(ordinal: entry.ordinal, sortValue: match.sortValue)
  }

  /// Whether a resource matches, and what it is sorted by.
  func match(_ subject: EntrySubject, _ budget: inout WorkBudget) throws(SCIMError) -> QueryMatch? {
    try budget.spend(1)
    guard let part = parts.first(where: { $0.type === subject.type }) else { return nil }
    if let filter = part.filter, try !filter.matches(subject, &budget) { return nil }
    if let sort = part.sort { try budget.spend(subject.cost(of: sort.path)) }
    return QueryMatch(slot: subject.slot, sortValue: part.sort.flatMap { $0.value(of: subject) })
  }
}

extension ResourceQuery {
  /// A page of the first matches; one more than `count` shows that another page follows.
  func page(
    of total: Int, _ matches: some Collection<QueryMatch>, _ state: DirectoryState, _ budget: inout WorkBudget
  ) throws(SCIMError) -> ResourcePage {
    var resources: [StoredResource] = []
    resources.reserveCapacity(min(count, matches.count))
    var bytes = 0
    var last: QueryMatch?
    for match in matches.prefix(count) {
      // The groups are put in order, and then looked at.
      try budget.spend(1 + (state.entries[match.slot]?.groups.count ?? 0))
      guard let resource = state.stored(match.slot, membersUpTo: showsMembers ? .max : 0)?.resource else {
        continue
      }
      try budget.spend(resource.groups.count * 4)
      bytes += resource.estimatedBytes - resource.estimatedMemberBytes
      if bytes > maxBytes, !resources.isEmpty { break }
      resources.append(resource)
      last = match
    }
    return ResourcePage(
      total: total, resources: resources,
      next: next(after: last, isLast: resources.count == matches.count, state.entries))
  }
}

extension DirectoryState {
  /// Answers from indexes and counters. Queries that read more than a few resources are left to a worker.
  func answer(_ query: ResourceQuery) -> QueryAnswer {
    // A small part of what may be held: whatever does not end at once is done elsewhere.
    var budget = WorkBudget(.glance, for: .query)
    if query.isPlain {
      guard let page = try? plainPage(query, &budget) else { return .work(capture(), nil) }
      return .page(page)
    }
    guard let slots = try? candidates(query, &budget) else { return .work(capture(), nil) }
    guard let page = try? page(query, of: slots, &budget) else { return .work(capture(), slots) }
    return .page(page)
  }

  /// A page of all resources of the types.
  func plainPage(_ query: ResourceQuery, _ budget: inout WorkBudget) throws(SCIMError) -> ResourcePage {
    let types = Set(query.parts.map { typeNumber($0.type) })
    let limit = min(query.count, .max - 1) + 1
    let slots: [Slot]
    if let cursor = query.cursor {
      let start = cursor.position.map { entries.slot(after: $0.ordinal) } ?? 0
      slots = entries.slots(ofTypes: types, from: start, limit: limit)
    } else {
      slots = entries.slots(ofTypes: types, skip: query.startIndex - 1, limit: query.count)
    }
    return try query.page(
      of: entries.count(ofTypes: types), slots.map { QueryMatch(slot: $0, sortValue: nil) }, self, &budget)
  }

  /// In order of creation; nil if every resource must be looked at.
  private func candidates(_ query: ResourceQuery, _ budget: inout WorkBudget) throws(SCIMError) -> [Slot]? {
    var slots: [Slot] = []
    for part in query.parts {
      guard let filter = part.filter, let found = try candidates(filter, part.type, &budget) else {
        return nil
      }
      slots.append(contentsOf: found)
    }
    return slots.sorted()
  }

  /// The matches among the candidates.
  func page(
    _ query: ResourceQuery, of slots: [Slot], _ budget: inout WorkBudget
  ) throws(SCIMError) -> ResourcePage {
    var selection = PageSelection(query, entries)
    for slot in slots {
      guard let entry = entries[slot] else { continue }
      let subject = EntrySubject(state: self, slot: slot, entry: entry, base: query.base)
      if let match = try query.match(subject, &budget) { selection.add(match) }
    }
    return try selection.page(self, &budget)
  }

  /// The data a scan needs, captured in constant time; later changes are not visible in it.
  func capture() -> Capture { Capture(self) }
}

extension WorkBudget.Limit {
  /// The work a query may do before it moves to a worker: less than a millisecond.
  fileprivate static let glance = WorkBudget.Limit(
    name: WorkBudget.Limit.held.name, units: WorkBudget.Limit.held.units / 4)
}

/// The state of a directory at one moment, for work that takes too long to hold the lock.
struct Capture: @unchecked Sendable {
  // Sound: `state` is made here, never handed out and never changed.
  private let state: DirectoryState

  fileprivate init(_ state: DirectoryState) { self.state = DirectoryState(capturing: state) }

  var entries: EntryTable { state.entries }
  var tombstones: TombstoneTable { state.tombstones }
  var last: UInt64 { state.last }
  var managers: ManagerTable { state.managers }
  var notes: NoteTable { state.notes }
  var heldBytes: Int { state.heldBytes }
  var incarnations: Incarnations { state.incarnations }

  func typeNumber(_ type: ResourceType) -> UInt8 { state.typeNumber(type) }

  /// Answers by looking at the candidates, or at every resource if there are none; throws 400 tooMany if that takes too
  /// much work, and 503 as soon as it `isStopping`.
  func scan(
    _ query: ResourceQuery, among candidates: [Slot]? = nil, isStopping: () -> Bool = { false }
  ) throws(SCIMError) -> ResourcePage {
    var budget = WorkBudget(.scanned, for: .query)
    if let candidates { return try state.page(query, of: candidates, &budget) }
    if query.isPlain {
      var unbound = WorkBudget(.none, for: .query)
      return try state.plainPage(query, &unbound)
    }
    var selection = PageSelection(query, entries)
    var looked = 0
    try entries.forEach { (slot, entry) throws(SCIMError) in
      if looked & 0xFF == 0, isStopping() { throw Directory.stopping }
      looked += 1
      let subject = EntrySubject(state: state, slot: slot, entry: entry, base: query.base)
      if let match = try query.match(subject, &budget) { selection.add(match) }
    }
    return try selection.page(state, &budget)
  }

  func result(
    _ query: ResourceQuery, among candidates: [Slot]? = nil, isStopping: () -> Bool = { false }
  ) -> Result<ResourcePage, SCIMError> {
    Result { () throws(SCIMError) in try scan(query, among: candidates, isStopping: isStopping) }
  }
}
