import Platform
package import SCIM

extension Directory {
  /// A change may need several records when it is longer than this, half of what a line may have.
  private static let maxRecordBytes = RecordLine.maxBytes / 2

  /// As `writeTogether`, for a change of any size: `body` also says whether it is wanted at all, else nothing of it is
  /// kept. What is too long for one record becomes several, for which there is room on the disk before the first is
  /// written, and which are written together; a power cut in that moment can leave the first of them.
  ///
  /// Requests wait meanwhile.
  package func importing<Value: Sendable>(
    _ context: RequestContext,
    _ body: (inout Transaction) throws(SCIMError) -> (value: Value, isWanted: Bool)
  ) -> Pending<Result<Value, SCIMError>> {
    let (result, seq): (Result<Value, SCIMError>, UInt64) = state.withLock { state in
      do throws(SCIMError) {
        return (.success(try run(&state, context, body)), state.directory.last)
      } catch {
        return (.failure(error), state.directory.last)
      }
    }
    return Pending(result, seq, journal)
  }

  private func run<Value>(
    _ state: inout State, _ context: RequestContext,
    _ body: (inout Transaction) throws(SCIMError) -> (value: Value, isWanted: Bool)
  ) throws(SCIMError) -> Value {
    var transaction = Transaction(state.directory, now: environment.now(), newID: environment.uuid)
    do throws(SCIMError) {
      let (value, isWanted) = try body(&transaction)
      guard isWanted, !transaction.changes.isEmpty else {
        transaction.abandon()
        return value
      }
      let records = Self.records(transaction, context, transaction.changes[...])
      let bytes = records.reduce(0) { $0 + $1.payload.count }
      try reserve(bytes + records.count * RecordLine.overhead)
      // Each record has a number of its own, with which its changes are made.
      transaction.abandon()
      for record in records {
        let seq = try append(record.payload)
        state.directory.apply(Array(record.changes), seq: seq, time: transaction.now)
      }
      state.journalBytes += bytes
      if state.journalBytes > options.snapshotBytes { beginSnapshot(&state) }
      return value
    } catch {
      transaction.abandon()
      throw error
    }
  }

  /// The changes as one record, or as many as it takes.
  private static func records(
    _ transaction: Transaction, _ context: RequestContext, _ changes: ArraySlice<Change>
  ) -> [(payload: [UInt8], changes: ArraySlice<Change>)] {
    let record = ChangeRecord(
      time: transaction.now, context: context, understanding: transaction.understanding,
      changes: Array(changes))
    let payload = record.encoded()
    guard payload.count > maxRecordBytes, changes.count > 1 else { return [(payload, changes)] }
    let middle = changes.startIndex + changes.count / 2
    return records(transaction, context, changes[..<middle])
      + records(transaction, context, changes[middle...])
  }

  private func reserve(_ bytes: Int) throws(SCIMError) {
    do throws(JournalError) {
      try journal.reserve(bytes)
    } catch {
      throw Self.refusal(error)
    }
  }
}
