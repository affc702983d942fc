import SCIM

/// What one query found, before the page is cut.
struct QueryMatch {
  let slot: Slot
  let sortValue: SortValue?
}

extension ResourceQuery {
  /// The matches of `slots` (in order of creation) against the part of their type, sorted, cut to the page.
  func page(
    of matches: [QueryMatch], _ entries: EntryTable, stored: (Slot) -> StoredResource?
  ) -> ResourcePage {
    var matches = matches
    // Ties go by order of creation, so that pages never overlap.
    if sort != nil { matches.sort(by: precedes) }
    var rest = matches[...]
    if let cursor {
      rest = matches[(cursor.position.map { firstIndex(in: matches, behind: $0, entries) } ?? 0)...]
    } else {
      rest = rest.dropFirst(startIndex - 1)
    }
    let page = rest.prefix(count)
    return ResourcePage(
      total: matches.count, resources: page.compactMap { stored($0.slot) },
      next: next(after: page.last, isLast: page.count == rest.count, entries))
  }

  /// Where a walk by cursor goes on behind `match`.
  func next(after match: QueryMatch?, isLast: Bool, _ entries: EntryTable) -> CursorPosition? {
    guard cursor != nil, !isLast, let match, let entry = entries[match.slot] else { return nil }
    return CursorPosition(ordinal: entry.ordinal, sortValue: match.sortValue)
  }

  private var sort: SortKey? { parts.first { $0.sort != nil }?.sort }

  private func precedes(_ a: QueryMatch, _ b: QueryMatch) -> Bool {
    guard let sort else { return a.slot < b.slot }
    if sort.precedes(a.sortValue, b.sortValue) { return true }
    if sort.precedes(b.sortValue, a.sortValue) { return false }
    return a.slot < b.slot
  }

  /// The first of the sorted matches that is behind the position, by bisection.
  private func firstIndex(
    in matches: [QueryMatch], behind position: CursorPosition, _ entries: EntryTable
  ) -> Int {
    // Whoever stands where the next resource in the order of creation does is behind.
    let border = QueryMatch(slot: entries.slot(after: position.ordinal), sortValue: position.sortValue)
    var low = 0
    var high = matches.count
    while low < high {
      let middle = (low + high) / 2
      if precedes(matches[middle], border) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether a resource matches, and what it is sorted by.
  func match(_ slot: Slot, _ subject: ParsedResource) -> QueryMatch? {
    guard let part = parts.first(where: { $0.type === subject.stored.type }) else { return nil }
    if let filter = part.filter, !filter.matches(subject) { return nil }
    return QueryMatch(slot: slot, sortValue: part.sort.flatMap { $0.value(of: subject) })
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
    let lookUp = { (id: ResourceID) in self.slots[id] }
    let matches = slots.sorted().compactMap { slot in
      stored(slot).flatMap {
        query.match(slot, ParsedResource($0.resource, base: query.base, slotOf: lookUp))
      }
    }
    return query.page(of: matches, entries, stored: resource)
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

  /// Answers by looking at every resource.
  func scan(_ query: ResourceQuery) -> ResourcePage {
    let state = DirectoryState(capturing: state, slots: state.managerSlots())
    let types = Set(query.parts.map { state.typeNumber($0.type) })
    var matches: [QueryMatch] = []
    entries.forEach { slot, entry in
      guard types.contains(entry.type), let found = state.stored(slot)?.resource,
        let match = query.match(slot, ParsedResource(found, base: query.base))
      else { return }
      matches.append(match)
    }
    return query.page(of: matches, entries) {
      state.stored($0, membersUpTo: query.showsMembers ? .max : 0)?.resource
    }
  }
}
