import JSON
package import Platform
package import SCIM

/// Makes a damaged log one that a server starts on, giving up what cannot be read.
///
/// The state is the newest snapshot that is sound, and all good records after it as far as they can be applied. A damaged
/// segment is written anew with its good records; each record that is missing gets an empty one in its place, which says so
/// (see `ChangeRecord`). Behind all that comes a new snapshot of the state, so that no start has to pass the loss. Every
/// damaged file keeps its bytes under another name. `init` only reads.
///
/// A lost record may have given up a userName that a later one took: then two users have it, and which one is meant is
/// not known. Both stay, as the journal tells of them, and are reported: to delete or to rename is for people.
package struct LogRepair {
  /// More lost records than this in one place are not replaced one by one; the history before them is set aside.
  private static let maxReplaced: UInt64 = 100_000

  package private(set) var report = RepairReport()
  private let folder: String
  private let directory: String
  private let catalog: Catalog
  /// Milliseconds since 1970.
  private let now: Int64
  private let io: LogIO
  private let state: DirectoryState
  private var segments: [SegmentSalvage] = []
  /// The segments that were put together, with the hashes of their last records.
  private var rewritten: [Change.Rewrite] = []
  /// What the log goes on in if something was lost.
  private let incarnation: Incarnation
  private let salt: [UInt8]
  private var badSnapshots: [String] = []
  /// The place of the snapshot that is sound and newest.
  private var base: LogPoint?
  /// What is sound, but not defined by the schemas given.
  private var misfit: String?

  /// Reads the whole log. Throws where a file has a later format, cannot be read by the system, or holds what needs other
  /// schemas: that is no damage.
  package init(
    folder: String, directory: String, catalog: Catalog, options: StoreOptions, environment: Environment
  ) throws(StoreError) {
    try self.init(
      folder: folder, directory: directory, catalog: catalog, options: options, environment: environment,
      io: .system)
  }

  init(
    folder: String, directory: String, catalog: Catalog, options: StoreOptions, environment: Environment,
    io: LogIO
  ) throws(StoreError) {
    self.folder = folder
    self.directory = directory
    self.catalog = catalog
    now = environment.now()
    incarnation = Incarnation(environment)
    salt = environment.randomBytes(JournalRecord.saltBytes)
    self.io = io
    do throws(LogError) {
      let files = try LogFiles(folder)
      let newest = try Self.newestState(files, directory, catalog, options)
      misfit = newest.misfit
      state = newest.state
      base = newest.base
      report.snapshot = base?.seq
      report.damaged = newest.bad
      badSnapshots = newest.bad.map(\.file)
      try readSegments(files)
      noteLosses()
      try redo()
      noteMissingEnd(files)
    } catch {
      throw .log(error)
    }
    if let misfit { throw .schemas(directory: directory, problem: misfit) }
  }

  // MARK: Reading

  /// The newest sound snapshot's state, an empty one where there is none, and what is wrong with the others.
  private struct Newest {
    let state: DirectoryState
    let base: LogPoint?
    let bad: [(file: String, reason: String)]
    let misfit: String?
  }

  private static func newestState(
    _ files: LogFiles, _ directory: String, _ catalog: Catalog, _ options: StoreOptions
  ) throws(LogError) -> Newest {
    var bad: [(file: String, reason: String)] = []
    var newest: (DirectoryState, LogPoint)?
    var misfit: String?
    for seq in files.snapshots.reversed() {
      let path = files.snapshotPath(seq)
      do throws(LogError) {
        let reader = try SnapshotReader(path: path, directory: directory, seq: seq, checkSHA256: true)
        let state = DirectoryState(catalog: catalog, options: options)
        try reader.forEach { (entry) throws(LogCorruption) in
          do throws(ReplayError) {
            try state.restore(line: entry.bytes)
          } catch {
            if error.isAboutSchemas { misfit = error.description }
            throw entry.corruption("\(error)")
          }
        }
        state.restored(upTo: seq)
        state.incarnations = reader.incarnations
        newest = newest ?? (state, reader.point)
      } catch .corrupt(let damage) {
        bad.append((path, damage.reason))
      }
    }
    let state = newest?.0 ?? DirectoryState(catalog: catalog, options: options)
    return Newest(state: state, base: newest?.1, bad: bad, misfit: misfit)
  }

  /// All segments in order, and stand-ins for those that are missing between.
  private mutating func readSegments(_ files: LogFiles) throws(LogError) {
    for (index, first) in files.segments.enumerated() {
      let next = index + 1 < files.segments.count ? files.segments[index + 1] : nil
      if let end = segments.last?.end?.seq, end + 1 < first {
        segments.append(SegmentSalvage(missing: files.segmentPath(end + 1), first: end + 1))
      }
      segments.append(
        try SegmentSalvage(path: files.segmentPath(first), directory: directory, first: first, next: next))
      if let incarnation = segments.last?.header?.incarnation {
        state.incarnations.begin(incarnation, at: first)
      }
    }
    for (index, segment) in segments.enumerated() {
      if let damage = segment.damage {
        report.damaged.append((segment.path, damage))
      } else if index + 1 < segments.count, let next = segments[index + 1].header,
        next.prev != segment.end?.hash
      {
        report.damaged.append((segment.path, "the file after it does not go on from its last record"))
      }
    }
  }

  /// Where the record after a segment stands; for the last one, after its last good record.
  private func border(after index: Int) -> UInt64 {
    if index + 1 < segments.count { return segments[index + 1].first }
    let segment = segments[index]
    return (segment.end?.seq ?? segment.good.last ?? segment.first - 1) + 1
  }

  private mutating func noteLosses() {
    if base == nil, let first = segments.first?.first, first > 1 { lose(1, first - 1) }
    for (index, segment) in segments.enumerated() where segment.end == nil {
      var expected = segment.first
      for seq in segment.good {
        lose(expected, seq - 1)
        expected = seq + 1
      }
      lose(expected, border(after: index) - 1)
    }
  }

  private mutating func lose(_ from: UInt64, _ to: UInt64) {
    if from <= to { report.lostRecords.append(from...to) }
  }

  /// Applies what can be of all records behind the snapshot.
  private mutating func redo() throws(LogError) {
    let start = base?.seq ?? 0
    var lost: [RepairReport.LostChange] = []
    var problem: String?
    for (index, segment) in segments.enumerated() where border(after: index) > start + 1 {
      let state = state
      try segment.forEach(before: border(after: index)) { record, line in
        guard record.seq > start else { return }
        do throws(ReplayError) {
          lost += try Self.salvage(line, record.seq, into: state)
        } catch {
          problem = problem ?? error.description
        }
      }
    }
    misfit = misfit ?? problem
    report.lostChanges = lost
    let known = segments.indices.last.map { border(after: $0) - 1 } ?? 0
    report.last = max(known, start)
    state.restored(upTo: report.last)
    report.conflicts = state.uniquenessConflicts()
  }

  /// What of a record cannot be applied.
  private static func salvage(
    _ line: UnsafeRawBufferPointer, _ seq: UInt64, into state: DirectoryState
  ) throws(ReplayError) -> [RepairReport.LostChange] {
    guard let record = try? LogEntry.flattened(JSONParser.parse(line, limits: Directory.logLimits)) else {
      return [.init(seq: seq, id: "", reason: "it is not JSON")]
    }
    // By an earlier repair whose snapshot is gone.
    guard record["lost"] == nil else { return [.init(seq: seq, id: "", reason: "it was lost before")] }
    return try state.salvage(record, seq: seq).map { .init(seq: seq, id: $0.id, reason: $0.reason) }
  }

  private mutating func noteMissingEnd(_ files: LogFiles) {
    guard let newest = files.snapshots.last, !files.segments.contains(newest + 1) else { return }
    guard (files.segments.last ?? 0) <= newest else { return }
    report.endsAfter = report.last
  }

  // MARK: Writing

  /// Does it. Returns the new names of the damaged files.
  package mutating func run() throws(LogError) -> [String] {
    let suffix = ".damaged-" + DateTime(milliseconds: now).description.filter { $0 != ":" }
    var aside: [String] = []
    do throws(SystemError) {
      for path in badSnapshots {
        try io.rename(path, path + suffix)
        aside.append(path + suffix)
      }
      aside += try setHistoryAside(suffix)
    } catch {
      throw .system(file: folder, error)
    }
    for index in segments.indices where needsRewriting(index) {
      if let name = try rewrite(index, suffix) { aside.append(name) }
    }
    try writeState(try completeErasures())
    return aside + (try proveOrReduce(suffix))
  }

  /// Behind the new snapshot no start would know of an erasure that was cut short. Returns the records it rewrites.
  private mutating func completeErasures() throws(LogError) -> [Change.Rewrite] {
    guard !state.erased.isEmpty else { return [] }
    let erasure = LogErasure(
      folder: folder, directory: directory, ids: Set(state.erased.map(\.text)),
      time: DateTime(milliseconds: now).description, io: io)
    let rewrites = try erasure.plan(before: report.last + 1)
    report.erasedValuesIn = try erasure.run(before: report.last + 1).unreadable
    return rewrites
  }

  /// The hash with which the file behind a segment goes on.
  private func link(after index: Int) -> Digest256 {
    let next = index + 1 < segments.count ? segments[index + 1].header?.prev : nil
    if let hash = next ?? snapshotHash(before: border(after: index)) ?? segments[index].end?.hash {
      return hash
    }
    return border(after: index) == segments[index].first ? link(before: index) : .zero
  }

  /// The hash that a segment goes on from.
  private func link(before index: Int) -> Digest256 {
    if let prev = segments[index].header?.prev { return prev }
    return index > 0 ? link(after: index - 1) : snapshotHash(before: segments[index].first) ?? .zero
  }

  /// The hash with which the state's snapshot says that a record goes on.
  private func snapshotHash(before seq: UInt64) -> Digest256? {
    base.flatMap { $0.seq == seq - 1 ? $0.hash : nil }
  }

  private func needsRewriting(_ index: Int) -> Bool {
    segments[index].end?.hash != link(after: index)
  }

  /// Where a gap is too large to be filled, what comes before it.
  private mutating func setHistoryAside(_ suffix: String) throws(SystemError) -> [String] {
    guard
      let gap = segments.indices.last(where: { index in
        let segment = segments[index]
        return segment.end == nil
          && border(after: index) - segment.first - UInt64(segment.good.count) > Self.maxReplaced
      })
    else { return [] }
    var aside: [String] = []
    for segment in segments[...gap] where FileSystem.exists(segment.path) {
      try io.rename(segment.path, segment.path + suffix)
      aside.append(segment.path + suffix)
    }
    report.historyStartsAt = border(after: gap)
    segments.removeSubrange(...gap)
    return aside
  }

  /// Returns the name that the old file has now; nil where there was none.
  private mutating func rewrite(_ index: Int, _ suffix: String) throws(LogError) -> String? {
    let segment = segments[index]
    let border = border(after: index)
    let prev = link(before: index)
    var header = LogHeader(
      kind: .journal, format: segment.format, directory: directory, number: segment.first, prev: prev)
    if segment.format > 1 {
      header.incarnations.begin(state.incarnations.of(segment.first) ?? incarnation, at: segment.first)
    }
    header.rewritten = LogPoint(seq: border - 1, hash: link(after: index))
    guard border > segment.first else {
      // Not one record is left, and the new state begins a segment here.
      let point = LogPoint(seq: border - 1, hash: prev)
      return try replace(segment, LogHeader.segment(directory: directory, after: point, incarnation), suffix)
    }
    var lines = SalvagedLines(header, from: segment.first, time: DateTime(milliseconds: now).description)
    try segment.forEach(before: border) { record, line in lines.append(record, line) }
    lines.fill(upTo: border)
    if segment.format > 1 {
      rewritten.append(Change.Rewrite(seq: segment.first, digest: lines.hash.text))
    }
    return try replace(segment, lines.bytes, suffix)
  }

  /// The old file has both names for a moment: at no time is there none.
  private func replace(
    _ segment: SegmentSalvage, _ bytes: [UInt8], _ suffix: String
  ) throws(LogError) -> String? {
    let existed = FileSystem.exists(segment.path)
    do throws(SystemError) {
      let temporary = segment.path + ".tmp"
      if FileSystem.exists(temporary) { try io.unlink(temporary) }
      let file = try io.create(temporary)
      try io.writeAll(file, bytes)
      try io.sync(file)
      file.close()
      if existed { try FileSystem.link(segment.path, as: segment.path + suffix) }
      try io.rename(temporary, segment.path)
      try io.syncDirectory(folder)
      return existed ? segment.path + suffix : nil
    } catch {
      throw .system(file: segment.path, error)
    }
  }

  /// A snapshot of the state, and the segment that goes on behind it, with a record of what was done.
  private mutating func writeState(_ erased: [Change.Rewrite]) throws(LogError) {
    let isChanged = !report.lostRecords.isEmpty || !rewritten.isEmpty || !erased.isEmpty
    guard report.last > 0 || isChanged else { return }
    let isBase = base?.seq == report.last && !isChanged
    let known = base?.seq == report.last ? base?.hash : segments.indices.last.map { link(after: $0) }
    let point = LogPoint(seq: report.last, hash: known ?? .zero)
    if isChanged { state.incarnations.begin(incarnation, at: point.seq + 1) }
    let next = "\(folder)/\(LogName.segment(first: point.seq + 1))"
    do throws(SystemError) {
      if !isBase {
        state.forgetExpired(at: now)
        let time = DateTime(milliseconds: now).description
        _ = try Snapshot.write(
          state.capture(), to: folder, directory: directory, point: point, time: time, catalog: catalog,
          io: io)
      }
      if isChanged || !FileSystem.exists(next) {
        try FileSystem.replaceFile(next, lines(after: point, erased, isChanged), mode: 0o600)
      }
      try io.syncDirectory(folder)
    } catch {
      throw .system(file: folder, error)
    }
  }

  /// A segment that goes on from there, in another incarnation if something was lost, with the record of the repair.
  private func lines(after point: LogPoint, _ erased: [Change.Rewrite], _ isChanged: Bool) -> [UInt8] {
    let current = state.incarnations.current ?? incarnation
    var bytes = LogHeader.segment(directory: directory, after: point, current)
    guard isChanged else { return bytes }
    state.incarnations.begin(current, at: point.seq + 1)
    let repair = Change.Repair(lost: report.lostRecords, segments: rewritten)
    let record = ChangeRecord(
      time: now, context: RequestContext(Actor(.command), requestID: "repair", operation: "REPAIR"),
      understanding: Understanding(),
      changes: [.repair(repair)] + (erased.isEmpty ? [] : [.erasure(erased)]))
    _ = RecordLine.append(
      to: &bytes, seq: point.seq + 1, synced: point.seq, prev: point.hash, record.encoded(state, salt: salt))
    return bytes
  }

  /// Reads everything again. Where something still does not fit, the history before the new state is set aside too.
  private mutating func proveOrReduce(_ suffix: String) throws(LogError) -> [String] {
    let report = try LogReader.verify(folder: folder, directory: directory)
    if report.problems.isEmpty { return [] }
    let files = try LogFiles(folder)
    var aside: [String] = []
    let paths =
      files.segments.filter { $0 <= self.report.last }.map(files.segmentPath)
      + files.snapshots.filter { $0 != self.report.last }.map(files.snapshotPath)
    do throws(SystemError) {
      for path in paths {
        try io.rename(path, path + suffix + "-history")
        aside.append(path + suffix + "-history")
      }
      try io.syncDirectory(folder)
    } catch {
      throw .system(file: folder, error)
    }
    self.report.historyStartsAt = self.report.last + 1
    return aside
  }
}
