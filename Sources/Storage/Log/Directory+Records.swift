import Platform

// The log as views read it while the directory is served. Reading files, so it is called off the event loops.
extension Directory {
  /// The records after `seq` that are on disk, in order.
  package func records(after seq: UInt64, _ limit: LogStretchLimit) throws(LogError) -> LogStretch {
    let durable = journal.durable
    var stretch = LogStretch(last: seq)
    var (count, bytes) = (0, 0)
    var isFull: Bool {
      stretch.records.count >= limit.records || count >= limit.read || count > 0 && bytes >= limit.bytes
    }
    let files = try LogFiles(folder)
    guard var index = files.segments.lastIndex(where: { $0 <= seq + 1 }) else {
      stretch.oldest = files.segments.first
      return stretch
    }
    while index < files.segments.count, stretch.last < durable, !isFull {
      var damaged: UInt64?
      do throws(LogError) {
        let walk = SegmentWalk(
          directory: self, first: files.segments[index], path: files.segmentPath(files.segments[index]),
          durable: durable)
        var last = stretch.last
        try walk.read(after: &last) { record, line in
          count += 1
          bytes += line.count
          if !SegmentWalk.isNote(record, line), limit.isWanted?(line) ?? true {
            guard let logged = SegmentWalk.logged(record, line) else {
              damaged = record.seq
              return false
            }
            stretch.records.append(logged)
          }
          return !isFull
        }
        stretch.last = last
      } catch {
        guard case .system(_, let cause) = error, cause.code == LogIO.missing, count == 0 else { throw error }
        // It was given up a moment ago.
        stretch.oldest = try LogFiles(folder).segments.first
        return stretch
      }
      if let damaged {
        throw .corrupt(
          LogCorruption(
            file: files.segmentPath(files.segments[index]), offset: 0, reason: "record \(damaged) is not JSON"
          ))
      }
      index += 1
    }
    stretch.isAtEnd = stretch.last >= durable
    return stretch
  }

  /// The newest records up to `seq`, at most so many, in order; those with nothing but a note are left out.
  package func records(
    upTo seq: UInt64, atMost limit: Int
  ) throws(LogError) -> (records: [LoggedRecord], hasOlder: Bool) {
    let durable = min(seq, journal.durable)
    let files = try LogFiles(folder)
    var found: [LoggedRecord] = []
    for first in files.segments.reversed() where first <= durable && found.count < limit {
      var kept: [(seq: UInt64, hash: Digest256, members: [UInt8])] = []
      let wanted = limit - found.count
      let walk = SegmentWalk(
        directory: self, first: first, path: files.segmentPath(first), durable: durable)
      var last = first - 1
      try walk.read(after: &last) { record, line in
        guard !SegmentWalk.isNote(record, line) else { return true }
        kept.append((record.seq, record.hash, Array(line[record.members])))
        // Half of them at once, so that each is moved once.
        if kept.count >= 2 * wanted { kept.removeFirst(wanted) }
        return true
      }
      found = kept.suffix(wanted).compactMap { SegmentWalk.logged($0.seq, $0.hash, $0.members) } + found
    }
    return (found, (found.first?.seq ?? 0) > (files.segments.first ?? 0))
  }

  /// Calls `body` once a record after `seq` is on disk: at once on this thread, or on the journal's queue, so that it
  /// must be short. Never after a failure of the journal.
  package func whenWritten(after seq: UInt64, _ body: @escaping @Sendable () -> Void) {
    journal.whenDurable(seq + 1, body)
  }

  /// The last record that is on disk.
  package var lastOnDisk: UInt64 { journal.durable }

  /// The oldest record that is kept.
  package func oldestRecord() throws(LogError) -> UInt64 { try LogFiles(folder).segments.first ?? 1 }

  /// The first records of the files that are kept, oldest first.
  package func segmentStarts() throws(LogError) -> [UInt64] { try LogFiles(folder).segments }

  /// The incarnation of a record of the log.
  package func incarnation(of seq: UInt64) -> String {
    state.withLock { $0.directory.incarnations.of(max(seq, 1))?.name } ?? incarnation
  }

  /// The first record of the current incarnation.
  package var incarnationStart: UInt64 {
    state.withLock { $0.directory.incarnations.list.last?.first ?? 1 }
  }
}
