import JSON
import Platform

/// Removes the values of erased resources from the files of a log, and leaves their ids. First `plan` finds the
/// affected records. Then a record of kind `erasure` is written that lists them with the digests of their new payloads.
/// Then `run` writes a new version of each file and renames it over the old one, so a crash leaves either version
/// complete. Other files do not change: a rewritten record keeps its place in the chain (see `RecordLine`), a snapshot
/// its place in the log. It can be repeated safely.
struct LogErasure {
  let folder: String
  let directory: String
  /// The ids, as text.
  let ids: Set<String>
  /// For the headers of rewritten snapshots.
  let time: String
  var io = LogIO.system

  /// The result.
  struct Outcome: Sendable, Equatable {
    /// Names of the rewritten files.
    var rewritten: [String] = []
    /// Files that may still contain values because they cannot be read, with the reason.
    var unreadable: [String] = []
  }

  /// The rewritten records of the segments before record `next` that contain values to remove.
  func plan(before next: UInt64) throws(LogError) -> [Change.Rewrite] {
    var rewrites: [Change.Rewrite] = []
    let files = try LogFiles(folder)
    for first in files.segments where first < next {
      var reader = segment(files.segmentPath(first), first)
      do throws(LogError) {
        while let (entry, record, _) = try reader.next() {
          guard record.payload != nil, let payload = try erased(entry) else { continue }
          rewrites.append(Change.Rewrite(seq: record.seq, digest: Digest256.of(payload).text))
        }
      } catch {
        // `run` reports files that cannot be read.
        guard case .corrupt = error else { throw error }
      }
    }
    return rewrites
  }

  /// Processes the segments that end before record `next`, and all snapshots.
  func run(before next: UInt64) throws(LogError) -> Outcome {
    let files = try LogFiles(folder)
    var outcome = Outcome()
    for first in files.segments where first < next {
      let path = files.segmentPath(first)
      try attempt(path, LogName.segment(first: first), &outcome) { () throws(LogError) in
        try rewriteSegment(path, first)
      }
    }
    for seq in files.snapshots {
      let path = files.snapshotPath(seq)
      try attempt(path, LogName.snapshot(seq: seq), &outcome) { () throws(LogError) in
        try rewriteSnapshot(path, seq)
      }
    }
    outcome.unreadable += try Self.setAside(in: folder)
    return outcome
  }

  /// Copies of damaged files, from which values cannot be removed.
  static func setAside(in folder: String) throws(LogError) -> [String] {
    do {
      return try FileSystem.list(folder).filter { $0.contains(".jsonl.damaged") }.map { "\(folder)/\($0)" }
    } catch {
      throw .system(file: folder, error)
    }
  }

  /// Counts a file as rewritten, or as unreadable if it is damaged.
  private func attempt(
    _ path: String, _ name: String, _ outcome: inout Outcome, _ body: () throws(LogError) -> Bool
  ) throws(LogError) {
    do throws(LogError) {
      if try body() { outcome.rewritten.append(name) }
    } catch {
      guard case .corrupt = error else { throw error }
      outcome.unreadable.append(path)
    }
  }

  // MARK: Segments

  private func segment(_ path: String, _ first: UInt64) -> SegmentReader {
    SegmentReader(path: path, directory: directory, first: first, isLast: false, after: nil)
  }

  /// False if no values have to be removed.
  private func rewriteSegment(_ path: String, _ first: UInt64) throws(LogError) -> Bool {
    guard let header = try headerOfSegmentWithValues(path, first) else { return false }
    // It keeps its modification time, so that it expires as before.
    let modified = try LogError.at(path) { () throws(SystemError) in try File.open(path, .read).modified }
    try io.replace(path, failure: { .system(file: path, $0) }) { (file) throws(LogError) in
      var buffer = header.sealed()
      // In format 1 the lines have another chain from here on.
      var prev = header.prev
      var reader = segment(path, first)
      while let (entry, record, _) = try reader.next() {
        prev = try append(entry, record, to: &buffer, prev)
        if buffer.count > 1 << 20 { try flush(&buffer, to: file, path) }
      }
      try flush(&buffer, to: file, path)
      try LogError.at(path) { () throws(SystemError) in try file.setModified(modified) }
    }
    return true
  }

  /// The segment's new header; nil if no values have to be removed.
  private func headerOfSegmentWithValues(_ path: String, _ first: UInt64) throws(LogError) -> LogHeader? {
    var reader = segment(path, first)
    var hasValues = false
    while let (entry, _, _) = try reader.next() {
      if !hasValues { hasValues = try erased(entry) != nil }
    }
    guard hasValues, var header = reader.header else { return nil }
    if header.format == 1 { header.rewritten = reader.point }
    return header
  }

  /// The line of a record, without the values if it has some; returns what the next line repeats.
  private func append(
    _ entry: LogEntry, _ record: RecordLine, to buffer: inout [UInt8], _ prev: Digest256
  ) throws(LogError) -> Digest256 {
    let payload = try erased(entry)
    guard record.payload != nil else {
      return RecordLine.appendFormat1(
        to: &buffer, seq: record.seq, synced: record.synced, prev: prev, payload: payload ?? entry.payload)
    }
    guard let payload else {
      // Copied unchanged: the reader has already turned the bytes around the members into braces.
      buffer.append(contentsOf: entry.wholeLine(record))
      return record.hash
    }
    return RecordLine.append(
      to: &buffer, seq: record.seq, synced: record.synced, prev: record.prev, frame: entry.frame,
      commitment: record.commitment, payload: payload)
  }

  private func flush(_ buffer: inout [UInt8], to file: File, _ path: String) throws(LogError) {
    let bytes = buffer
    buffer.removeAll()
    try LogError.at(path) { () throws(SystemError) in try io.writeAll(file, bytes) }
  }

  /// The payload without the values; nil if it has none.
  private func erased(_ entry: LogEntry) throws(LogError) -> [UInt8]? {
    guard mentions(entry.bytes) else { return nil }
    do throws(JSONError) {
      return ErasedRecord.of(try JSONParser.parse(entry.payload, limits: Directory.logLimits), ids)?
        .serialized()
    } catch {
      throw .corrupt(entry.corruption("\(error)"))
    }
  }

  // MARK: Snapshots

  /// False if no values have to be removed.
  private func rewriteSnapshot(_ path: String, _ seq: UInt64) throws(LogError) -> Bool {
    let reader = try SnapshotReader(path: path, directory: directory, seq: seq)
    guard try hasValues(reader) else { return false }
    let writer = try LogError.at(path) { () throws(SystemError) in
      try SnapshotWriter(
        folder: folder, directory: directory, point: reader.point, incarnations: reader.incarnations,
        time: time, io: io)
    }
    var pass = try reader.pass()
    while let entry = try pass.next() {
      let line = try erasedLine(entry) ?? Array(entry.bytes)
      try LogError.at(path) { () throws(SystemError) in try writer.write(line) }
    }
    _ = try LogError.at(path) { () throws(SystemError) in try writer.finish() }
    return true
  }

  /// Whether a snapshot has values of an erased resource. Reads to the end, to verify the checksum.
  private func hasValues(_ snapshot: SnapshotReader) throws(LogError) -> Bool {
    var pass = try snapshot.pass()
    var hasValues = false
    while let entry = try pass.next() {
      if !hasValues { hasValues = try erasedLine(entry) != nil }
    }
    return hasValues
  }

  /// The line of an erased resource without its values; nil for any other.
  private func erasedLine(_ entry: LogEntry) throws(LogError) -> [UInt8]? {
    guard mentions(entry.bytes) else { return nil }
    let line = try parse(entry)
    guard var object = line.objectValue else { return nil }
    if let about = line["about"]?.stringValue, ids.contains(about), line["value"] != [:] {
      object["value"] = [:]
      return JSONValue.object(object).serialized()
    }
    guard let id = line["id"]?.stringValue, ids.contains(id), line["resource"] != [:] else { return nil }
    object["resource"] = [:]
    return JSONValue.object(object).serialized()
  }

  // MARK: Lines

  private func mentions(_ bytes: UnsafeRawBufferPointer) -> Bool {
    ids.contains { ResourceHistory.contains(bytes, Array($0.utf8)) }
  }

  private func parse(_ entry: LogEntry) throws(LogError) -> JSONValue {
    do throws(JSONError) {
      return try JSONParser.parse(entry.bytes, limits: Directory.logLimits)
    } catch {
      throw .corrupt(entry.corruption("\(error)"))
    }
  }
}
