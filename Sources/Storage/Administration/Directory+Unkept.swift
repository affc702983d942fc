import JSON
import Platform
import SCIM

// Attributes that no schema defines are remembered, so that an administrator sees what is lost and can define them.
extension Directory {
  fileprivate static func note(of manager: String) -> String { "unkept:\(manager)" }

  /// Counts the attributes a change left out, and stores the counts in its record if they are new, or were not stored
  /// for a while.
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

  /// The same for a change computed outside the lock, whose record is already written: the next record stores new
  /// counts.
  func countUnkept(_ understanding: Understanding, _ context: RequestContext, _ state: inout State) {
    guard !understanding.unkept.isEmpty, context.actor.kind == .key else { return }
    let note = Self.note(of: context.actor.manager)
    var (table, written) =
      state.unkept.tables[note] ?? (UnkeptTable(kept: state.directory.notes[note]?.value), 0)
    if table.add(understanding.unkept, at: environment.now()) { written = 0 }
    state.unkept.tables[note] = (table, written)
  }

  /// The attributes without a schema that a connection sent, as counted by this process.
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
