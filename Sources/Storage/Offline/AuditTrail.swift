package import JSON
package import Platform

/// The records of a log as an auditor reads them: who did what, when, from where. Values are not part of it.
package struct AuditTrail: Sendable {
  package struct Item: Sendable {
    package let seq: UInt64
    /// The record's chained hash, which everything before it is part of.
    package let hash: Digest256
    /// The members of the record's frame; see `ChangeRecord`.
    package let frame: JSONValue
  }

  /// Newest first.
  package let items: [Item]
  /// Continue before this record; nil if no older ones are kept.
  package let next: UInt64?

  /// Reads segments from the newest on until there are enough records. A server may write meanwhile.
  ///
  /// - Parameters:
  ///   - before: only records with smaller numbers; nil for the newest.
  ///   - isWanted: whether a record is part of the page.
  init(
    folder: String, directory: String, before: UInt64?, limit: Int, _ isWanted: (JSONValue) -> Bool
  ) throws(LogError) {
    precondition(limit > 0, "a page has records")
    let files = try LogFiles(folder)
    var found: [Item] = []
    for (index, first) in files.segments.enumerated().reversed() where first < before ?? .max {
      var segment = SegmentReader(
        path: files.segmentPath(first), directory: directory, first: first,
        isLast: index == files.segments.count - 1, after: nil)
      var ofSegment: [Item] = []
      while let (entry, record, _) = try segment.next(), record.seq < before ?? .max {
        let frame = try Self.frame(entry)
        guard isWanted(frame) else { continue }
        ofSegment.append(Item(seq: record.seq, hash: record.hash, frame: frame))
        // Half of them at once, so that each is moved once.
        if ofSegment.count == 2 * limit { ofSegment.removeFirst(limit) }
      }
      found += ofSegment.reversed().prefix(limit - found.count)
      if found.count == limit { break }
    }
    items = found
    next = found.count == limit ? found.last?.seq : nil
  }

  /// Without the payload, which may be long; records of format 1 have no frame.
  private static func frame(_ entry: LogEntry) throws(LogError) -> JSONValue {
    let frame = entry.frame
    do {
      guard frame.isEmpty else {
        return try JSONParser.parse(
          [UInt8(ascii: "{")] + frame + [UInt8(ascii: "}")], limits: Directory.logLimits)
      }
      var members = try entry.record().objectValue?.members ?? []
      members.removeAll { $0.name.hasSameBytes(as: "changes") }
      return .object(JSONObject(members))
    } catch {
      throw .corrupt(entry.corruption("\(error)"))
    }
  }
}

extension Directory {
  /// A page of the records that are on disk, newest first.
  package func audit(
    before: UInt64?, limit: Int, _ isWanted: (JSONValue) -> Bool
  ) throws(LogError) -> AuditTrail {
    try AuditTrail(folder: folder, directory: name, before: before, limit: limit, isWanted)
  }

  /// Reads the whole log and checks every record and every hash; see `LogReport`.
  package func verification(anchoredAt hash: Digest256?) throws(LogError) -> LogReport {
    try LogReport(folder: folder, directory: name, anchoredAt: hash)
  }

  /// The newest record that is on disk, with its hash: whoever keeps that can prove later that nothing before it was
  /// changed.
  package var head: LogPoint { journal.head }
}
