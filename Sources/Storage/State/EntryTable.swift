/// The entries of a directory by slot, in pages: a copy shares them all, and a change then copies one page only.
struct EntryTable: Sendable {
  private static let pageSize = 256

  private var pages: [[Entry?]] = []
  /// Entries of each type in each page, for finding the n-th one without reading the others.
  private var counts: [[UInt16]] = []
  /// The ordinal of the first entry that was put on each page.
  private var starts: [UInt64] = []
  private(set) var end: Slot = 0
  private(set) var lastOrdinal: UInt64 = 0
  private(set) var count = 0
  /// Bytes of all documents.
  private(set) var documentBytes = 0
  private let typeCount: Int

  init(typeCount: Int) { self.typeCount = typeCount }

  subscript(slot: Slot) -> Entry? { pages[Int(slot) / Self.pageSize][Int(slot) % Self.pageSize] }

  /// The id of the entry there, or nil.
  func id(at slot: Slot) -> ResourceID? { pages[Int(slot) / Self.pageSize][Int(slot) % Self.pageSize]?.id }

  /// The entry's ordinal is the lowest it may have.
  mutating func append(_ entry: Entry) -> Slot {
    var entry = entry
    entry.ordinal = max(entry.ordinal, lastOrdinal + 1)
    lastOrdinal = entry.ordinal
    if Int(end) % Self.pageSize == 0 {
      var page: [Entry?] = []
      page.reserveCapacity(Self.pageSize)
      pages.append(page)
      counts.append([UInt16](repeating: 0, count: typeCount))
      starts.append(entry.ordinal)
    }
    pages[pages.count - 1].append(entry)
    counts[counts.count - 1][Int(entry.type)] += 1
    count += 1
    documentBytes += entry.body.bytes.count
    end += 1
    return end - 1
  }

  /// Harmless for a slot without an entry; slots are never used again.
  mutating func remove(_ slot: Slot) {
    let page = Int(slot) / Self.pageSize
    guard let entry = pages[page][Int(slot) % Self.pageSize] else { return }
    counts[page][Int(entry.type)] -= 1
    count -= 1
    documentBytes -= entry.body.bytes.count
    pages[page][Int(slot) % Self.pageSize] = nil
  }

  /// Undoes an append: removes the last slot, whose entry exists.
  mutating func removeLast(lastOrdinal ordinal: UInt64) {
    guard end > 0 else { return }
    remove(end - 1)
    end -= 1
    lastOrdinal = ordinal
    pages[pages.count - 1].removeLast()
    guard pages[pages.count - 1].isEmpty else { return }
    pages.removeLast()
    counts.removeLast()
    starts.removeLast()
  }

  /// Undoes a removal.
  mutating func putBack(_ entry: Entry, _ slot: Slot) {
    let page = Int(slot) / Self.pageSize
    counts[page][Int(entry.type)] += 1
    count += 1
    documentBytes += entry.body.bytes.count
    pages[page][Int(slot) % Self.pageSize] = entry
  }

  /// The same for one whose document may change.
  mutating func updateDocument(_ slot: Slot, _ change: (inout Entry) -> Void) {
    documentBytes -= self[slot]?.body.bytes.count ?? 0
    update(slot, change)
    documentBytes += self[slot]?.body.bytes.count ?? 0
  }

  /// Changes an entry in place, but not its document.
  mutating func update(_ slot: Slot, _ change: (inout Entry) -> Void) {
    let page = Int(slot) / Self.pageSize
    let index = Int(slot) % Self.pageSize
    pages[page][index]?.changed(by: change)
  }

  func count(ofTypes types: Set<UInt8>) -> Int {
    counts.reduce(0) { sum, page in types.reduce(sum) { $0 + Int(page[Int($1)]) } }
  }

  /// Up to `limit` slots of the types, after the first `skip` of them, in order of creation.
  func slots(ofTypes types: Set<UInt8>, skip: Int, limit: Int) -> [Slot] {
    var found: [Slot] = []
    var skip = skip
    for (number, page) in pages.enumerated() where found.count < limit {
      let here = types.reduce(0) { $0 + Int(counts[number][Int($1)]) }
      if here <= skip {
        skip -= here
        continue
      }
      for (index, entry) in page.enumerated() {
        guard let entry, types.contains(entry.type) else { continue }
        if skip > 0 {
          skip -= 1
        } else if found.count < limit {
          found.append(Slot(number * Self.pageSize + index))
        } else {
          break
        }
      }
    }
    return found
  }

  /// The slot after all entries up to that ordinal, whether they still exist or not.
  func slot(after ordinal: UInt64) -> Slot {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= ordinal { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return 0 }
    let page = pages[low - 1]
    let index = page.firstIndex { $0.map { $0.ordinal > ordinal } ?? false } ?? page.count
    return Slot((low - 1) * Self.pageSize + index)
  }

  /// Up to `limit` slots of the types, from slot `start` on, in order of creation.
  func slots(ofTypes types: Set<UInt8>, from start: Slot, limit: Int) -> [Slot] {
    var found: [Slot] = []
    var number = Int(start) / Self.pageSize
    while number < pages.count, found.count < limit {
      if types.contains(where: { counts[number][Int($0)] > 0 }) {
        for (index, entry) in pages[number].enumerated() where found.count < limit {
          let slot = Slot(number * Self.pageSize + index)
          if slot >= start, let entry, types.contains(entry.type) { found.append(slot) }
        }
      }
      number += 1
    }
    return found
  }

  /// Every entry in order of creation.
  func forEach<E: Error>(_ body: (Slot, Entry) throws(E) -> Void) throws(E) {
    for (number, page) in pages.enumerated() {
      for (index, entry) in page.enumerated() {
        if let entry { try body(Slot(number * Self.pageSize + index), entry) }
      }
    }
  }
}
