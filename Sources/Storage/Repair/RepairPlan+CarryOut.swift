import Platform
import SCIM

extension RepairPlan {
  /// The result of a repair: its findings and losses, and the new names of the damaged files.
  package struct Outcome {
    package internal(set) var report: RepairReport
    package internal(set) var aside: [String] = []
    /// The segments that were put together, with the hashes of their last records.
    var rewritten: [Change.Rewrite] = []
  }

  /// Renames damaged files first, so that nothing is overwritten; then writes the segments and a new snapshot.
  package func carryOut(io: LogIO = .system) throws(LogError) -> Outcome {
    let suffix = ".damaged-" + DateTime(milliseconds: now).description.filter { $0 != ":" }
    var outcome = Outcome(report: report)
    try LogError.at(survey.folder) { () throws(SystemError) in
      for path in setAside {
        try io.rename(path, path + suffix)
        outcome.aside.append(path + suffix)
      }
    }
    for rewrite in rewrites { try carryOut(rewrite, suffix, &outcome, io) }
    try writeState(try completeErasures(&outcome, io), outcome.rewritten, io)
    try proveOrReduce(suffix, &outcome, io)
    return outcome
  }

  /// The old file has both names for a moment, so that one always exists.
  private func carryOut(
    _ rewrite: Rewrite, _ suffix: String, _ outcome: inout Outcome, _ io: LogIO
  ) throws(LogError) {
    let (segment, path) = (rewrite.segment, rewrite.segment.path)
    let (bytes, hash) = try lines(of: rewrite)
    if segment.format > 1, let hash {
      outcome.rewritten.append(Change.Rewrite(seq: segment.first, digest: hash.text))
    }
    try LogError.at(path) { () throws(SystemError) in
      try io.replace(path, failure: { $0 }) { (file) throws(SystemError) in
        try io.writeAll(file, bytes)
        if !segment.isMissing { try FileSystem.link(path, as: path + suffix) }
      }
    }
    if !segment.isMissing { outcome.aside.append(path + suffix) }
  }

  /// The bytes of a segment with its remaining records, and the hash of the last; nil if none is left.
  private func lines(of rewrite: Rewrite) throws(LogError) -> (bytes: [UInt8], hash: Digest256?) {
    let segment = rewrite.segment
    guard rewrite.border > segment.first else {
      // The new state begins a segment here.
      let point = LogPoint(seq: rewrite.border - 1, hash: rewrite.header.prev)
      return (LogHeader.segment(directory: survey.directory, after: point, incarnation), nil)
    }
    var lines = SalvagedLines(
      rewrite.header, from: segment.first, time: DateTime(milliseconds: now).description)
    var good = try segment.goodLines(before: rewrite.border)
    while let (record, line) = try good.next() { lines.append(record, line) }
    lines.fill(upTo: rewrite.border)
    return (lines.bytes, lines.hash)
  }

  /// Behind the new snapshot no start would know of an erasure that was cut short. Returns the records it rewrites.
  private func completeErasures(
    _ outcome: inout Outcome, _ io: LogIO
  ) throws(LogError) -> [Change.Rewrite] {
    guard !survey.state.erased.isEmpty else { return [] }
    let erasure = LogErasure(
      folder: survey.folder, directory: survey.directory, ids: Set(survey.state.erased.map(\.text)),
      time: DateTime(milliseconds: now).description, io: io)
    let rewrites = try erasure.plan(before: report.last + 1)
    outcome.report.erasedValuesIn = try erasure.run(before: report.last + 1).unreadable
    return rewrites
  }

  /// A snapshot of the state, and the segment that continues after it, with a record of the repair.
  private func writeState(
    _ erased: [Change.Rewrite], _ rewritten: [Change.Rewrite], _ io: LogIO
  ) throws(LogError) {
    let (state, folder) = (survey.state, survey.folder)
    let isChanged = !report.lostRecords.isEmpty || !rewritten.isEmpty || !erased.isEmpty
    guard report.last > 0 || isChanged else { return }
    let isBase = survey.chain.base?.seq == report.last && !isChanged
    if isChanged { state.incarnations.begin(incarnation, at: point.seq + 1) }
    let next = "\(folder)/\(LogName.segment(first: point.seq + 1))"
    try LogError.at(folder) { () throws(SystemError) in
      if !isBase {
        state.forgetExpired(at: now)
        _ = try Snapshot.write(
          state.capture(), to: folder, directory: survey.directory, point: point,
          time: DateTime(milliseconds: now).description, catalog: survey.catalog, io: io)
      }
      if isChanged || !FileSystem.exists(next) {
        let bytes = nextSegment(erased, rewritten, isChanged)
        try io.replace(next, failure: { $0 }) { (file) throws(SystemError) in try io.writeAll(file, bytes) }
      }
      try io.syncDirectory(folder)
    }
  }

  /// A segment that continues from there, in another incarnation if something was lost, with the record of the repair.
  private func nextSegment(
    _ erased: [Change.Rewrite], _ rewritten: [Change.Rewrite], _ isChanged: Bool
  ) -> [UInt8] {
    let state = survey.state
    let current = state.incarnations.current ?? incarnation
    var bytes = LogHeader.segment(directory: survey.directory, after: point, current)
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
  private func proveOrReduce(
    _ suffix: String, _ outcome: inout Outcome, _ io: LogIO
  ) throws(LogError) {
    let found = try LogReport(folder: survey.folder, directory: survey.directory)
    if found.problems.isEmpty { return }
    let files = try LogFiles(survey.folder)
    let paths =
      files.segments.filter { $0 <= report.last }.map(files.segmentPath)
      + files.snapshots.filter { $0 != report.last }.map(files.snapshotPath)
    try LogError.at(survey.folder) { () throws(SystemError) in
      for path in paths {
        try io.rename(path, path + suffix + "-history")
        outcome.aside.append(path + suffix + "-history")
      }
      try io.syncDirectory(survey.folder)
    }
    outcome.report.historyStartsAt = report.last + 1
  }
}
