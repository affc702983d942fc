import JSON
import SCIM
@testable import Storage
import XCTest

/// A walk by cursor neither loses nor repeats what was there all along (RFC 9865).
class DirectoryCursorTests: StoreContractTestCase {
  private func page(
    _ tenant: Tenant, _ start: CursorStart, count: Int, filter: String? = nil, sort: String? = nil,
    descending: Bool = false
  ) throws -> Page {
    let key = try sort.map { try SortKey($0, descending: descending, of: tenant.user) }
    return try tenant.page(
      ResourceQuery(
        parts: [try Tenant.part(tenant.user, filter, sort: key)], cursor: start, count: count, base: "",
        showsMembers: false))
  }

  /// All ids of a walk; `between` is run after each page with the ids of the page.
  private func walk(
    _ tenant: () throws -> Tenant, count: Int, filter: String? = nil, sort: String? = nil,
    descending: Bool = false, between: ([String]) throws -> Void = { _ in }
  ) throws -> [String] {
    var ids: [String] = []
    var start = CursorStart.first
    while true {
      let page = try page(
        try tenant(), start, count: count, filter: filter, sort: sort, descending: descending)
      ids += page.resources.map(\.id.text)
      guard let next = page.next else { return ids }
      start = .after(next)
      try between(page.resources.map(\.id.text))
    }
  }

  func testTheLastPageHasNoNext() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    XCTAssertNil(try page(tenant, .first, count: 3).next)
    for number in 0..<6 { try tenant.createUser("user\(number)") }
    let first = try page(tenant, .first, count: 3)
    let next = try XCTUnwrap(first.next)
    let second = try page(tenant, .after(next), count: 3)
    XCTAssertEqual(first.total, 6)
    XCTAssertEqual(second.total, 6)
    XCTAssertEqual(second.resources.count, 3)
    XCTAssertNil(second.next)
    XCTAssertNil(try page(tenant, .first, count: 0).next)
    XCTAssertNil(try page(tenant, .first, count: 6).next)
  }

  func testAWalkUnderDeletesAndInsertsNeitherLosesNorRepeats() throws {
    for (sort, descending, filter) in [
      (nil, false, nil), (nil, false, "title pr"), ("title", false, nil), ("title", true, nil),
      ("userName", true, "title pr"), ("nickName", false, nil), ("nickName", true, nil),
    ] as [(String?, Bool, String?)] {
      try startOver()
      let store = try open()
      let tenant = try store.tenant()
      var random = SeededRandom()
      func add(_ number: Int) throws -> Resource {
        var body: JSONObject = [
          "userName": .string("u\(Int.random(in: 0...9, using: &random))-\(number)"),
          "title": .string("t\(Int.random(in: 0...4, using: &random))"),
        ]
        if number % 3 == 0 { body["nickName"] = .string("n\(number % 5)") }
        return try tenant.create(tenant.user, .object(body))
      }
      var alive = try (0..<300).map { try add($0) }
      var deleted = Set<String>()
      let before = Set(alive.map(\.id.text))
      var number = 300
      let ids = try walk({ tenant }, count: 7, filter: filter, sort: sort, descending: descending) { page in
        // The border itself, and some others.
        for id in [page.last].compactMap({ $0 })
          + (0..<3).compactMap({ _ in alive.randomElement(using: &random)?.id.text })
        {
          guard let index = alive.firstIndex(where: { $0.id.text == id }) else { continue }
          try tenant.delete(alive.remove(at: index))
          deleted.insert(id)
        }
        number += 1
        _ = try add(number)
      }
      XCTAssertEqual(Set(ids).count, ids.count, "\(sort ?? "") repeats")
      XCTAssertTrue(before.subtracting(deleted).isSubset(of: Set(ids)), "\(sort ?? "") loses")
      store.close()
    }
  }

  func testAWalkGoesOnAfterARestartAndASnapshot() throws {
    for sort in [nil, "title"] as [String?] {
      try startOver()
      var store = try open()
      var random = SeededRandom()
      var alive: [Resource] = []
      for number in 0..<700 {
        alive.append(
          try store.tenant().create(
            try store.tenant().user, ["userName": .string("u\(number)"), "title": .string("t\(number % 4)")]))
      }
      for index in stride(from: 690, to: 0, by: -9) { try store.tenant().delete(alive.remove(at: index)) }
      let before = Set(alive.map(\.id.text))
      var deleted = Set<String>()
      var turn = 0
      let ids = try walk({ try store.tenant() }, count: 50, sort: sort) { page in
        for id in page.suffix(2) {
          guard let index = alive.firstIndex(where: { $0.id.text == id }) else { continue }
          try store.tenant().delete(alive.remove(at: index))
          deleted.insert(id)
        }
        if let other = alive.randomElement(using: &random),
          let index = alive.firstIndex(where: { $0.id == other.id })
        {
          try store.tenant().delete(alive.remove(at: index))
          deleted.insert(other.id.text)
        }
        turn += 1
        try store.tenant().createUser("new\(turn)")
        store.close()
        store = try open()
      }
      XCTAssertEqual(Set(ids).count, ids.count)
      XCTAssertTrue(before.subtracting(deleted).isSubset(of: Set(ids)))
      XCTAssertGreaterThan(turn, 5)
      store.close()
    }
  }
}
