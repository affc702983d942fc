import Platform

/// What is in a directory's folder, oldest first.
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
}
