import Platform

/// Reads a directory's log back: the newest good snapshot, then the records after it.
package enum LogReader {
  package enum Mode: Sendable {
    /// Mends what a crash leaves: an incomplete end is cut off, unfinished files are taken away.
    case write
    /// Changes nothing.
    case readOnly
  }

  /// Hands the state of the snapshot to `snapshotLine`, entry by entry, then every later record to `record`.
  ///
  /// Nothing is handed out of a snapshot that does not verify; the one before it is used if every record since is
  /// there. An incomplete end of the last segment is left out, with a warning. All other damage, and anything that
  /// is missing, is an error: what was acknowledged would be lost.
  package static func recover(
    folder: String, directory: String, mode: Mode, io: LogIO = .system,
    snapshotLine: (LogEntry) throws(LogCorruption) -> Void,
    record: (LogEntry) throws(LogCorruption) -> Void
  ) throws(LogError) -> LogTail {
    let files = try LogFiles(folder)
    var tail = LogTail()
    let snapshot = try newestSnapshot(files, directory, &tail.warnings)
    if let snapshot {
      tail.snapshot = snapshot.point.seq
      tail.point = snapshot.point
      tail.entries = snapshot.entries
      tail.snapshotBytes = snapshot.size
      tail.incarnations = snapshot.incarnations
      try snapshot.forEach(snapshotLine)
    }
    try replay(files, directory, &tail, record)
    if mode == .write {
      do { try mend(files, tail, io) } catch { throw .system(file: folder, error) }
    }
    return tail
  }

  /// The newest snapshot that verifies; nil where there never was one, or where the journal is there from record 1.
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

  private static func replay(
    _ files: LogFiles, _ directory: String, _ tail: inout LogTail,
    _ body: (LogEntry) throws(LogCorruption) -> Void
  ) throws(LogError) {
    guard let start = try firstSegment(files, after: tail.point.seq) else { return }
    var rewritten = RewrittenRecords()
    for index in start..<files.segments.count {
      let first = files.segments[index]
      if first != tail.point.seq + 1 { throw .corrupt(gap(files, first, after: tail.point.seq)) }
      var segment = SegmentReader(
        path: files.segmentPath(first), directory: directory, first: first,
        isLast: index == files.segments.count - 1, after: tail.point)
      try segment.read { (entry, _, bytes) throws(LogCorruption) in
        try rewritten.note(entry)
        try body(entry)
        tail.records += 1
        tail.journalBytes += bytes
      }
      rewritten.note(segment)
      tail.point = segment.point
      tail.segment = LogTail.Segment(first: first, size: segment.size, format: segment.format)
      if let incarnation = segment.header?.incarnation { tail.incarnations.begin(incarnation, at: first) }
      if let warning = segment.warning { tail.warnings.append(warning) }
    }
    if let problem = rewritten.problems.first { throw .corrupt(problem) }
  }

  /// The index of the segment that begins after `seq`; nil in a folder that holds nothing at all.
  ///
  /// A segment was begun at every snapshot before it was written, so one that is missing there was lost.
  private static func firstSegment(_ files: LogFiles, after seq: UInt64) throws(LogError) -> Int? {
    if files.segments.isEmpty, files.snapshots.isEmpty { return nil }
    for needed in [seq, files.snapshots.last ?? seq] where !files.segments.contains(needed + 1) {
      throw .corrupt(gap(files, files.segments.first { $0 > needed + 1 }, after: needed))
    }
    return files.segments.firstIndex(of: seq + 1)
  }

  static func gap(_ files: LogFiles, _ next: UInt64?, after seq: UInt64) -> LogCorruption {
    let file = files.segmentPath(seq + 1)
    let found = next.map { "the next file begins with record \($0)" } ?? "no later file is there"
    return LogCorruption(file: file, offset: 0, reason: "record \(seq + 1) is missing, \(found)")
  }

  /// Makes the folder what was read, on disk, so that no state is shown that a power cut could take back.
  private static func mend(_ files: LogFiles, _ tail: LogTail, _ io: LogIO) throws(SystemError) {
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
