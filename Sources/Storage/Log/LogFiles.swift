import Platform

/// The log files in a directory's folder, oldest first.
struct LogFiles {
  let folder: String
  /// The numbers in the names of the journal's segments.
  private(set) var segments: [UInt64] = []
  /// The numbers in the names of the snapshots.
  private(set) var snapshots: [UInt64] = []
  /// Names of files that were not finished.
  private(set) var temporaries: [String] = []

  init(_ folder: String) throws(LogError) {
    self.folder = folder
    let names: [String]
    do { names = try FileSystem.list(folder) } catch { throw .system(file: folder, error) }
    for name in names {
      if let first = LogName.segmentFirst(name) { segments.append(first) }
      if let seq = LogName.snapshotSeq(name) { snapshots.append(seq) }
      if name.hasSuffix(".jsonl.tmp") { temporaries.append("\(folder)/\(name)") }
    }
    segments.sort()
    snapshots.sort()
  }

  func segmentPath(_ first: UInt64) -> String { "\(folder)/\(LogName.segment(first: first))" }
  func snapshotPath(_ seq: UInt64) -> String { "\(folder)/\(LogName.snapshot(seq: seq))" }

  /// The place of the segment that begins after `seq`; nil in a folder that holds nothing at all.
  ///
  /// A segment was begun at every snapshot before it was written, so one that is missing there was lost.
  func segment(after seq: UInt64) throws(LogError) -> Int? {
    if segments.isEmpty, snapshots.isEmpty { return nil }
    for needed in [seq, snapshots.last ?? seq] where !segments.contains(needed + 1) {
      throw .corrupt(gap(before: segments.first { $0 > needed + 1 }, after: needed))
    }
    return segments.firstIndex(of: seq + 1)
  }

  /// The error if the next file does not begin with the record after `seq`.
  func gap(before next: UInt64?, after seq: UInt64) -> LogCorruption {
    let found = next.map { "the next file begins with record \($0)" } ?? "no later file exists"
    return LogCorruption(
      file: segmentPath(seq + 1), offset: 0, reason: "record \(seq + 1) is missing, \(found)")
  }
}
