import JSON
import Platform
import SCIM

// What clients send that no schema has is remembered, so that an administrator sees what is lost and can define it.
extension Directory {
  fileprivate static func note(of manager: String) -> String { "unkept:\(manager)" }

  /// Counts what a change left out, and lets its record keep the counts if there is news, or none were kept for a while.
  func countUnkept(_ transaction: inout Transaction, _ context: RequestContext, _ counts: inout UnkeptCounts)
  {
    let unkept = transaction.understanding.unkept
    guard !unkept.isEmpty, context.actor.kind == .key else { return }
    let note = Self.note(of: context.actor.manager)
    var (table, written) = counts.tables[note] ?? (UnkeptTable(kept: transaction.note(note)), 0)
    let hasNews = table.add(unkept, at: transaction.now)
    if hasNews || !transaction.changes.isEmpty && transaction.now - written >= UnkeptCounts.interval {
      transaction.note(note, table.json)
      written = transaction.now
    }
    counts.tables[note] = (table, written)
  }

  /// The same for a change that was computed beside the lock, whose record is written already: the next one keeps news.
  func countUnkept(_ understanding: Understanding, _ context: RequestContext, _ state: inout State) {
    guard !understanding.unkept.isEmpty, context.actor.kind == .key else { return }
    let note = Self.note(of: context.actor.manager)
    var (table, written) =
      state.unkept.tables[note] ?? (UnkeptTable(kept: state.directory.notes[note]?.value), 0)
    if table.add(understanding.unkept, at: environment.now()) { written = 0 }
    state.unkept.tables[note] = (table, written)
  }

  /// What a connection sent that no schema has, as far as this process has counted.
  package func unkept(by connection: ResourceID) -> Pending<UnkeptTable> {
    unkept("connection:\(connection.text)")
  }

  /// The same for a key without a connection.
  package func unkept(byKey keyID: String) -> Pending<UnkeptTable> { unkept("key:\(keyID)") }

  private func unkept(_ manager: String) -> Pending<UnkeptTable> {
    let note = Self.note(of: manager)
    let (table, seq) = state.withLock { state in
      let kept = UnkeptTable(kept: state.directory.notes[note]?.value)
      return (state.unkept.tables[note]?.table ?? kept, state.directory.last)
    }
    return Pending(table, seq, journal)
  }
}
