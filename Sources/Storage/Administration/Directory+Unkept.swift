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
    let (unkept, now) = (transaction.understanding.unkept, transaction.now)
    guard let note = Self.note(of: context, unkept) else { return }
    let hasNews = counts.add(unkept, to: note, kept: transaction.note(note), at: now)
    guard hasNews || !transaction.changes.isEmpty, let json = counts.due(note, at: now) else { return }
    transaction.note(note, json)
  }

  /// The same for a change computed outside the lock, whose record is already written: the next record stores new
  /// counts.
  func countUnkept(_ understanding: Understanding, _ context: RequestContext, _ state: inout State) {
    guard let note = Self.note(of: context, understanding.unkept) else { return }
    _ = state.unkept.add(
      understanding.unkept, to: note, kept: state.directory.notes[note]?.value, at: environment.now())
  }

  /// The note that counts what a key sent; nil if there is nothing to count.
  private static func note(
    of context: RequestContext, _ unkept: [(resourceType: String, attribute: UnkeptAttribute)]
  ) -> String? {
    unkept.isEmpty || context.actor.kind != .key ? nil : note(of: context.actor.manager)
  }

  /// The attributes without a schema that a connection sent, as counted by this process.
  package func unkept(by connection: ResourceID) -> Pending<UnkeptTable> {
    unkept("connection:\(connection.text)")
  }

  /// The same for a key without a connection.
  package func unkept(byKey keyID: String) -> Pending<UnkeptTable> { unkept("key:\(keyID)") }

  /// The counts in memory if requests have added some, otherwise those in the log.
  private func unkept(_ manager: String) -> Pending<UnkeptTable> {
    let note = Self.note(of: manager)
    let (table, seq) = state.withLock { state in
      let kept = UnkeptTable(kept: state.directory.notes[note]?.value)
      return (state.unkept.tables[note]?.table ?? kept, state.directory.last)
    }
    return Pending(table, seq, journal)
  }
}
