import Platform
package import SCIM

extension Directory {
  /// How often a change is drafted before it is made with everybody waiting.
  private static let drafts = 3

  /// As `writeTogether`, for a change of any size: `body` also says whether it is wanted at all, else nothing of it is
  /// kept. What is too long for one record becomes several, for which there is room on the disk before the first is
  /// written, and which are written together; a power cut in that moment can leave the first of them.
  ///
  /// `body` runs on a copy of the state, again where others come in its way meanwhile. Requests wait only while what
  /// came out is brought into the state.
  package func importing<Value: Sendable>(
    _ context: RequestContext,
    _ body: (inout Transaction) throws(SCIMError) -> (value: Value, isWanted: Bool)
  ) -> Pending<Result<Value, SCIMError>> {
    for _ in 0..<Self.drafts {
      let (copy, policies, start) = state.withLock {
        ($0.directory.copy(), $0.description.policies, $0.watched.begin())
      }
      var draft = draft(on: copy, policies, context, body)
      let made = state.withLock { state in
        let meanwhile = state.watched.end(start)
        return draft.change?.fits(behind: meanwhile) == false ? nil : make(&draft, &state)
      }
      if let made { return made }
    }
    return state.withLock { state in
      var draft = draft(on: state.directory.copy(), state.description.policies, context, body)
      return make(&draft, &state)
    }
  }

  /// What `body` came to, and the change where it is to be made.
  struct Draft<Value: Sendable> {
    let result: Result<Value, SCIMError>
    /// The record after which it was drafted.
    let seq: UInt64
    var change: DraftedChange?
  }

  func draft<Value>(
    on copy: DirectoryState, _ policies: DirectoryPolicies, _ context: RequestContext,
    limit: WorkBudget.Limit = .none,
    _ body: (inout Transaction) throws(SCIMError) -> (value: Value, isWanted: Bool)
  ) -> Draft<Value> {
    let seq = copy.last
    var transaction = Transaction(
      copy, by: context.actor, policies: policies, now: environment.now(), newID: environment.uuid)
    transaction.budget = WorkBudget(limit, for: .change)
    do throws(SCIMError) {
      let (value, isWanted) = try body(&transaction)
      guard isWanted, !transaction.changes.isEmpty else { return Draft(result: .success(value), seq: seq) }
      return Draft(
        result: .success(value), seq: seq,
        change:
          DraftedChange(transaction, context) { environment.randomBytes(JournalRecord.saltBytes) })
    } catch {
      return Draft(result: .failure(error), seq: seq)
    }
  }

  func make<Value>(
    _ draft: inout Draft<Value>, _ state: inout State
  ) -> Pending<Result<Value, SCIMError>> {
    // Taken out, not copied: its time is written into records that may be long.
    guard var change = draft.change.take() else { return Pending(draft.result, draft.seq, journal) }
    // Nobody saw it before now.
    change.time = environment.now()
    do throws(SCIMError) {
      try make(change, &state)
      return Pending(draft.result, state.directory.last, journal)
    } catch {
      return Pending(.failure(error), state.directory.last, journal)
    }
  }

  private func make(_ change: DraftedChange, _ state: inout State) throws(SCIMError) {
    // The disk is busy with the records while the state is changed.
    let numbers = try append(change.records.map(\.line))
    for (record, seq) in zip(change.records, numbers) {
      state.directory.apply(
        prepared: record.changes, RecordStamp(seq: seq, time: change.time, change.context.actor))
      state.watched.note(record.changes.lazy.map(\.change))
      relay(record.changes.lazy.map(\.change), state.directory)
    }
    charge(change.bytes, &state)
  }
}
