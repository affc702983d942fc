/// What a whole log holds, and all that is wrong with it.
package struct LogReport: Sendable, Equatable {
  package struct Snapshot: Sendable, Equatable {
    package let seq: UInt64
    package let entries: Int
    package let bytes: Int
  }

  /// The snapshots whose CRC32C and SHA-256 are right, oldest first.
  package var snapshots: [Snapshot] = []
  package var segments = 0
  /// Segments that an erasure or a repair wrote again.
  package var rewritten = 0
  package var records = 0
  /// Bytes of the segments' good lines.
  package var journalBytes = 0
  /// The numbers of the oldest and the newest record; 0 for none.
  package var first: UInt64 = 0
  package var last: UInt64 = 0
  /// What the next start would mend.
  package var warnings: [LogWarning] = []
  /// What is damaged or missing; a start may still succeed where only history or an older snapshot is.
  package var problems: [LogCorruption] = []
}

extension LogReader {
  /// Reads every byte of every file, history and older snapshots too, and changes nothing.
  ///
  /// `record` sees every good record from the oldest on. Damage goes into the report; thrown are a later format
  /// and failed system calls.
  package static func verify(
    folder: String, directory: String, record: (LogEntry) throws(LogCorruption) -> Void = { _ in }
  ) throws(LogError) -> LogReport {
    let files = try LogFiles(folder)
    var report = LogReport()
    var points: [LogPoint] = []
    for seq in files.snapshots {
      do throws(LogError) {
        let path = files.snapshotPath(seq)
        let snapshot = try SnapshotReader(path: path, directory: directory, seq: seq, checkSHA256: true)
        try snapshot.forEach { _ in }
        report.snapshots.append(.init(seq: seq, entries: snapshot.entries, bytes: snapshot.size))
        points.append(snapshot.point)
      } catch .corrupt(let damage) {
        report.problems.append(damage)
      }
    }
    try verifySegments(files, directory, points, &report, record)
    if let newest = files.snapshots.last, !files.segments.contains(newest + 1) {
      report.problems.append(gap(files, nil, after: newest))
    }
    return report
  }

  private static func verifySegments(
    _ files: LogFiles, _ directory: String, _ points: [LogPoint], _ report: inout LogReport,
    _ body: (LogEntry) throws(LogCorruption) -> Void
  ) throws(LogError) {
    var point: LogPoint? = files.segments.first == 1 ? .start : nil
    var rewritten = RewrittenRecords()
    for (index, first) in files.segments.enumerated() {
      if let seq = point?.seq, first != seq + 1 {
        report.problems.append(gap(files, first, after: seq))
        point = nil
      }
      var segment = SegmentReader(
        path: files.segmentPath(first), directory: directory, first: first,
        isLast: index == files.segments.count - 1, after: point)
      var hasRewritten = false
      var stranger: (seq: UInt64, damage: LogCorruption)?
      do throws(LogError) {
        try segment.read { (entry, record, bytes) throws(LogCorruption) in
          if points.contains(where: { $0.seq == record.seq && $0.hash != record.hash }) {
            let reason = "record \(record.seq) is not the one that the snapshot includes"
            stranger = stranger ?? (record.seq, entry.corruption(reason))
          }
          try rewritten.note(entry)
          if record.isRewritten { hasRewritten = true }
          try body(entry)
          if report.first == 0 { report.first = record.seq }
          report.records += 1
          report.journalBytes += bytes
        }
        // The last record of a rewritten segment has another checksum than when the snapshot was taken.
        if let stranger, stranger.seq != segment.header?.rewritten?.seq || !fits(segment.point, points) {
          throw .corrupt(stranger.damage)
        }
      } catch .corrupt(let damage) {
        report.problems.append(damage)
        point = nil
        continue
      }
      rewritten.note(segment)
      report.segments += 1
      if hasRewritten || segment.header?.rewritten != nil { report.rewritten += 1 }
      report.last = max(report.last, segment.point.seq)
      if let warning = segment.warning { report.warnings.append(warning) }
      point = segment.point
    }
    report.problems += rewritten.problems
  }

  private static func fits(_ point: LogPoint, _ points: [LogPoint]) -> Bool {
    points.allSatisfy { $0.seq != point.seq || $0.hash == point.hash }
  }
}
