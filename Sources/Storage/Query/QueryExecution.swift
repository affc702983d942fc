import SCIM

extension ResourceQuery {
  /// Where a walk by cursor goes on behind `match`.
  func next(after match: QueryMatch?, isLast: Bool, _ entries: EntryTable) -> CursorPosition? {
    guard cursor != nil, !isLast, let match, let entry = entries[match.slot] else { return nil }
    return CursorPosition(ordinal: entry.ordinal, sortValue: match.sortValue)
  }

  /// Whether a resource matches, and what it is sorted by.
  func match(_ subject: EntrySubject) -> QueryMatch? {
    guard let part = parts.first(where: { $0.type === subject.type }) else { return nil }
    if let filter = part.filter, !filter.matches(subject) { return nil }
    return QueryMatch(slot: subject.slot, sortValue: part.sort.flatMap { $0.value(of: subject) })
  }
}

extension DirectoryState {
  /// How many candidates are looked at while the lock is held.
  private static let maxCandidates = 256

  /// Answers from indexes and counters; nil where the query has to look at every resource.
  func answer(_ query: ResourceQuery) -> ResourcePage? {
    func resource(_ slot: Slot) -> StoredResource? {
      stored(slot, membersUpTo: query.showsMembers ? .max : 0)?.resource
    }
    if query.isPlain {
      let types = Set(query.parts.map { typeNumber($0.type) })
      let total = entries.count(ofTypes: types)
      guard let cursor = query.cursor else {
        let slots = entries.slots(ofTypes: types, skip: query.startIndex - 1, limit: query.count)
        return ResourcePage(total: total, resources: slots.compactMap(resource))
      }
      let start = cursor.position.map { entries.slot(after: $0.ordinal) } ?? 0
      // One more tells whether another page follows.
      let slots = entries.slots(ofTypes: types, from: start, limit: min(query.count, .max - 1) + 1)
      let page = slots.prefix(query.count)
      let last = page.last.map { QueryMatch(slot: $0, sortValue: nil) }
      return ResourcePage(
        total: total, resources: page.compactMap(resource),
        next: query.next(after: last, isLast: page.count == slots.count, entries))
    }
    var slots: [Slot] = []
    for part in query.parts {
      guard let filter = part.filter, let found = candidates(filter, part.type) else { return nil }
      slots.append(contentsOf: found)
    }
    guard slots.count <= DirectoryState.maxCandidates else { return nil }
    var selection = PageSelection(query, entries)
    for slot in slots.sorted() {
      guard let entry = entries[slot] else { continue }
      let subject = EntrySubject(state: self, slot: slot, entry: entry, base: query.base)
      if let match = query.match(subject) { selection.add(match) }
    }
    return selection.page(entries, stored: resource)
  }

  /// What a scan needs, taken in constant time; later changes do not show in it.
  func capture() -> Capture { Capture(self) }
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

  /// Answers by looking at every resource.
  func scan(_ query: ResourceQuery) -> ResourcePage {
    var selection = PageSelection(query, entries)
    entries.forEach { slot, entry in
      let subject = EntrySubject(state: state, slot: slot, entry: entry, base: query.base)
      if let match = query.match(subject) { selection.add(match) }
    }
    return selection.page(entries) {
      state.stored($0, membersUpTo: query.showsMembers ? .max : 0)?.resource
    }
  }
}
