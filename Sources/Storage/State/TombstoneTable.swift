import JSON
import SCIM

/// The deleted resources of a directory in order of deletion, in pages as `EntryTable` has them; found by id and by
/// account without a scan.
struct TombstoneTable: Sendable {
  private static let pageSize = 256

  /// How long one is kept, in milliseconds.
  let retention: Int64
  private var pages: [[Tombstone?]] = []
  /// Bytes of all documents.
  private(set) var documentBytes = 0
  /// Pages that were dropped from the front.
  private var droppedPages = 0
  /// No tombstone exists before this position.
  private var start: Slot = 0
  private var end: Slot = 0
  private var positions: [ResourceID: Slot] = [:]
  /// By type, folded userName and externalId.
  private var accounts = EqualityIndex()

  init(retention: Int64) { self.retention = retention }

  /// Shares the tombstones of `other`, to be walked through; nothing can be looked up in it.
  init(capturing other: TombstoneTable) {
    retention = other.retention
    pages = other.pages
    documentBytes = other.documentBytes
    droppedPages = other.droppedPages
    start = other.start
    end = other.end
  }

  var count: Int { positions.count }

  /// Positions at which there may be a tombstone.
  var range: Range<Slot> { start..<end }

  /// The tombstone at a position of `range`.
  subscript(position: Slot) -> Tombstone? {
    pages[Int(position) / Self.pageSize - droppedPages][Int(position) % Self.pageSize]
  }

  subscript(id: ResourceID) -> Tombstone? { positions[id].flatMap { self[$0] } }

  func isExpired(_ tombstone: Tombstone, at now: Int64) -> Bool {
    let (age, overflow) = now.subtractingReportingOverflow(tombstone.deleted)
    return overflow || age >= retention
  }

  /// Keeps a deleted resource, in place of an earlier one with its id; keeps none without retention.
  mutating func append(_ tombstone: Tombstone) {
    guard retention > 0 else { return }
    remove(tombstone.id)
    if Int(end) % Self.pageSize == 0 { pages.append([]) }
    pages[pages.count - 1].append(tombstone)
    documentBytes += tombstone.body.bytes.count
    positions[tombstone.id] = end
    if let key = Self.key(tombstone.type, tombstone.account) {
      accounts.insert(end, key)
    }
    end += 1
  }

  /// Harmless for an id that is not in the table.
  mutating func remove(_ id: ResourceID) {
    guard let position = positions.removeValue(forKey: id), let tombstone = self[position] else { return }
    if let key = Self.key(tombstone.type, tombstone.account) {
      accounts.remove(position, key)
    }
    documentBytes -= tombstone.body.bytes.count
    pages[Int(position) / Self.pageSize - droppedPages][Int(position) % Self.pageSize] = nil
  }

  /// Adds a member or group to a kept resource; does nothing if no resource with that id is kept.
  mutating func connect(_ id: ResourceID, group: ResourceID? = nil, member: ResourceID? = nil) {
    guard let position = positions[id] else { return }
    let page = Int(position) / Self.pageSize - droppedPages
    if let group { pages[page][Int(position) % Self.pageSize]?.groups.append(group) }
    if let member { pages[page][Int(position) % Self.pageSize]?.members.append(member) }
  }

  /// The tombstone and its position.
  func find(_ id: ResourceID) -> (position: Slot, tombstone: Tombstone)? {
    positions[id].flatMap { position in self[position].map { (position, $0) } }
  }

  /// Takes an append back.
  mutating func removeLast() {
    guard end > start, let last = self[end - 1] else { return }
    remove(last.id)
    end -= 1
    pages[pages.count - 1].removeLast()
    if pages[pages.count - 1].isEmpty { pages.removeLast() }
  }

  /// Undoes a removal.
  mutating func putBack(_ tombstone: Tombstone, _ position: Slot) {
    // Its memberships may have changed in the meantime; its document has not.
    if self[position] == nil { documentBytes += tombstone.body.bytes.count }
    pages[Int(position) / Self.pageSize - droppedPages][Int(position) % Self.pageSize] = tombstone
    positions[tombstone.id] = position
    if let key = Self.key(tombstone.type, tombstone.account) {
      accounts.insert(position, key)
    }
  }

  /// Removes resources deleted too long ago; the oldest come first, so that the others are not read.
  mutating func removeExpired(at now: Int64) {
    while start < end {
      if let tombstone = self[start] {
        guard isExpired(tombstone, at: now) else { return }
        remove(tombstone.id)
      }
      advance()
    }
  }

  /// Takes away the one that was deleted first.
  mutating func removeOldest() {
    while start < end {
      let oldest = self[start]
      if let oldest { remove(oldest.id) }
      advance()
      if oldest != nil { return }
    }
  }

  /// Drops the oldest one, and its page if that was the last on it.
  private mutating func advance() {
    start += 1
    guard Int(start) % Self.pageSize == 0 else { return }
    pages.removeFirst()
    droppedPages += 1
  }

  /// The one that was last deleted of those with the document's userName and externalId.
  func matching(_ document: Document, _ type: UInt8, at now: Int64) -> Tombstone? {
    guard count > 0, let account = Tombstone.account(document), let key = Self.key(type, account) else {
      return nil
    }
    for position in accounts.candidates(key).reversed() {
      guard let tombstone = self[position], tombstone.type == type, !isExpired(tombstone, at: now),
        let other = tombstone.account, other.userName == account.userName,
        other.externalId == account.externalId
      else { continue }
      return tombstone
    }
    return nil
  }

  /// The key of userName and externalId together, separated by a NUL.
  private static func key(_ type: UInt8, _ account: Tombstone.Account?) -> EqualityIndex.Key? {
    account.map {
      EqualityIndex.Key(Int(type), TextKey(exact: "\($0.userName.text)\u{0}\($0.externalId.text)"))
    }
  }
}
