import Foundation
import JSON
import SCIM
import XCTest

@testable import Storage

/// Walks sorted by odd text are complete, finite and in order.
final class TextOrderTests: XCTestCase {
  /// As it may be written, and in its plain form.
  private static let letters = [
    ("e", "e"), ("E", "e"), ("\u{E9}", "\u{E9}"), ("e\u{301}", "\u{E9}"), ("E\u{301}", "\u{E9}"),
    ("\u{301}", "\u{301}"), ("\u{323}", "\u{323}"), ("ｂ", "b"), ("ｶﾞ", "ガ"), ("カ", "カ"), ("ﾞ", "\u{3099}"),
    ("Σ", "σ"), ("ς", "σ"), (" ", " "), ("ß", "ß"), ("🦊", "🦊"), ("\u{0}", "\u{0}"),
  ]

  private struct Person {
    let name: String
    let key: [UInt8]
  }

  private func person(_ random: inout SeededRandom) -> Person {
    let letters = (0..<Int.random(in: 1..<6, using: &random)).compactMap { _ in
      Self.letters.randomElement(using: &random)
    }
    let plain = letters.map(\.1).joined().precomposedStringWithCanonicalMapping
    return Person(name: letters.map(\.0).joined(), key: Array(plain.utf8))
  }

  private func state(_ people: [Person], _ catalog: Catalog) throws -> DirectoryState {
    let state = DirectoryState(catalog: catalog, options: StoreOptions())
    for (index, person) in people.enumerated() {
      let body = try Tenant.decode(
        catalog.types[0], ["userName": .string("u\(index)"), "displayName": .string(person.name)])
      var tx = Transaction(state) { String(format: "00000000-0000-4000-8000-%012d", index) }
      _ = try tx.create(catalog.types[0], body.document, members: [], skipsUnknown: false)
      state.apply(tx.changes, RecordStamp(seq: UInt64(index + 1), time: 0, nil))
    }
    return state
  }

  /// The numbers of the users in the order of a walk whose pages hold `count`; more than there are if it does not end.
  private func walk(
    _ state: DirectoryState, _ user: ResourceType, count: Int, descending: Bool, byCursor: Bool,
    filter: Filter?
  ) throws -> [Int] {
    let sort = try SortKey("displayName", descending: descending, of: user)
    var found: [Int] = []
    var start = CursorStart.first
    while found.count <= state.entries.count(ofTypes: [0]) {
      let page = try state.capture().scan(
        ResourceQuery(
          parts: [.init(type: user, filter: filter, sort: sort)], startIndex: found.count + 1,
          cursor: byCursor ? start : nil, count: count, base: "", showsMembers: false))
      found += page.resources.compactMap { Int($0.id.text.suffix(12)) }
      guard byCursor else {
        if page.resources.isEmpty { return found }
        continue
      }
      guard let next = page.next else { return found }
      let content = CursorContent(issued: 0, count: count, position: next)
      start = .after(try XCTUnwrap(CursorContent(content.bytes)).position)
    }
    return found
  }

  func testSortedWalksAreCompleteFiniteAndInOrder() throws {
    var random = SeededRandom()
    let catalog = try Catalog.standard()
    let user = catalog.types[0]
    for round in 0..<60 {
      let people = (0..<Int.random(in: 1..<24, using: &random)).map { _ in person(&random) }
      let state = try state(people, catalog)
      let ascending = people.indices.sorted { a, b in
        people[a].key == people[b].key ? a < b : people[a].key.lexicographicallyPrecedes(people[b].key)
      }
      for descending in [false, true] {
        for byCursor in [false, true] {
          let found = try walk(
            state, user, count: Int.random(in: 1..<5, using: &random), descending: descending,
            byCursor: byCursor, filter: nil)
          XCTAssertEqual(found, descending ? ascending.reversed() : ascending, "round \(round)")
        }
      }
      try checkComparisons(state, people, ascending, user, &random)
    }
  }

  private func checkComparisons(
    _ state: DirectoryState, _ people: [Person], _ ascending: [Int], _ user: ResourceType,
    _ random: inout SeededRandom
  ) throws {
    let border = person(&random)
    for (op, holds) in [
      ("gt", { (key: [UInt8]) in border.key.lexicographicallyPrecedes(key) }),
      ("le", { key in !border.key.lexicographicallyPrecedes(key) }), ("eq", { $0 == border.key }),
    ] {
      let expression = FilterExpression.compare(
        path: "displayName", try XCTUnwrap(.init(rawValue: op)), .string(border.name))
      let filter = try FilterBinding(type: user).bind(expression)
      let found = try walk(state, user, count: 3, descending: false, byCursor: true, filter: filter)
      XCTAssertEqual(found, ascending.filter { holds(people[$0].key) }, op)
    }
  }

  func testWhatIsUniqueByItsBytesMayBeComposedAndDecomposed() throws {
    let catalog = try Catalog.standard()
    let state = try state([], catalog)
    let column = try XCTUnwrap(state.plan(of: catalog.types[0]).column("externalId"))
    XCTAssertNotEqual(column.key(.string("\u{E9}")), column.key(.string("e\u{301}")))
    let name = try XCTUnwrap(state.plan(of: catalog.types[0]).column("userName"))
    XCTAssertEqual(name.key(.string("\u{C9}")), name.key(.string("e\u{301}")))
  }
}
