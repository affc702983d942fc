import Dispatch
import Platform
import Synchronization

/// The journal of one directory: accepts records in order, writes them to disk in batches, then notifies waiters.
///
/// The owner serializes `append` and `rotate` under its own lock and applies a change to its state after `append`
/// returned; the change may be shown to anyone only when `whenDurable` said so. Space on disk is reserved ahead, so
/// that a full disk is detected by `append` and not by the later write. A failed write or sync is never retried and
/// never acknowledged: the journal stops permanently and calls `onFailure`.
package final class Journal: Sendable {
  private let state: Locked<JournalState>
  private let queue: DispatchQueue
  /// Used only on `queue` after `open`.
  private let writer: JournalWriter
  private let space: JournalSpace
  private let durableSeq: Atomic<UInt64>
  private let meter: LogMeter?
  private let onFailure: @Sendable (SystemError) -> Void

  private init(
    _ writer: JournalWriter, _ space: JournalSpace, label: String, meter: LogMeter?,
    onFailure: @escaping @Sendable (SystemError) -> Void
  ) {
    state = Locked(JournalState(durable: writer.written))
    durableSeq = Atomic(writer.written.seq)
    queue = DispatchQueue(label: "scimd.journal.\(label)")
    self.writer = writer
    self.space = space
    self.meter = meter
    self.onFailure = onFailure
  }

  /// Continues after `tail`, which `LogRecovery` found in the same folder in `.write` mode.
  ///
  /// - Parameters:
  ///   - folder: the directory's folder; its first segment is created if none exists.
  ///   - directory: the name that the headers carry.
  ///   - incarnation: that of the records which are going to be written.
  ///   - meter: counts what is written; nil for none.
  ///   - onFailure: called once, on the writer's queue, when the journal stops; the process should end.
  static func open(
    folder: String, directory: String, tail: LogTail, incarnation: Incarnation, io: LogIO = .system,
    meter: LogMeter? = nil, onFailure: @escaping @Sendable (SystemError) -> Void
  ) throws(JournalError) -> Journal {
    do {
      let space = JournalSpace(io: io, used: tail.snapshotBytes + tail.journalBytes)
      let writer = try JournalWriter(
        folder: folder, directory: directory, tail: tail, incarnation: incarnation, io: io, space: space)
      return Journal(writer, space, label: directory, meter: meter, onFailure: onFailure)
    } catch {
      throw JournalError(error)
    }
  }

  /// The last record that is on disk.
  package var durable: UInt64 { durableSeq.load(ordering: .acquiring) }

  /// The last record that is on disk, with its hash.
  var head: LogPoint { state.withLock { $0.durable } }

  /// Accepted records that are not on disk.
  package var waiting: Int { state.withLock { Int($0.last - durable) } }

  /// The last accepted record.
  package var last: UInt64 { state.withLock { $0.last } }

  /// Accepts a record and gives it the next number. `usesKept` is for changes that must be possible on a full disk; see
  /// `JournalSpace`. Normally makes no system call. On a throw nothing was accepted and no number used.
  @discardableResult
  func append(_ record: JournalRecord, usesKept: Bool = false) throws(JournalError) -> UInt64 {
    try append([record], usesKept: usesKept).upperBound
  }

  /// The same for records of one change, all of them or none; they are written together.
  func append(_ records: [JournalRecord], usesKept: Bool = false) throws(JournalError) -> ClosedRange<UInt64>
  {
    var charge = 0
    for record in records {
      guard record.charge <= RecordLine.maxBytes else { throw .tooLarge }
      charge += record.charge
    }
    // Reserved before it is used, so that a segment that begins in between has space for it.
    try state.withLock { (state) throws(JournalError) in try state.promise(charge) }
    do {
      try spend(charge, usesKept)
    } catch {
      state.withLock { $0.withdraw(charge) }
      throw error
    }
    let (numbers, idle) = try state.withLock { (state) throws(JournalError) in try state.take(records) }
    if idle { queue.async { @Sendable [self] in drain() } }
    return numbers
  }

  /// Throws if the disk has no space for records of this many bytes, or if one of them is too large. The space is taken
  /// now, so that the records find it unless other programs use it meanwhile.
  func makeRoom(for charges: [Int]) throws(JournalError) {
    guard charges.allSatisfy({ $0 <= RecordLine.maxBytes }) else { throw .tooLarge }
    let bytes = charges.reduce(0, +)
    try spend(bytes, false)
    space.refund(bytes)
  }

  /// Takes credit for a record; reserves more blocks if needed, which waits for the disk.
  private func spend(_ bytes: Int, _ usesKept: Bool) throws(JournalError) {
    guard !space.spend(bytes, usesKept: usesKept) else { return }
    do {
      try space.grow(by: bytes, usesKept: usesKept)
    } catch {
      if LogIO.isFull(error) { throw .full }
      queue.async { @Sendable [self] in stop(error) }
      throw .failed
    }
  }

  /// Runs `body` when the record is on disk: at once on this thread if it is, otherwise on the writer's queue.
  ///
  /// Bodies run in the order of the records and must be short. After a failure they never run.
  package func whenDurable(_ seq: UInt64, _ body: @escaping @Sendable () -> Void) {
    if seq > durable, state.withLock({ $0.park(seq, body, failure: nil, durable: durable) }) { return }
    body()
  }

  /// Blocks until the record is on disk; false if the journal failed before that. For threads that must not wait
  /// indefinitely.
  func isDurable(_ seq: UInt64) -> Bool {
    let settled = WorkerPool.Signal()
    let failed = Locked(false)
    let isParked = state.withLock { state in
      state.park(
        seq, { settled.signal() },
        failure: {
          failed.withLock { $0 = true }
          settled.signal()
        }, durable: durable)
    }
    if isParked { settled.wait() }
    return !failed.withLock { $0 }
  }

  /// Lets every record after this call go to a new segment; `completion` runs on the writer's queue. It gets the
  /// position between the segments, once everything before it is on disk: a snapshot of the state at the moment of this
  /// call belongs there. On an error the records continue in the old segment, and no snapshot of that moment may be
  /// written.
  package func rotate(_ completion: @escaping @Sendable (Result<LogPoint, JournalError>) -> Void) {
    do {
      let idle = try state.withLock { (state) throws(JournalError) in try state.takeRotation(completion) }
      if idle { queue.async { @Sendable [self] in drain() } }
    } catch {
      completion(.failure(error))
    }
  }

  /// Accepts no more records, writes all accepted ones to disk, runs waiting bodies, closes the file.
  ///
  /// Blocks; not to be called on the writer's queue.
  package func close() {
    state.withLock { $0.close() }
    queue.sync { @Sendable [self] in
      drain()
      if state.withLock({ $0.refusal }) == .closed { writer.close() }
    }
  }
}

extension Journal {
  /// Writes waiting records, batch after batch, until none is left.
  private func drain() {
    while let work = state.withLock({ $0.nextWork(written: writer.written.seq) }) {
      do {
        switch work {
        case .records(let records, let charge): try commit(records, charge)
        case .rotation(let completion): try startSegment(completion)
        }
      } catch {
        stop(error)
        return
      }
    }
  }

  /// Writes and syncs a batch, then calls those who wait for its records, on the journal's queue.
  private func commit(_ records: [JournalRecord], _ charge: Int) throws(SystemError) {
    let start = meter?.clock() ?? 0
    let bytes = try writer.write(records)
    meter?.count(records: records.count, bytes: bytes, since: start)
    let written = writer.written
    space.refund(charge - bytes)
    let ready = state.withLock { state in
      durableSeq.store(written.seq, ordering: .releasing)
      return state.release(upTo: written)
    }
    for body in ready { body() }
    space.growAhead(written: bytes)
  }

  /// Starts a new segment; a refusal leaves the current one in use.
  private func startSegment(
    _ completion: @Sendable (Result<LogPoint, JournalError>) -> Void
  ) throws(SystemError) {
    let point = writer.written
    do {
      if let refusal = try writer.startSegment(unwritten: { state.withLock { $0.pendingCharge } }) {
        completion(.failure(JournalError(refusal)))
      } else {
        completion(.success(point))
      }
    } catch {
      completion(.failure(.failed))
      throw error
    }
  }

  /// After a failed write: fails everything that waits, and reports the error, once.
  private func stop(_ error: SystemError) {
    guard let waiting = state.withLock({ $0.fail() }) else { return }
    for completion in waiting.rotations { completion(.failure(.failed)) }
    for failure in waiting.failures { failure() }
    onFailure(error)
  }
}
