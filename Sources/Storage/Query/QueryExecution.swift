import SCIM

extension ResourceQuery {
  /// Where a walk by cursor goes on behind `match`.
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

extension DirectoryState {
  /// Answers from indexes and counters. What takes more than a look at a few resources is left to a worker.
  func answer(_ query: ResourceQuery) -> QueryAnswer {
    func resource(_ slot: Slot) -> StoredResource? {
      stored(slot, membersUpTo: query.showsMembers ? .max : 0)?.resource
    }
    if query.isPlain {
      let types = Set(query.parts.map { typeNumber($0.type) })
      let total = entries.count(ofTypes: types)
      guard let cursor = query.cursor else {
        let slots = entries.slots(ofTypes: types, skip: query.startIndex - 1, limit: query.count)
        return .page(ResourcePage(total: total, resources: slots.compactMap(resource)))
      }
      let start = cursor.position.map { entries.slot(after: $0.ordinal) } ?? 0
      // One more tells whether another page follows.
      let slots = entries.slots(ofTypes: types, from: start, limit: min(query.count, .max - 1) + 1)
      let page = slots.prefix(query.count)
      let last = page.last.map { QueryMatch(slot: $0, sortValue: nil) }
      return .page(
        ResourcePage(
          total: total, resources: page.compactMap(resource),
          next: query.next(after: last, isLast: page.count == slots.count, entries)))
    }
    // A small part of what may be held: whatever does not end at once is done elsewhere.
    var budget = WorkBudget(.glance, for: .query)
    guard let slots = try? candidates(query, &budget) else { return .work(capture(), nil) }
    guard let page = try? page(query, of: slots, &budget) else { return .work(capture(), slots) }
    return .page(page)
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
    return selection.page(entries) { stored($0, membersUpTo: query.showsMembers ? .max : 0)?.resource }
  }

  /// What a scan needs, taken in constant time; later changes do not show in it.
  func capture() -> Capture { Capture(self) }
}

/// What indexes have to say to a query.
enum QueryAnswer {
  case page(ResourcePage)
  /// To be worked on outside the lock: the matches are among the slots, or anywhere if there are none.
  case work(Capture, [Slot]?)
}

extension WorkBudget.Limit {
  /// What a query may do before it goes to a worker: less than a millisecond.
  fileprivate static let glance = WorkBudget.Limit(
    name: WorkBudget.Limit.held.name, units: WorkBudget.Limit.held.units / 16)
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
  var incarnations: Incarnations { state.incarnations }

  func typeNumber(_ type: ResourceType) -> UInt8 { state.typeNumber(type) }

  /// Answers by looking at the candidates, or at every resource if there are none; throws 400 tooMany if that takes too
  /// much work.
  func scan(_ query: ResourceQuery, among candidates: [Slot]? = nil) throws(SCIMError) -> ResourcePage {
    var budget = WorkBudget(.scanned, for: .query)
    if let candidates { return try state.page(query, of: candidates, &budget) }
    var selection = PageSelection(query, entries)
    try entries.forEach { (slot, entry) throws(SCIMError) in
      let subject = EntrySubject(state: state, slot: slot, entry: entry, base: query.base)
      if let match = try query.match(subject, &budget) { selection.add(match) }
    }
    return selection.page(entries) {
      state.stored($0, membersUpTo: query.showsMembers ? .max : 0)?.resource
    }
  }

  func result(_ query: ResourceQuery, among candidates: [Slot]? = nil) -> Result<ResourcePage, SCIMError> {
    Result { () throws(SCIMError) in try scan(query, among: candidates) }
  }
}
