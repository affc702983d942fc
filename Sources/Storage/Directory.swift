import JSON
import Platform
package import SCIM

/// One isolated tenant: its resources, its journal. All access to its state goes through its handle, so code cannot
/// name another tenant's resource. Results come as `Pending`: they may be rendered at once, but are sent only when they
/// are on disk.
package final class Directory: Sendable {
  package let name: String
  package let catalog: Catalog
  let folder: String
  let journal: Journal
  let state: Locked<State>
  let environment: Environment
  let options: StoreOptions
  let workers: WorkerPool
  let io: LogIO
  let report: @Sendable (StoreEvent) -> Void
  let relay: AdministrativeRelay
  /// Where readers of the log were.
  let bookmarks = Locked(LogBookmarks())
  /// The current incarnation of the log: 8 base 62 digits. Cursors of another incarnation are invalid.
  package let incarnation: String

  /// The state protected by the lock.
  struct State {
    let directory: DirectoryState
    /// The directory's description in `_system`.
    var description: DirectoryDescription
    /// Bytes of records since the last snapshot began.
    var journalBytes: Int
    var isSnapshotting = false
    /// Whether memberships of deleted groups are still being removed.
    var isDetaching = false
    /// The number of backups that are reading the files of the log.
    var backups = 0
    /// Notified when the snapshot in progress has ended.
    var waiting: [WorkerPool.Signal] = []
    /// Recent changes by others, against which drafts in progress are checked.
    var watched = WatchedChanges()
    /// The attributes without a schema that clients sent.
    var unkept = UnkeptCounts()
    /// The result of the last erasure in the files.
    var erasure: Directory.ErasureResult?
  }

  /// Reads the log and is ready; throws `StoreError` if it is damaged.
  init(
    name: String, folder: String, catalog: Catalog, options: StoreOptions, environment: Environment,
    workers: WorkerPool, relay: AdministrativeRelay, io: LogIO = .system, meters: StoreMeters? = nil,
    report: @escaping @Sendable (StoreEvent) -> Void
  ) throws(StoreError) {
    let (directory, tail) = try Directory.recover(
      folder, name, catalog, options, io, now: environment.now())
    for warning in tail.warnings { report(.warning("\(warning)")) }
    let incarnation = tail.incarnations.current ?? Incarnation(environment)
    directory.incarnations = tail.incarnations
    directory.incarnations.begin(incarnation, at: tail.point.seq + 1)
    do throws(JournalError) {
      journal = try Journal.open(
        folder: folder, directory: name, tail: tail, incarnation: incarnation, io: io, meter: meters?.log
      ) { error in
        report(.journalStopped(directory: name, reason: error.description))
      }
    } catch {
      throw .journal(folder, error)
    }
    self.name = name
    self.catalog = catalog
    self.folder = folder
    self.environment = environment
    self.options = options
    self.workers = workers
    self.io = io
    self.report = report
    self.relay = relay
    self.incarnation = incarnation.name
    let wasErasing = !directory.erased.isEmpty
    state = Locked(
      State(
        directory: directory, description: DirectoryDescription(name: name), journalBytes: tail.journalBytes),
      meter: meters?.locks)
    // Completes an interrupted erasure.
    if wasErasing { state.withLock { beginSnapshot(&$0) } }
  }

  // MARK: Reading

  /// The resource of that type and id; 404 if it does not exist.
  package func read(
    _ type: ResourceType, _ id: ArraySlice<UInt8>, members: Bool
  ) -> Pending<Result<StoredResource, SCIMError>> {
    let (found, seq): (StoredResource?, UInt64) = state.withLock { state in
      let directory = state.directory
      guard let slot = ResourceID(id).flatMap({ directory.slot(of: $0, type) }),
        let (resource, seq) = directory.stored(slot, membersUpTo: members ? .max : 0)
      else { return (nil, directory.last) }
      return (resource, seq)
    }
    guard let found else {
      let name = "\(type.name) \(String(decoding: id.prefix(64), as: UTF8.self))"
      return Pending(.failure(.notFound(name)), seq, journal)
    }
    return Pending(.success(found), seq, journal)
  }

  /// One page of the resources that match, delivered at once on this thread if indexes can answer, otherwise on a
  /// worker; 503 if too many searches are waiting already.
  package func query(
    _ query: ResourceQuery,
    _ completion: @escaping @Sendable (Pending<Result<ResourcePage, SCIMError>>) -> Void
  ) {
    let (answer, seq) = state.withLock { ($0.directory.answer(query), $0.directory.last) }
    let journal = journal
    switch answer {
    case .page(let page): completion(Pending(.success(page), seq, journal))
    case .work(let capture, let candidates):
      let workers = workers
      let isTaken = workers.submit(for: name) {
        let result = capture.result(query, among: candidates) { workers.isStopping }
        completion(Pending(result, seq, journal))
      }
      if !isTaken { completion(Pending(.failure(Directory.tooManySearches), 0, journal)) }
    }
  }

  static let stopping = SCIMError(
    .stopping,
    "The server is stopping. Try again after it has restarted.")

  static let tooManySearches = SCIMError(
    .busy,
    "Too many full searches are waiting. Try again in a moment.")

  /// Runs work on a worker that would block an event loop too long; returns false and does nothing if too much is
  /// waiting.
  package func beside(_ work: @escaping @Sendable () -> Void) -> Bool { workers.submit(for: name, work) }

  // MARK: Writing

  /// Runs `body` exclusively on the state and writes its changes as one record. The result is the resource that `body`
  /// named, as it is after the change, with its members if there are at most `membersUpTo`; nil for none. An error
  /// leaves nothing behind.
  package func write(
    _ context: RequestContext, membersUpTo: Int = .max,
    _ body: (inout Transaction) throws(SCIMError) -> ResourceID?
  ) -> Pending<Result<StoredResource?, SCIMError>> {
    locked { (state) throws(SCIMError) in
      let id = try change(&state, context, body)
      let directory = state.directory
      return id.flatMap { directory.slots[$0] }.flatMap {
        directory.stored($0, membersUpTo: membersUpTo)?.resource
      }
    }
  }

  /// The same for several operations, each a `step`, that become durable together: one record for all that succeed.
  package func writeTogether<Value: Sendable>(
    _ context: RequestContext, _ body: (inout Transaction) throws(SCIMError) -> Value
  ) -> Pending<Result<Value, SCIMError>> {
    locked { (state) throws(SCIMError) in try change(&state, context, body) }
  }

  /// Runs `body` under the lock; the result can be sent when everything that it may show is on disk.
  func locked<Value: Sendable>(
    _ body: (inout State) throws(SCIMError) -> Value
  ) -> Pending<Result<Value, SCIMError>> {
    let (result, seq): (Result<Value, SCIMError>, UInt64) = state.withLock { state in
      do throws(SCIMError) {
        return (.success(try body(&state)), state.directory.last)
      } catch {
        return (.failure(error), state.directory.last)
      }
    }
    return Pending(result, seq, journal)
  }

  /// The journal accepts the record, and reserves its space, before a change becomes final.
  func change<Value>(
    _ state: inout State, _ context: RequestContext, limit: WorkBudget.Limit = .none,
    _ body: (inout Transaction) throws(SCIMError) -> Value
  ) throws(SCIMError) -> Value {
    var transaction = Transaction(
      state.directory, by: context.actor, policies: state.description.policies, now: environment.now(),
      newID: environment.uuid)
    transaction.budget = WorkBudget(limit, for: .change)
    do throws(SCIMError) {
      let value = try body(&transaction)
      if let idempotency = context.idempotency { transaction.note(idempotency) }
      countUnkept(&transaction, context, &state.unkept)
      guard !transaction.changes.isEmpty else {
        context.trace?.note(transaction.understanding)
        transaction.rollBack()
        return value
      }
      let record = ChangeRecord(
        time: transaction.now, context: context, understanding: transaction.understanding,
        changes: transaction.changes)
      let line = record.encoded(state.directory, salt: environment.randomBytes(JournalRecord.saltBytes))
      let usesKept = Change.takeAway(transaction.changes)
      let seq = try append([line], usesKept: usesKept).upperBound
      let changes = transaction.changes
      context.trace?.note(transaction.understanding, changes, record: seq)
      transaction.commit(seq: seq)
      state.watched.note(changes)
      relay(changes, state.directory)
      tidy(&state)
      charge(line.charge, &state)
      return value
    } catch {
      context.trace?.note(transaction.understanding)
      transaction.rollBack()
      throw error
    }
  }

  /// The work left by a change.
  func tidy(_ state: inout State) {
    beginDetaching(&state)
    state.directory.trimDeleted(to: state.description.policies.quotas)
  }

  /// Counts the bytes of accepted records; starts a snapshot after `snapshotBytes`.
  func charge(_ bytes: Int, _ state: inout State) {
    state.journalBytes += bytes
    if state.journalBytes > options.snapshotBytes { beginSnapshot(&state) }
  }

  /// The numbers of the records; the journal accepts all of them or none.
  func append(_ records: [JournalRecord], usesKept: Bool = false) throws(SCIMError) -> ClosedRange<UInt64> {
    do throws(JournalError) {
      return try journal.append(records, usesKept: usesKept)
    } catch {
      throw Self.refusal(error)
    }
  }

  /// The error for a client if the journal accepts no records.
  static func refusal(_ error: JournalError) -> SCIMError {
    switch error {
    case .full:
      SCIMError(.diskFull, "The server's disk is full. Nothing was changed; reads still work.")
    case .tooLarge:
      SCIMError(.changeTooLarge, "The change is too large for one request. Send it in parts.")
    case .failed, .closed, .system:
      SCIMError(.stopping, "The server is stopping. Nothing was changed; try again.")
    }
  }

  // MARK: Snapshots

  /// Takes a capture and, once all before it is on disk, writes it as a snapshot, off every other thread. Before that
  /// it removes the values of erased resources from the files: a resource in no snapshot is in no file at all.
  func beginSnapshot(_ state: inout State) {
    guard !state.isSnapshotting else { return }
    state.isSnapshotting = true
    state.journalBytes = 0
    state.directory.forgetExpired(at: environment.now())
    let capture = state.directory.capture()
    let erased = state.directory.erased
    journal.rotate { result in
      self.workers.background {
        switch result {
        case .success(let point):
          if self.completeErasure(of: erased, at: point) { self.writeSnapshot(capture, at: point) }
        case .failure(let error): self.report(.warning("no snapshot of \(self.name): \(error)"))
        }
        self.endSnapshot()
      }
    }
  }

  /// Wakes everyone who waits for the snapshot.
  private func endSnapshot() {
    let waiting = state.withLock { state in
      state.isSnapshotting = false
      defer { state.waiting = [] }
      return state.waiting
    }
    for signal in waiting { signal.signal() }
  }

  /// Writes a snapshot, then removes history beyond its retention, unless a backup reads it. A failure is only
  /// reported.
  private func writeSnapshot(_ capture: Capture, at point: LogPoint) {
    do {
      let now = environment.now()
      let size = try Snapshot.write(
        capture, to: folder, directory: name, point: point, time: DateTime(milliseconds: now).description,
        catalog: catalog, io: io)
      let isHeld = state.withLock { $0.backups > 0 }
      let retired =
        isHeld
        ? []
        : try options.historyRetention.retire(from: folder, now: now, io: io)
      report(.snapshot(directory: name, seq: point.seq, bytes: size, retired: retired.count))
    } catch {
      report(.warning("no snapshot of \(name): \(error)"))
    }
  }

  /// Writes everything to disk; the next start reads a fresh snapshot and no records. Blocks.
  func close() {
    while let snapshot = state.withLock({ lastSnapshot(&$0) }) { snapshot.wait() }
    journal.close()
  }

  /// The end of the snapshot in progress, or of one for the records since the last; nil if neither is needed.
  private func lastSnapshot(_ state: inout State) -> WorkerPool.Signal? {
    guard state.isSnapshotting || state.journalBytes > 0 else { return nil }
    let ended = WorkerPool.Signal()
    state.waiting.append(ended)
    beginSnapshot(&state)
    return ended
  }

  /// Accepted records that are not on disk.
  package var waitingRecords: Int { journal.waiting }

  /// Resources by type name, for information.
  package func counts() -> [(type: String, count: Int)] {
    state.withLock { state in
      catalog.types.map { type in
        (type.name, state.directory.entries.count(ofTypes: [state.directory.typeNumber(type)]))
      }
    }
  }
}
