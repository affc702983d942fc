import Platform
package import SCIM

extension Directory {
  /// How often a change is drafted before it is refused.
  private static let drafts = 10

  /// The outcome of a drafted change.
  package enum DraftUse: Sendable {
    case dropped
    /// Made if it is one record, up to 2,000 changed resources: all or none.
    case whole
    /// Made in as many records as it needs, each all or none: a crash can leave the first of them.
    case inParts
  }

  /// As `writeTogether`, for a change that takes a while to make: `body` also decides whether it is applied. `body`
  /// runs on a copy of the state, and again if other writes conflict; requests wait only while one record is applied.
  /// Is refused with 503 if other writes keep conflicting.
  /// - Returns: the result of `body`, and whether it was too long for one record, so that nothing was written.
  package func drafting<Value: Sendable>(
    _ context: RequestContext,
    _ body: (inout Transaction) throws(SCIMError) -> (value: Value, use: DraftUse)
  ) -> Pending<Result<(value: Value, isTooLong: Bool), SCIMError>> {
    // Part of the draft is already applied; a later draft finds that part done.
    var begun: Value?
    for _ in 0..<Self.drafts {
      let (copy, policies, start) = state.withLock {
        ($0.directory.copy(), $0.description.policies, $0.watched.begin())
      }
      var draft = draft(on: copy, policies, context, body)
      defer { state.withLock { _ = $0.watched.end(start) } }
      // Taken out, not copied: its time is written into records that may be long.
      guard let value = try? draft.result.get(), var change = draft.change.take() else {
        return Pending(draft.result.map { [begun] in (begun ?? $0, draft.isTooLong) }, draft.seq, journal)
      }
      // Nobody saw it before now.
      change.time = environment.now()
      switch make(change, watchedFrom: start) {
      case .made(let seq): return Pending(.success((begun ?? value, false)), seq, journal)
      case .failed(let error, let seq): return Pending(.failure(error), seq, journal)
      case .conflict(let isBegun): if isBegun { begun = begun ?? value }
      }
    }
    let seq = state.withLock { $0.directory.last }
    return Pending(.failure(Self.tooBusy), seq, journal)
  }

  /// Runs `body` on a copy of the state and returns what it would change; nothing is written.
  package func rehearse(
    _ context: RequestContext, _ body: (inout Transaction) throws(SCIMError) -> Void
  ) -> Pending<Result<ChangeTrace, SCIMError>> {
    let (copy, policies) = state.withLock { ($0.directory.copy(), $0.description.policies) }
    let trace = ChangeTrace()
    let draft = draft(on: copy, policies, context) { tx throws(SCIMError) in
      try body(&tx)
      trace.note(tx.understanding, tx.changes, record: tx.changes.isEmpty ? nil : copy.last + 1)
      return (trace, .dropped)
    }
    return Pending(draft.result, draft.seq, journal)
  }

  private static let tooBusy = SCIMError(
    .busy,
    "Other clients kept changing the same resources. Try again in a moment; resources created so far are not created "
      + "twice.")

  private enum Outcome {
    /// With the number of the last record.
    case made(UInt64)
    case failed(SCIMError, UInt64)
    /// Whether the first records are made.
    case conflict(isBegun: Bool)
  }

  /// Applies the records, each under the lock, until a change by others conflicts.
  private func make(_ change: DraftedChange, watchedFrom start: Int) -> Outcome {
    do throws(JournalError) {
      try journal.makeRoom(for: change.records.map(\.line.charge))
    } catch {
      return .failed(Self.refusal(error), state.withLock { $0.directory.last })
    }
    var place = start
    var outcome = Outcome.conflict(isBegun: false)
    for (index, record) in change.records.enumerated() {
      outcome = state.withLock { state in
        if change.conflicts(with: state.watched.since(place)) { return .conflict(isBegun: index > 0) }
        do throws(SCIMError) {
          try make(record, change, &state)
          place = state.watched.end
          return .made(state.directory.last)
        } catch {
          return .failed(error, state.directory.last)
        }
      }
      guard case .made = outcome else { return outcome }
    }
    return outcome
  }

  /// The result of `body`, and the change if it is to be applied.
  struct Draft<Value: Sendable> {
    let result: Result<Value, SCIMError>
    /// The record after which it was drafted.
    let seq: UInt64
    var change: DraftedChange?
    /// Whether it had to fit into one record but does not.
    var isTooLong = false
    var understanding = Understanding()
  }

  /// Runs `body` on a copy of the state, outside the lock, and prepares the records that it needs.
  ///
  /// - Parameter limit: how much work `body` may do.
  func draft<Value>(
    on copy: DirectoryState, _ policies: DirectoryPolicies, _ context: RequestContext,
    limit: WorkBudget.Limit = .none,
    _ body: (inout Transaction) throws(SCIMError) -> (value: Value, use: DraftUse)
  ) -> Draft<Value> {
    let seq = copy.last
    var transaction = Transaction(
      copy, by: context.actor, policies: policies, now: environment.now(), newID: environment.uuid)
    transaction.budget = WorkBudget(limit, for: .change)
    do throws(SCIMError) {
      let (value, use) = try body(&transaction)
      if use == .dropped { return Draft(result: .success(value), seq: seq) }
      if use == .whole, transaction.count > DraftedChange.maxWhole.changes {
        return Draft(result: .success(value), seq: seq, isTooLong: true)
      }
      if let idempotency = context.idempotency { transaction.note(idempotency) }
      let understanding = transaction.understanding
      guard !transaction.changes.isEmpty else {
        return Draft(result: .success(value), seq: seq, understanding: understanding)
      }
      let change = DraftedChange(transaction, context) { environment.randomBytes(JournalRecord.saltBytes) }
      let isTooLong = use == .whole && change.records.count > 1
      return Draft(
        result: .success(value), seq: seq, change: isTooLong ? nil : change, isTooLong: isTooLong,
        understanding: understanding)
    } catch {
      return Draft(result: .failure(error), seq: seq)
    }
  }

  /// Makes a draft of one record in the lock.
  func make<Value>(
    _ draft: inout Draft<Value>, _ state: inout State
  ) -> Pending<Result<Value, SCIMError>> {
    guard var change = draft.change.take() else { return Pending(draft.result, draft.seq, journal) }
    // Nobody saw it before now.
    change.time = environment.now()
    do throws(SCIMError) {
      for record in change.records { try make(record, change, &state) }
      change.context.trace?.note(
        draft.understanding, change.records.flatMap { $0.changes.map(\.change) }, record: state.directory.last
      )
      return Pending(draft.result, state.directory.last, journal)
    } catch {
      return Pending(.failure(error), state.directory.last, journal)
    }
  }

  /// Writes a record of a draft, and applies its prepared changes to the state.
  private func make(
    _ record: DraftedChange.Record, _ change: DraftedChange, _ state: inout State
  ) throws(SCIMError) {
    // The disk is busy with the record while the state is changed.
    let usesKept = record.changes.allSatisfy(\.change.takesAway)
    let seq = try append([record.line], usesKept: usesKept).upperBound
    state.directory.apply(
      prepared: record.changes, RecordStamp(seq: seq, time: change.time, change.context.actor))
    let changes = record.changes.lazy.map(\.change)
    state.watched.note(changes)
    relay(changes, state.directory)
    tidy(&state)
    charge(record.line.charge, &state)
  }
}
