import JSON
import Platform
package import SCIM

/// The intact parts of a log, damaged or not; only reads.
///
/// The state is the newest snapshot that is sound, and all good records after it as far as they can be applied.
///
/// A lost record may have given up a userName that a later one took: then two users have it, and which one is meant is
/// not known. Both stay, as the journal has both, and are reported: an administrator deletes or renames one.
package struct LogSurvey {
  let folder: String
  let directory: String
  let catalog: Catalog
  /// Everything known about the directory.
  let state: DirectoryState
  let chain: SegmentChain
  let badSnapshots: [String]
  /// The damage, and the losses.
  package private(set) var report = RepairReport()

  /// Reads the whole log. Throws where a file has a later format, cannot be read by the system, or holds what needs
  /// other schemas: that is no damage.
  package init(
    folder: String, directory: String, catalog: Catalog, options: StoreOptions
  ) throws(StoreError) {
    self.folder = folder
    self.directory = directory
    self.catalog = catalog
    var misfit: String?
    do throws(LogError) {
      let files = try LogFiles(folder)
      let newest = try NewestSnapshot(files, directory, catalog, options)
      state = newest.state
      badSnapshots = newest.bad.map(\.file)
      chain = SegmentChain(segments: try Self.segments(files, directory), base: newest.base)
      for segment in chain.segments {
        if let incarnation = segment.header?.incarnation {
          state.incarnations.begin(incarnation, at: segment.first)
        }
      }
      report.snapshot = newest.base?.seq
      report.damaged = newest.bad + chain.damage
      report.lostRecords = chain.lost
      misfit = newest.misfit
      let other = try redo()
      misfit = misfit ?? other ?? state.misfit
      noteMissingEnd(files)
    } catch {
      throw .log(error)
    }
    if let misfit { throw .schemas(directory: directory, problem: misfit) }
  }

  /// All segments in order, with placeholders for missing ones.
  private static func segments(_ files: LogFiles, _ directory: String) throws(LogError) -> [SegmentSalvage] {
    var segments: [SegmentSalvage] = []
    for (index, first) in files.segments.enumerated() {
      let next = index + 1 < files.segments.count ? files.segments[index + 1] : nil
      if let end = segments.last?.end?.seq, end + 1 < first {
        segments.append(SegmentSalvage(missing: files.segmentPath(end + 1), first: end + 1))
      }
      segments.append(
        try SegmentSalvage(path: files.segmentPath(first), directory: directory, first: first, next: next))
    }
    return segments
  }

  /// Applies as much as possible of all records after the snapshot; returns the data that the schemas do not define.
  private mutating func redo() throws(LogError) -> String? {
    let start = chain.base?.seq ?? 0
    var problem: String?
    for (index, segment) in chain.segments.enumerated() where chain.border(after: index) > start + 1 {
      var lines = try segment.goodLines(before: chain.border(after: index))
      while let (record, line) = try lines.next() {
        guard record.seq > start else { continue }
        do throws(ReplayError) {
          report.lostChanges += try salvage(line, record.seq)
        } catch {
          problem = problem ?? error.description
        }
      }
    }
    let known = chain.segments.indices.last.map { chain.border(after: $0) - 1 } ?? 0
    report.last = max(known, start)
    state.restored(upTo: report.last)
    report.conflicts = state.uniquenessConflicts()
    return problem
  }

  /// The changes of a record that cannot be applied.
  private func salvage(
    _ line: UnsafeRawBufferPointer, _ seq: UInt64
  ) throws(ReplayError) -> [RepairReport.LostChange] {
    guard let record = try? LogEntry.flattened(JSONParser.parse(line, limits: Directory.logLimits)) else {
      return [.init(seq: seq, id: "", reason: "it is not JSON")]
    }
    // By an earlier repair whose snapshot no longer exists.
    guard record["lost"] == nil else { return [.init(seq: seq, id: "", reason: "it was lost before")] }
    return try state.salvage(record, seq: seq).map { .init(seq: seq, id: $0.id, reason: $0.reason) }
  }

  /// A segment begins after every snapshot: if the newest one has none, later records are missing.
  private mutating func noteMissingEnd(_ files: LogFiles) {
    guard let newest = files.snapshots.last, !files.segments.contains(newest + 1) else { return }
    guard (files.segments.last ?? 0) <= newest else { return }
    report.endsAfter = report.last
  }
}

/// The newest sound snapshot's state, empty if no snapshot is sound, and what is wrong with the others.
private struct NewestSnapshot {
  let state: DirectoryState
  private(set) var base: LogPoint?
  private(set) var bad: [(file: String, reason: String)] = []
  /// Attributes and types that the schemas do not define.
  private(set) var misfit: String?

  /// Takes the newest snapshot that can be applied; older ones are verified too.
  init(
    _ files: LogFiles, _ directory: String, _ catalog: Catalog, _ options: StoreOptions
  ) throws(LogError) {
    var newest: DirectoryState?
    for seq in files.snapshots.reversed() {
      let path = files.snapshotPath(seq)
      do throws(LogError) {
        let reader = try SnapshotReader(path: path, directory: directory, seq: seq, checkSHA256: true)
        let state = DirectoryState(catalog: catalog, options: options)
        var pass = try reader.pass()
        while let entry = try pass.next() {
          do throws(ReplayError) { try state.take(.state(entry)) } catch {
            if error.isAboutSchemas { misfit = error.description }
            throw .corrupt(entry.corruption(error.description))
          }
        }
        state.restored(upTo: seq)
        state.incarnations = reader.incarnations
        if newest == nil { (newest, base) = (state, reader.point) }
      } catch .corrupt(let damage) {
        bad.append((path, damage.reason))
      }
    }
    state = newest ?? DirectoryState(catalog: catalog, options: options)
  }
}
