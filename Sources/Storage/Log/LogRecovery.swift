import Platform

/// Reads a directory's log back: the entries of the newest snapshot that verifies, then every record after it. A
/// snapshot that does not verify is not used; the one before it is used if every record since exists. An incomplete end
/// of the last segment is left out, with a warning. All other damage, and anything that is missing, is an error: what
/// was acknowledged would be lost.
package struct LogRecovery {
  package enum Mode: Sendable {
    /// Repairs the remains of a crash: an incomplete end is cut off, unfinished files are removed.
    case write
    /// Changes nothing.
    case readOnly
  }

  /// The next entry of the log; valid until the following one is requested.
  package enum Item {
    /// An entry of the snapshot.
    case state(LogEntry)
    case record(LogEntry)

    package var entry: LogEntry {
      switch self {
      case .state(let entry), .record(let entry): entry
      }
    }
  }

  private let files: LogFiles
  private let directory: String
  private var tail = LogTail()
  private var snapshot: SnapshotReader.Pass?
  private var segment: SegmentReader?
  /// The places of the segments after the current one.
  private var rest: Range<Int>
  private var rewritten = RewrittenRecords()

  /// Chooses the newest snapshot that verifies; reads no records yet.
  package init(folder: String, directory: String) throws(LogError) {
    files = try LogFiles(folder)
    self.directory = directory
    rest = 0..<0
    if let newest = try Self.newestSnapshot(files, directory, &tail.warnings) {
      tail.snapshot = newest.point.seq
      tail.point = newest.point
      tail.entries = newest.entries
      tail.snapshotBytes = newest.size
      tail.incarnations = newest.incarnations
      snapshot = try newest.pass()
    }
    guard let start = try files.segment(after: tail.point.seq) else { return }
    rest = start..<files.segments.count
  }

  /// Nil at the end of the log.
  package mutating func next() throws(LogError) -> Item? {
    if let entry = try snapshot?.next() { return .state(entry) }
    snapshot = nil
    while true {
      if segment == nil, try !openSegment() { return nil }
      if let (entry, _, bytes) = try segment?.next() {
        do throws(LogCorruption) { try rewritten.note(entry) } catch { throw .corrupt(error) }
        tail.records += 1
        tail.journalBytes += bytes
        return .record(entry)
      }
      closeSegment()
    }
  }

  /// Where the log ends; to be asked for when there is nothing next. With `.write` the folder is made what was read, on
  /// disk.
  package func end(_ mode: Mode, io: LogIO = .system) throws(LogError) -> LogTail {
    if mode == .write {
      do throws(SystemError) { try mend(io) } catch { throw .system(file: files.folder, error) }
    }
    return tail
  }

  // MARK: Files

  /// The newest snapshot that verifies; nil if there never was one, or if the journal begins with record 1.
  private static func newestSnapshot(
    _ files: LogFiles, _ directory: String, _ warnings: inout [LogWarning]
  ) throws(LogError) -> SnapshotReader? {
    var newestDamage: LogCorruption?
    for seq in files.snapshots.reversed() {
      do throws(LogError) {
        return try SnapshotReader(path: files.snapshotPath(seq), directory: directory, seq: seq)
      } catch .corrupt(let damage) {
        newestDamage = newestDamage ?? damage
        warnings.append(
          LogWarning(
            file: damage.file, offset: damage.offset, message: "\(damage.reason); an older one is used"))
      }
    }
    if let newestDamage, files.segments.first != 1 { throw .corrupt(newestDamage) }
    return nil
  }

  /// False if no other segment exists; then everything must be accounted for.
  private mutating func openSegment() throws(LogError) -> Bool {
    guard let index = rest.popFirst() else {
      if let problem = rewritten.problems.first { throw .corrupt(problem) }
      return false
    }
    let first = files.segments[index]
    if first != tail.point.seq + 1 { throw .corrupt(files.gap(before: first, after: tail.point.seq)) }
    segment = SegmentReader(
      path: files.segmentPath(first), directory: directory, first: first, isLast: rest.isEmpty,
      after: tail.point)
    return true
  }

  /// Takes over what the segment says about the end of the log.
  private mutating func closeSegment() {
    guard let segment = segment.take() else { return }
    rewritten.note(segment)
    tail.point = segment.point
    tail.segment = LogTail.Segment(first: segment.first, size: segment.size, format: segment.format)
    if let incarnation = segment.header?.incarnation {
      tail.incarnations.begin(incarnation, at: segment.first)
    }
    if let warning = segment.warning { tail.warnings.append(warning) }
  }

  /// Brings the folder on disk to the state that was read, so that no state is shown that a power cut could undo.
  private func mend(_ io: LogIO) throws(SystemError) {
    for temporary in files.temporaries { try io.unlink(temporary) }
    if let segment = tail.segment {
      let file = try File.open(files.segmentPath(segment.first), .readWrite(create: false))
      if try file.size != segment.size { try io.truncate(file, segment.size) }
      try io.sync(file)
    }
    for seq in files.snapshots where seq > tail.snapshot ?? 0 {
      try io.rename(files.snapshotPath(seq), files.snapshotPath(seq) + ".damaged")
    }
    try io.syncDirectory(files.folder)
  }
}
