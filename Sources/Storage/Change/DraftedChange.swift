import SCIM

/// A change of any size that was made in a copy of the state, and is to be made in the state itself although others may
/// have changed that meanwhile.
struct DraftedChange {
  struct Record {
    var line: JournalRecord
    let changes: [PreparedChange]
  }

  /// A change of more resources, or of more bytes (half of what a line may have), has several records, each of which is
  /// made by itself.
  static let maxWhole = (changes: 2000, bytes: RecordLine.maxBytes / 2)
  /// Changes and bytes of one of several records: a few milliseconds of the directory's lock.
  private static let maxPart = (changes: 250, bytes: 1 << 20)

  private(set) var records: [Record]
  /// Milliseconds since 1970: when it is applied, after changes that came in between.
  var time: Int64 {
    didSet {
      for index in records.indices { ChangeRecord.setTime(time, in: &records[index].line.frame) }
    }
  }
  let context: RequestContext
  /// The copy, with the change made.
  private let state: DirectoryState
  /// Resources whose attributes or members it changes.
  private var changed: Set<ResourceID> = []
  /// Resources that it makes members, or that are not any more.
  private var members: Set<ResourceID> = []
  /// Resources that it deletes, as they were, with their groups and members.
  private var deleted: Set<ResourceID> = []

  /// - Parameter salt: makes the salt of a record.
  init(_ transaction: consuming Transaction, _ context: RequestContext, salt: () -> [UInt8]) {
    self.context = context
    let (state, time, changes) = (transaction.state, transaction.now, transaction.changes)
    self.state = state
    self.time = time
    let draft = ChangeRecord(
      time: time, context: context, understanding: transaction.understanding, changes: changes)
    // The records are written against the state that they begin with.
    transaction.rollBack()
    records = Self.records(draft, state, salt).map { line, changes in
      Record(
        line: line,
        changes: state.applyPreparing(
          changes, RecordStamp(seq: state.last + 1, time: time, context.actor)))
    }
    for change in changes {
      switch change {
      case .create(_, let id, _), .update(_, let id, _, _), .restore(_, let id, _): changed.insert(id)
      case .delete(_, let id, _):
        changed.insert(id)
        deleted.insert(id)
      case .note: break
      case .erase, .manage, .erasure, .repair:
        preconditionFailure("what is drafted makes resources, edits, connects and deletes them")
      case .members(let group, let added, let removed):
        changed.insert(group)
        members.formUnion(added)
        members.formUnion(removed)
      }
    }
  }

  /// The changes as one record, or in parts.
  private static func records(
    _ draft: ChangeRecord, _ state: DirectoryState, _ salt: () -> [UInt8]
  ) -> [(line: JournalRecord, changes: ArraySlice<Change>)] {
    /// A record of its own for a portion of the changes.
    func line(_ changes: ArraySlice<Change>) -> JournalRecord {
      ChangeRecord(
        time: draft.time, context: draft.context, understanding: draft.understanding, changes: Array(changes)
      ).encoded(state, salt: salt())
    }
    /// Splits changes that are too long for one record in halves.
    func parts(_ changes: ArraySlice<Change>) -> [(line: JournalRecord, changes: ArraySlice<Change>)] {
      let line = line(changes)
      guard line.charge > maxPart.bytes, changes.count > 1 else { return [(line, changes)] }
      let middle = changes.startIndex + changes.count / 2
      return parts(changes[..<middle]) + parts(changes[middle...])
    }
    let changes = draft.changes[...]
    if changes.count <= maxWhole.changes {
      let whole = line(changes)
      if whole.charge <= maxWhole.bytes { return [(whole, changes)] }
    }
    return stride(from: 0, to: changes.count, by: maxPart.changes).flatMap { start in
      parts(changes[start..<min(start + maxPart.changes, changes.count)])
    }
  }

  /// Whether it would come to something else behind the changes of others that the copy does not have: one is of a
  /// resource that it changes too, takes a unique value that it takes too, or takes away a member.
  func conflicts(with others: ArraySlice<Change>) -> Bool { others.contains(where: conflicts) }

  /// Whether a change made meanwhile could alter the result of this one, or make it invalid.
  private func conflicts(with other: Change) -> Bool {
    switch other {
    case .create(let type, let id, let body): conflicts(type, id, body)
    case .update(let type, let id, _, let document):
      conflicts(type, id, EncodedDocument(document, of: type))
    case .restore(let type, let id, let restoration):
      conflicts(type, id, EncodedDocument(restoration.document, of: type))
    case .members(let group, let added, let removed):
      changed.contains(group) || touchesDeleted(added) || touchesDeleted(removed)
    case .delete(_, let id, let remains):
      changed.contains(id) || members.contains(id) || touchesDeleted(remains.groups)
        || touchesDeleted(remains.members)
    case .erase(_, let id, _, _): !deleted.isEmpty || changed.contains(id) || members.contains(id)
    case .manage(_, let id, _, _): changed.contains(id)
    case .note, .erasure, .repair: false
    }
  }

  private func touchesDeleted(_ ids: [ResourceID]) -> Bool {
    !deleted.isEmpty && ids.contains(where: deleted.contains)
  }

  private func conflicts(_ type: ResourceType, _ id: ResourceID, _ body: EncodedDocument) -> Bool {
    changed.contains(id) || state.takenKey(body, type, except: state.slots[id]) != nil
  }
}
