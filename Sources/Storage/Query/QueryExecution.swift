import SCIM

/// What one query found, before the page is cut.
struct QueryMatch {
  let slot: Slot
  let sortValue: SortValue?
}

extension ResourceQuery {
  /// The matches of `slots` (in order of creation) against the part of their type, sorted, cut to the page.
  func page(
    of matches: [QueryMatch], stored: (Slot) -> StoredResource?
  ) -> ResourcePage {
    var matches = matches
    if let sort = parts.first(where: { $0.sort != nil })?.sort {
      // Ties go by order of creation, so that pages never overlap.
      matches.sort { a, b in
        if sort.precedes(a.sortValue, b.sortValue) { return true }
        if sort.precedes(b.sortValue, a.sortValue) { return false }
        return a.slot < b.slot
      }
    }
    let page = matches.dropFirst(startIndex - 1).prefix(count)
    return ResourcePage(total: matches.count, resources: page.compactMap { stored($0.slot) })
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
      let slots = entries.slots(ofTypes: types, skip: query.startIndex - 1, limit: query.count)
      return ResourcePage(total: entries.count(ofTypes: types), resources: slots.compactMap(resource))
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
    return query.page(of: matches, stored: resource)
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
    let types = Set(query.parts.map { state.typeNumber($0.type) })
    var matches: [QueryMatch] = []
    entries.forEach { slot, entry in
      guard types.contains(entry.type), let found = state.stored(slot)?.resource,
        let match = query.match(slot, ParsedResource(found, base: query.base))
      else { return }
      matches.append(match)
    }
    return query.page(of: matches) { state.stored($0, membersUpTo: query.showsMembers ? .max : 0)?.resource }
  }
}
