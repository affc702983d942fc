/// Changes made while somebody works on a copy of the state.
struct WatchedChanges {
  private var changes: [Change] = []
  private var watchers = 0

  /// From now on changes are kept; returns the place for `end`.
  mutating func begin() -> Int {
    watchers += 1
    return changes.count
  }

  mutating func note(_ more: some Sequence<Change>) {
    if watchers > 0 { changes += more }
  }

  /// Where the next change will be.
  var end: Int { changes.count }

  /// The changes from that place on, which are watched still.
  func since(_ place: Int) -> ArraySlice<Change> { changes[place...] }

  /// Ends watching; the changes since the `begin` that returned that place.
  mutating func end(_ start: Int) -> ArraySlice<Change> {
    watchers -= 1
    defer { if watchers == 0 { changes = [] } }
    return changes[start...]
  }
}
