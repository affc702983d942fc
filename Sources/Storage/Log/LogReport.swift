package import Platform

/// The content of a whole log, and its damage.
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
  /// The chained hash of the newest record; zeros for none.
  package var head = Digest256.zero
  /// The record whose hash was asked for; nil if none of those that are kept has it.
  package var anchor: UInt64?
  /// Damage that the next start would repair.
  package var warnings: [LogWarning] = []
  /// Damaged and missing parts; a start may still succeed if only history or an older snapshot is affected.
  package var problems: [LogCorruption] = []
  private var wanted: Digest256?
}

extension LogReport {
  /// Reads every byte of every file, history and older snapshots too, and changes nothing. Damage is reported; a later
  /// format and failed system calls are thrown.
  /// - Parameter hash: of a record to look for: it was noted when that record was the newest.
  package init(folder: String, directory: String, anchoredAt hash: Digest256? = nil) throws(LogError) {
    wanted = hash
    let files = try LogFiles(folder)
    var points: [LogPoint] = []
    for seq in files.snapshots {
      do throws(LogError) {
        points.append(try readSnapshot(files.snapshotPath(seq), directory, seq))
      } catch .corrupt(let damage) {
        problems.append(damage)
      }
    }
    try readSegments(files, directory, points)
    if let newest = files.snapshots.last, !files.segments.contains(newest + 1) {
      problems.append(files.gap(before: nil, after: newest))
    }
  }

  /// Verifies a whole snapshot, and returns the place it was taken at.
  private mutating func readSnapshot(
    _ path: String, _ directory: String, _ seq: UInt64
  ) throws(LogError) -> LogPoint {
    let snapshot = try SnapshotReader(path: path, directory: directory, seq: seq, checkSHA256: true)
    var pass = try snapshot.pass()
    while try pass.next() != nil {}
    snapshots.append(Snapshot(seq: seq, entries: snapshot.entries, bytes: snapshot.size))
    // The records up to here may no longer be kept.
    if snapshot.point.hash == wanted { anchor = snapshot.point.seq }
    return snapshot.point
  }

  /// Verifies all segments; damage in one does not stop the others.
  private mutating func readSegments(
    _ files: LogFiles, _ directory: String, _ points: [LogPoint]
  ) throws(LogError) {
    var point: LogPoint? = files.segments.first == 1 ? .start : nil
    var rewritten = RewrittenRecords()
    for (index, first) in files.segments.enumerated() {
      if let seq = point?.seq, first != seq + 1 {
        problems.append(files.gap(before: first, after: seq))
        point = nil
      }
      var segment = SegmentReader(
        path: files.segmentPath(first), directory: directory, first: first,
        isLast: index == files.segments.count - 1, after: point)
      do throws(LogError) {
        try read(&segment, &rewritten, points)
      } catch .corrupt(let damage) {
        problems.append(damage)
        point = nil
        continue
      }
      point = segment.point
    }
    problems += rewritten.problems
  }

  /// Verifies one segment, also against the places at which snapshots were taken.
  private mutating func read(
    _ segment: inout SegmentReader, _ rewrittenRecords: inout RewrittenRecords, _ points: [LogPoint]
  ) throws(LogError) {
    var hasRewritten = false
    var stranger: (seq: UInt64, damage: LogCorruption)?
    while let (entry, record, bytes) = try segment.next() {
      if points.contains(where: { $0.seq == record.seq && $0.hash != record.hash }) {
        let reason = "record \(record.seq) is not the one that the snapshot includes"
        stranger = stranger ?? (record.seq, entry.corruption(reason))
      }
      do throws(LogCorruption) { try rewrittenRecords.note(entry) } catch { throw .corrupt(error) }
      if record.isRewritten { hasRewritten = true }
      if record.hash == wanted { anchor = record.seq }
      if first == 0 { first = record.seq }
      records += 1
      journalBytes += bytes
    }
    // The last record of a rewritten segment has another hash than when the snapshot was taken.
    if let stranger, stranger.seq != segment.header?.rewritten?.seq || !Self.fits(segment.point, points) {
      throw .corrupt(stranger.damage)
    }
    rewrittenRecords.note(segment)
    segments += 1
    if hasRewritten || segment.header?.rewritten != nil { rewritten += 1 }
    if segment.point.seq > last { (last, head) = (segment.point.seq, segment.point.hash) }
    if let warning = segment.warning { warnings.append(warning) }
  }

  private static func fits(_ point: LogPoint, _ points: [LogPoint]) -> Bool {
    points.allSatisfy { $0.seq != point.seq || $0.hash == point.hash }
  }
}
