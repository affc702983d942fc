import SCIM

/// Takes the matches of a query in order of creation, counts them, and keeps those that its page can show: of the
/// matches of a sorted query no more than twice as many, so that all need not be sorted for a first page.
struct PageSelection {
  /// So many are kept in any case before they are sorted.
  private static let leastKept = 512

  private let query: ResourceQuery
  private let sort: SortKey?
  /// A page of a walk by cursor begins here: with this slot, or in descending order with the one before it.
  private let border: QueryMatch?
  /// How many, in the order of the query, tell what the page shows.
  private let limit: Int
  private var kept: [QueryMatch] = []
  /// The last that can still be needed.
  private var last: QueryMatch?
  private(set) var total = 0

  /// - Parameter entries: turns the cursor's place in the order of creation into a slot.
  init(_ query: ResourceQuery, _ entries: EntryTable) {
    self.query = query
    sort = query.parts.first { $0.sort != nil }?.sort
    let isDescending = sort?.descending ?? false
    border = query.cursor?.position.map { position in
      // The slot of the last resource shown, which may be deleted by now, or the one after it.
      let ordinal = isDescending ? max(position.ordinal, 1) - 1 : position.ordinal
      return QueryMatch(slot: entries.slot(after: ordinal), sortValue: position.sortValue)
    }
    // With a cursor, one more resource shows whether another page follows.
    let before = query.cursor == nil ? query.startIndex - 1 : 1
    let (limit, overflow) = before.addingReportingOverflow(query.count)
    self.limit = overflow ? .max : limit
  }

  /// Counts a match; keeps it if the page may show it.
  mutating func add(_ match: QueryMatch) {
    total += 1
    if let border, isShown(match, before: border) { return }
    if let last, !precedes(match, last) { return }
    kept.append(match)
    if sort == nil, kept.count == limit { last = match }
    if kept.count / 2 >= max(limit, PageSelection.leastKept) { trim() }
  }

  /// The matches from the first of the page on: of a walk one more than is shown, if there is one.
  mutating func matches() -> ArraySlice<QueryMatch> {
    trim()
    return kept.dropFirst(query.cursor == nil ? query.startIndex - 1 : 0)
  }

  /// The page of all that was added.
  mutating func page(
    _ state: DirectoryState, _ budget: inout WorkBudget
  ) throws(SCIMError) -> ResourcePage {
    try query.page(of: total, matches(), state, &budget)
  }

  /// Keeps the first `limit` matches in the order of the query; later ones must precede the last of them.
  private mutating func trim() {
    if sort != nil { kept.sort(by: precedes) }
    guard kept.count > limit else { return }
    kept.removeSubrange(limit...)
    last = kept.last
  }

  /// Ties go by order of creation, so that pages never overlap; descending order is the exact reverse of ascending
  /// order.
  private func precedes(_ a: QueryMatch, _ b: QueryMatch) -> Bool {
    guard let sort else { return a.slot < b.slot }
    if sort.precedes(a.sortValue, b.sortValue) { return true }
    if sort.precedes(b.sortValue, a.sortValue) { return false }
    return sort.descending ? a.slot > b.slot : a.slot < b.slot
  }

  /// True if an earlier page of the walk has shown the match.
  private func isShown(_ match: QueryMatch, before border: QueryMatch) -> Bool {
    sort?.descending == true && match.slot == border.slot
      && sort?.precedes(border.sortValue, match.sortValue) == false || precedes(match, border)
  }
}
