import Platform
package import Storage

/// The events of one directory, read from its log. Reads files: to be called off the event loops.
package final class DirectoryFeed: Sendable {
  package let directory: Directory
  /// The last event up to some records, as far as known.
  private let known = Locked<[UInt64: EventID?]>([:])
  private let waiting: RecordWaiters

  /// Positions whose last event is remembered.
  private static let maxKnown = 4096
  /// Records that are read at once to find the last event.
  private static let lookBack = 64

  init(_ directory: Directory) {
    self.directory = directory
    waiting = RecordWaiters(directory)
  }

  /// Behind the last record that is on disk.
  package var end: EventID { cursor(behind: directory.lastOnDisk) }

  /// Behind a record, without a look at its events.
  package func cursor(behind seq: UInt64) -> EventID { EventID(directory.incarnation, seq, 0) }

  /// The events behind a cursor; from the oldest that is kept if it is nil.
  ///
  /// - Parameters:
  ///   - types: those wanted; empty for all.
  ///   - limit: of events; of a record's events, more may come.
  package func page(
    after cursor: EventID?, types: Set<EventType> = [], limit: Int
  ) throws(FeedError) -> FeedPage {
    let start = directory.incarnationStart
    let oldest = max(start, try reading { () throws(LogError) in try directory.oldestRecord() })
    guard let cursor else {
      return try events(after: oldest - 1, skipping: -1, types, limit)
    }
    guard cursor.incarnation.utf8.elementsEqual(directory.incarnation.utf8), cursor.seq + 1 >= oldest else {
      throw .gone(oldest: try oldestEvent(from: oldest))
    }
    guard cursor.seq <= directory.lastOnDisk else { throw .unknownCursor }
    // The record of the cursor may have more events.
    guard cursor.seq >= oldest else { return try events(after: cursor.seq, skipping: -1, types, limit) }
    return try events(after: cursor.seq - 1, skipping: cursor.index, types, limit)
  }

  /// The last events, in order.
  package func newest(_ limit: Int, types: Set<EventType> = []) throws(FeedError) -> FeedPage {
    let end = directory.lastOnDisk
    var page = FeedPage(next: cursor(behind: end), isAtEnd: true)
    var seq = end
    while page.events.count < limit, seq >= directory.incarnationStart {
      let (records, hasOlder) = try reading { () throws(LogError) in
        try directory.records(upTo: seq, atMost: max(limit, Self.lookBack))
      }
      guard let first = records.first else { break }
      var found = try linked(records.flatMap { events(of: $0) })
      if !types.isEmpty { found.removeAll { !types.contains($0.type) } }
      page.events = found + page.events
      guard hasOlder, first.seq > directory.incarnationStart else { break }
      seq = first.seq - 1
    }
    page.events.removeFirst(max(page.events.count - limit, 0))
    return page
  }

  /// The event of that name; nil if its record is not kept or has no such event.
  package func event(_ id: EventID) throws(FeedError) -> Event? {
    guard id.incarnation.utf8.elementsEqual(directory.incarnation(of: id.seq).utf8), id.seq > 0,
      id.seq <= directory.lastOnDisk
    else { return nil }
    guard let record = try record(id.seq) else { return nil }
    return try linked(events(of: record)).first { $0.id == id }
  }

  /// The events of the records after `seq`, for those who keep their own place; of every incarnation.
  package func stretch(
    after seq: UInt64, records: Int
  ) throws(FeedError) -> (events: [Event], last: UInt64, oldest: UInt64?) {
    let stretch = try reading { () throws(LogError) in
      try directory.records(after: seq, LogStretchLimit(records: records))
    }
    let found = try linked(stretch.records.flatMap { events(of: $0) })
    if let last = found.last { remember(last.id, upTo: stretch.last) }
    return (found, stretch.last, stretch.oldest)
  }

  /// The cursor behind everything up to a record that is on disk: its last event if it has any.
  package func position(behind seq: UInt64) throws(FeedError) -> EventID {
    guard seq > 0 else { return cursor(behind: 0) }
    return cursor(behind: seq, index: try record(seq).flatMap { events(of: $0).last })
  }

  // MARK: Waiting

  /// Calls `body` once, at once or on some thread, when a record after `seq` is on disk. It must be short.
  ///
  /// - Returns: what takes it back; nil if it was called already.
  package func whenWritten(after seq: UInt64, _ body: @escaping @Sendable () -> Void) -> Int? {
    waiting.add(after: seq, body)
  }

  package func forget(_ waiter: Int?) { if let waiter { waiting.remove(waiter) } }

  // MARK: Reading

  func reading<Value>(_ body: () throws(LogError) -> Value) throws(FeedError) -> Value {
    do throws(LogError) { return try body() } catch { throw .log(error) }
  }

  /// The record of that number, from 1; nil if it is not kept.
  private func record(_ seq: UInt64) throws(FeedError) -> LoggedRecord? {
    try reading { () throws(LogError) in
      try directory.records(after: seq - 1, LogStretchLimit(records: 1)).records.first { $0.seq == seq }
    }
  }

  func events(of record: LoggedRecord) -> [Event] {
    RecordEvents(record, incarnation: directory.incarnation(of: record.seq), directory: directory.name).events
  }

  private func events(
    after seq: UInt64, skipping index: Int, _ types: Set<EventType>, _ limit: Int
  ) throws(FeedError) -> FeedPage {
    // One more than the record of the cursor, so that there is progress.
    let stretch = try reading { () throws(LogError) in
      try directory.records(after: seq, LogStretchLimit(records: index >= 0 ? limit + 1 : limit))
    }
    if let oldest = stretch.oldest { throw .gone(oldest: try oldestEvent(from: oldest)) }
    let all = try linked(stretch.records.flatMap { events(of: $0) })
    var page = FeedPage(next: cursor(behind: stretch.last, index: all.last), isAtEnd: stretch.isAtEnd)
    if let last = all.last { remember(last.id, upTo: stretch.last) }
    var found = all[...]
    if index >= 0 { found = found.drop { $0.id.seq == seq + 1 && $0.id.index <= index } }
    // Whole records, so that the cursor is behind one.
    if found.count > limit {
      let cut = found[found.startIndex + limit - 1].id.seq
      let kept = found.prefix { $0.id.seq <= cut }
      if let last = kept.last, kept.count < found.count {
        page.next = last.id
        page.isAtEnd = false
      }
      found = kept
    }
    page.events = types.isEmpty ? Array(found) : found.filter { types.contains($0.type) }
    return page
  }

  private func cursor(behind seq: UInt64, index last: Event?) -> EventID {
    if let last, last.id.seq == seq { return last.id }
    return cursor(behind: seq)
  }

  /// With the ids of the events before them.
  private func linked(_ events: [Event]) throws(FeedError) -> [Event] {
    guard let first = events.first else { return [] }
    var linked = events
    var previous = try lastEvent(upTo: first.id.seq - 1)
    for index in linked.indices {
      linked[index].previousID = previous
      previous = linked[index].id
    }
    return linked
  }

  /// The last event up to a record; nil if it is not kept.
  private func lastEvent(upTo seq: UInt64) throws(FeedError) -> EventID? {
    if let found = known.withLock({ $0[seq] }) { return found }
    var position = seq
    while position > 0 {
      let (records, hasOlder) = try reading { () throws(LogError) in
        try directory.records(upTo: position, atMost: Self.lookBack)
      }
      if let last = records.reversed().lazy.compactMap({ self.events(of: $0).last }).first {
        remember(last.id, upTo: seq)
        return last.id
      }
      guard hasOlder, let first = records.first else { break }
      position = first.seq - 1
    }
    remember(nil, upTo: seq)
    return nil
  }

  private func remember(_ id: EventID?, upTo seq: UInt64) {
    known.withLock { known in
      if known.count >= Self.maxKnown { known.removeAll(keepingCapacity: true) }
      known[seq] = .some(id)
    }
  }

  /// The first event from a record on; nil without one.
  private func oldestEvent(from seq: UInt64) throws(FeedError) -> EventID? {
    var position = seq - 1
    while true {
      let stretch = try reading { () throws(LogError) in
        try directory.records(after: position, LogStretchLimit(records: Self.lookBack))
      }
      if let first = stretch.records.lazy.compactMap({ self.events(of: $0).first }).first { return first.id }
      guard !stretch.isAtEnd, stretch.last > position else { return nil }
      position = stretch.last
    }
  }
}
