/// The state that the journal's callers and its writer share, under the journal's lock.
struct JournalState {
  typealias Rotation = @Sendable (Result<LogPoint, JournalError>) -> Void

  /// Whom to tell that a record is on disk, or that it never will be.
  private struct Parked {
    let seq: UInt64
    let body: @Sendable () -> Void
    let failure: (@Sendable () -> Void)?
  }

  enum Work {
    case records([JournalRecord], charge: Int)
    case rotation(Rotation)
  }

  /// Why nothing is taken any more; nil while the journal is open.
  private(set) var refusal: JournalError?
  /// The last accepted record.
  private(set) var last: UInt64
  /// The last record that is on disk.
  private(set) var durable: LogPoint
  /// The bytes that are charged for the pending records and promised to others.
  private(set) var pendingCharge = 0
  private var pending: [JournalRecord] = []
  /// Requested new segments: after which record, and the callback.
  private var rotations: [(after: UInt64, completion: Rotation)] = []
  /// In the order of the records.
  private var parked: [Parked] = []
  /// Whether the writer was called and did not find everything done yet.
  private var isWriting = false

  init(durable: LogPoint) {
    last = durable.seq
    self.durable = durable
  }

  /// Reserves bytes for records that will be accepted.
  mutating func promise(_ charge: Int) throws(JournalError) {
    if let refusal { throw refusal }
    pendingCharge += charge
  }

  mutating func withdraw(_ charge: Int) { pendingCharge -= charge }

  /// The numbers of records that bytes were promised for, and whether the writer has to be called.
  mutating func take(_ records: [JournalRecord]) throws(JournalError) -> (ClosedRange<UInt64>, idle: Bool) {
    if let refusal { throw refusal }
    let first = last + 1
    last += UInt64(records.count)
    pending += records
    return (first...last, wake())
  }

  /// Whether the writer has to be called.
  mutating func takeRotation(_ completion: @escaping Rotation) throws(JournalError) -> Bool {
    if let refusal { throw refusal }
    rotations.append((last, completion))
    return wake()
  }

  /// True if the caller must start the writer, because it is idle.
  private mutating func wake() -> Bool {
    if isWriting { return false }
    isWriting = true
    return true
  }

  /// The records up to the next new segment, or that segment; nil when there is nothing, or nothing allowed.
  mutating func nextWork(written: UInt64) -> Work? {
    guard refusal == nil || refusal == .closed else { return nil }
    if let rotation = rotations.first, rotation.after == written {
      rotations.removeFirst()
      return .rotation(rotation.completion)
    }
    guard !pending.isEmpty else {
      isWriting = false
      return nil
    }
    let count = rotations.first.map { Int($0.after - written) } ?? pending.count
    let records = Array(pending.prefix(count))
    let charge = records.reduce(0) { $0 + $1.charge }
    pending.removeFirst(count)
    pendingCharge -= charge
    return .records(records, charge: charge)
  }

  /// False if the record is already on disk, so there is nothing to wait for.
  mutating func park(
    _ seq: UInt64, _ body: @escaping @Sendable () -> Void, failure: (@Sendable () -> Void)?,
    durable: @autoclosure () -> UInt64
  ) -> Bool {
    if seq <= durable() { return false }
    guard refusal != .failed else {
      failure?()
      return true
    }
    var place = parked.count
    while place > 0, parked[place - 1].seq > seq { place -= 1 }
    parked.insert(Parked(seq: seq, body: body, failure: failure), at: place)
    return true
  }

  /// Takes out whom to tell that everything up to `point` is on disk.
  mutating func release(upTo point: LogPoint) -> [@Sendable () -> Void] {
    durable = point
    let count = parked.firstIndex { $0.seq > point.seq } ?? parked.count
    let ready = parked.prefix(count).map(\.body)
    parked.removeFirst(count)
    return ready
  }

  /// Drops all that waits; gives whom to tell, or nil when it failed before.
  mutating func fail() -> (rotations: [Rotation], failures: [@Sendable () -> Void])? {
    guard refusal != .failed else { return nil }
    refusal = .failed
    pending = []
    pendingCharge = 0
    defer {
      rotations = []
      parked = []
    }
    return (rotations.map(\.completion), parked.compactMap(\.failure))
  }

  mutating func close() {
    if refusal == nil { refusal = .closed }
  }
}
