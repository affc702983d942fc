import JSON
import Platform
package import SCIM

extension Directory {
  /// How often a change is recomputed after conflicts before the client gets 503.
  private static let attempts = 4

  /// Runs `body` alone on the state and makes its changes one record, as `write` does; if that takes longer than the
  /// lock may be held, on a copy of the state and on a worker, again if others change the same resources meanwhile.
  /// `show` sees the state as it is after the change. Throws 413 if it takes more work than a change may.
  ///
  /// - Parameter isLarge: known to take long, by a caller that can wait: it is computed at once, on its thread.
  package func edit<Value: Sendable, Shown: Sendable>(
    _ context: RequestContext, isLarge: Bool = false,
    _ body: @escaping @Sendable (inout Transaction) throws(SCIMError) -> Value,
    show: @escaping @Sendable (Value, EditedState) -> Shown,
    _ completion: @escaping @Sendable (Pending<Result<Shown, SCIMError>>) -> Void
  ) {
    if isLarge { return completion(compute(context, body, show)) }
    if let edited = tried(context, body, show) { return completion(edited) }
    let isTaken = workers.submit(for: name) { completion(self.compute(context, body, show)) }
    if !isTaken { completion(Pending(.failure(Self.tooManyEdits), 0, journal)) }
  }

  /// The same for one resource, which is shown with its members if there are at most `membersUpTo`: what most requests
  /// ask for, and without type parameters, which cost as much as a tenth of them.
  package func edit(
    _ context: RequestContext, isLarge: Bool, membersUpTo: Int = .max,
    _ body: @escaping @Sendable (inout Transaction) throws(SCIMError) -> ResourceID?,
    _ completion: @escaping @Sendable (Pending<Result<StoredResource?, SCIMError>>) -> Void
  ) {
    edit(
      context, isLarge: isLarge, body,
      show: { id, edited in id.flatMap { edited.resource($0, membersUpTo: membersUpTo) } }, completion)
  }

  /// The same for a caller that may be kept waiting: what takes long is computed on its thread.
  package func editNow<Value: Sendable, Shown: Sendable>(
    _ context: RequestContext, _ body: (inout Transaction) throws(SCIMError) -> Value,
    show: (Value, EditedState) -> Shown
  ) -> Pending<Result<Shown, SCIMError>> {
    tried(context, body, show) ?? compute(context, body, show)
  }

  /// Nil if the change takes longer than the lock may be held; nothing is changed then.
  private func tried<Value: Sendable, Shown: Sendable>(
    _ context: RequestContext, _ body: (inout Transaction) throws(SCIMError) -> Value,
    _ show: (Value, EditedState) -> Shown
  ) -> Pending<Result<Shown, SCIMError>>? {
    var isExceeded = false
    let edited = locked { (state) throws(SCIMError) in
      let value = try change(&state, context, limit: .held) { tx throws(SCIMError) in
        defer { isExceeded = tx.budget.isExceeded }
        return try body(&tx)
      }
      return show(value, EditedState(state: state.directory))
    }
    return isExceeded ? nil : edited
  }

  private static let tooManyEdits = SCIMError(
    .busy,
    "Too many large changes are waiting. Nothing was changed; try again in a moment.")

  private static let tooBusy = SCIMError(
    .busy,
    "Other clients keep changing the same resources. Nothing was changed; try again in a moment.")

  /// Computes on a copy outside the lock, and commits if nothing made meanwhile conflicts; 503 after some attempts.
  private func compute<Value: Sendable, Shown: Sendable>(
    _ context: RequestContext, _ body: (inout Transaction) throws(SCIMError) -> Value,
    _ show: (Value, EditedState) -> Shown
  ) -> Pending<Result<Shown, SCIMError>> {
    for _ in 0..<Self.attempts {
      let (copy, policies, start) = state.withLock {
        ($0.directory.copy(), $0.description.policies, $0.watched.begin())
      }
      var draft = draft(on: copy, policies, context, limit: .computed) { tx throws(SCIMError) in
        (try body(&tx), .inParts)
      }
      let made = state.withLock { state -> Pending<Result<Shown, SCIMError>>? in
        let meanwhile = state.watched.end(start)
        if draft.change?.conflicts(with: meanwhile) == true { return nil }
        if let change = draft.change, change.records.count > 1 {
          return Pending(.failure(Self.refusal(.tooLarge)), draft.seq, journal)
        }
        if draft.change == nil { context.trace?.note(draft.understanding) }
        let pending = make(&draft, &state)
        countUnkept(draft.understanding, context, &state)
        let edited = EditedState(state: state.directory)
        return pending.map { $0.map { show($0, edited) } }
      }
      if let made { return made }
    }
    return Pending(.failure(Self.tooBusy), 0, journal)
  }
}
