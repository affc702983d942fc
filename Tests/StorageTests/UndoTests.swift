import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// What of a transaction fails is taken back exactly.
final class UndoTests: XCTestCase {
  /// Two states: one that goes through every trial and error, one that is only told what came of it.
  private struct Pair {
    let catalog: Catalog
    let tried: DirectoryState
    let told: DirectoryState
    var random = SeededRandom()
    var client = RandomClient(seed: 11)
    private let number = Locked(0)

    init() throws {
      catalog = try Catalog.standard()
      tried = DirectoryState(catalog: catalog, options: StoreOptions())
      told = DirectoryState(catalog: catalog, options: StoreOptions())
    }

    func chance(_ percent: Int, _ random: inout SeededRandom) -> Bool {
      Int.random(in: 0..<100, using: &random) < percent
    }

    func existing(_ tx: borrowing Transaction, _ random: inout SeededRandom) throws -> Transaction.Existing? {
      guard let (id, slot) = tried.slots.sorted(by: { $0.value < $1.value }).randomElement(using: &random),
        let entry = tried.entries[slot]
      else { return nil }
      return try tx.resource(catalog.types[Int(entry.type)], id.text)
    }

    /// One random change; false where it was refused.
    mutating func operation(_ tx: inout Transaction) throws {
      let (user, group) = (catalog.types[0], catalog.types[1])
      switch Int.random(in: 0..<11, using: &random) {
      case 0...2:
        let body = try Tenant.decode(user, client.userBody())
        _ = try tx.create(user, body.document.ordered(for: user), members: [], skipsUnknown: false)
      case 3:
        _ = try tx.create(
          group, Document(["displayName": .string("g\(Int.random(in: 0..<5, using: &random))")]),
          members: ids(), skipsUnknown: false)
      case 4...8:
        guard let old = try existing(tx, &random) else { return }
        if old.type === group {
          let edit: MembershipEdit =
            chance(50, &random) ? .add(ids()) : chance(60, &random) ? .remove(ids()) : .replace(ids())
          try tx.update(old, old.document, [edit], skipsUnknown: false)
        } else {
          let body = try Tenant.decode(user, client.userBody())
          try tx.update(old, body.document.ordered(for: user), [], skipsUnknown: false)
        }
      case 9:
        guard let old = try existing(tx, &random) else { return }
        try tx.delete(old)
      default:
        let kept = tried.tombstones.range.compactMap { tried.tombstones[$0] }
        guard let one = kept.randomElement(using: &random) else { return }
        _ = try tx.restore(catalog.types[Int(one.type)], one.id.text)
      }
    }

    private mutating func ids() -> [String] {
      tried.slots.sorted { $0.value < $1.value }.shuffled(using: &random).prefix(4).map(\.key.text)
    }

    mutating func job(seq: UInt64) throws {
      let time = Int64(seq) * 3
      var tx = Transaction(tried, now: time) { [number] in
        number.withLock { number in
          number += 1
          return String(format: "00000000-0000-4000-8000-%012d", number)
        }
      }
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let failsAtItsEnd = chance(30, &random)
        var pair = self
        try? tx.step { (tx) throws(SCIMError) in
          do {
            try pair.operation(&tx)
            try tx.step { (tx) throws(SCIMError) in
              do { try pair.operation(&tx) } catch { throw SCIMError(.invalidValue, "\(error)") }
            }
          } catch { throw SCIMError(.invalidValue, "\(error)") }
          if failsAtItsEnd { throw SCIMError(.invalidValue, "at its end") }
        }
        random = pair.random
        client = pair.client
      }
      guard !tx.changes.isEmpty, !chance(30, &random) else { return tx.rollBack() }
      told.apply(tx.changes, RecordStamp(seq: tried.last + 1, time: time, Actor(.server)))
      tx.commit(seq: tried.last + 1)
    }
  }

  func testWhatIsTakenBackLeavesNothingBehind() throws {
    var pair = try Pair()
    for seq in 1...300 {
      try pair.job(seq: UInt64(seq))
      if seq % 10 == 0 || seq < 60 { try assertSame(pair.tried, pair.told, pair.catalog) }
    }
    XCTAssertGreaterThan(pair.tried.slots.count, 20)
    XCTAssertGreaterThan(pair.tried.last, 100)
  }

  private func assertSame(_ a: DirectoryState, _ b: DirectoryState, _ catalog: Catalog) throws {
    XCTAssertEqual(a.last, b.last)
    XCTAssertEqual(a.slots, b.slots)
    XCTAssertEqual(a.entries.end, b.entries.end)
    XCTAssertEqual(a.entries.lastOrdinal, b.entries.lastOrdinal)
    for number in catalog.types.indices {
      XCTAssertEqual(
        a.entries.count(ofTypes: [UInt8(number)]), b.entries.count(ofTypes: [UInt8(number)]))
    }
    func texts(_ state: DirectoryState) -> [String] {
      var texts: [String] = []
      state.entries.forEach { slot, entry in
        let body = String(decoding: entry.body.bytes, as: UTF8.self)
        texts.append(
          "\(slot) \(entry.id.text) \(entry.ordinal) \(entry.created) \(entry.modified) \(entry.revision) \(body) "
            + "\(entry.groups.sorted()) \(entry.members.sorted())")
        for column in state.plans[Int(entry.type)].columns {
          for text in column.keys(of: entry.body) {
            let found = state.index.candidates(EqualityIndex.Key(column.number, text))
            texts.append("\(column.number) \(text) \(found)")
          }
        }
      }
      return texts
    }
    XCTAssertEqual(texts(a), texts(b))
    XCTAssertEqual(a.tombstones.range, b.tombstones.range)
    XCTAssertEqual(a.tombstones.count, b.tombstones.count)
    for position in a.tombstones.range {
      let (one, other) = (a.tombstones[position], b.tombstones[position])
      XCTAssertEqual(one?.id, other?.id)
      XCTAssertEqual(one?.seq, other?.seq)
      XCTAssertEqual(one?.groups, other?.groups)
      XCTAssertEqual(one?.members, other?.members)
      XCTAssertEqual(one?.body.bytes, other?.body.bytes)
    }
  }
}
