import JSON
import Platform
import SCIM
import Storage

extension DirectoryFeed {
  /// What the line of a record has that may take a user's access away: other lines need not be parsed.
  private static let marks = ["\"active\":false", "\"delete\":\"User\"", "\"erase\":\"User\""].map {
    Array($0.utf8)
  }

  /// The deactivations and deletions among the records after `seq`, without the ids of the events before them.
  func leavers(after seq: UInt64) throws(FeedError) -> (events: [Event], last: UInt64) {
    var limit = LogStretchLimit(records: 256)
    limit.read = 20_000
    limit.bytes = 64 << 20
    limit.isWanted = { line in Self.marks.contains { ByteSearch.contains(line, $0) } }
    let stretch = try reading { () throws(LogError) in try directory.records(after: seq, limit) }
    if let oldest = stretch.oldest { throw .gone(oldest: EventID(directory.incarnation, oldest, 0)) }
    return (stretch.records.flatMap { events(of: $0) }.filter(\.type.isLeaving), stretch.last)
  }

  /// The first event of a subject from a place on, up to a record; or the last deactivation or deletion of the subject
  /// among them, which supersedes those before it.
  func next(
    of key: String, from place: WebhookLedger.Place, upTo last: UInt64, _ isWanted: (Event) -> Bool
  ) throws(FeedError) -> (event: Event?, skipped: Int) {
    let id = Array((key.split(separator: ":").last ?? "").utf8)
    var found: (event: Event?, skipped: Int) = (nil, 0)
    var position = place.seq > 0 ? place.seq - 1 : 0
    while position < last {
      var limit = LogStretchLimit(records: 256)
      limit.isWanted = { ByteSearch.contains($0, id) }
      let stretch = try reading { () throws(LogError) in try directory.records(after: position, limit) }
      for event in stretch.records.flatMap({ events(of: $0) }) {
        guard event.id.seq <= last, WebhookLedger.Place(event.id) >= place,
          WebhookLedger.key(event).hasSameBytes(as: key), isWanted(event)
        else { continue }
        if found.event == nil {
          found.event = event
        } else if event.type.isLeaving {
          found = (event, found.skipped + 1)
        }
      }
      guard stretch.last > position else { break }
      position = stretch.last
    }
    guard let event = found.event else { return (nil, 0) }
    return (try self.event(event.id), found.skipped)
  }
}

extension DirectoryFeed {
  /// The last record that is older than a time, in milliseconds since 1970; the one before the oldest that is kept if none
  /// is.
  package func record(before time: Int64) throws(FeedError) -> UInt64 {
    let starts = try reading { () throws(LogError) in try directory.segmentStarts() }
    var position = (starts.first ?? 1) - 1
    for start in starts.dropFirst() {
      guard let first = try self.time(after: start - 1), first < time else { break }
      position = start - 1
    }
    while true {
      let stretch = try reading { () throws(LogError) in
        try directory.records(after: position, LogStretchLimit(records: 500))
      }
      if let later = stretch.records.first(where: { Self.time($0) >= time }) { return later.seq - 1 }
      guard !stretch.isAtEnd, stretch.last > position else { return max(stretch.last, position) }
      position = stretch.last
    }
  }

  /// When the first record after another one was written.
  private func time(after seq: UInt64) throws(FeedError) -> Int64? {
    let stretch = try reading { () throws(LogError) in
      try directory.records(after: seq, LogStretchLimit(records: 1))
    }
    return stretch.records.first.map(Self.time)
  }

  private static func time(_ logged: LoggedRecord) -> Int64 {
    logged.record["time"]?.stringValue.flatMap { DateTime($0) }?.milliseconds ?? 0
  }
}
