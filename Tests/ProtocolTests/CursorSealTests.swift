import Platform
import SCIM
import XCTest

@testable import Protocol

final class CursorSealTests: XCTestCase {
  private let time = Locked<Int64>(1_795_232_163_000)
  private let position = CursorPosition(ordinal: 99, sortValue: .text(TextKey(exact: "ada@example.com")))

  private func seal(_ secret: UInt8 = 1) -> CursorSeal {
    let time = time
    return CursorSeal(
      secret: { [UInt8](repeating: secret, count: 32) }, timeout: 60,
      environment: Environment(
        now: { time.withLock { $0 } }, monotonic: { 0 }, randomBytes: { [UInt8](repeating: 0, count: $0) }))
  }

  private func binding(
    _ directory: String = "default", types: Range<Int> = 0..<1, _ change: (inout ListQuery) -> Void = { _ in }
  ) throws -> CursorSeal.Binding {
    var query = ListQuery()
    query.filter = "userName sw \"a\""
    query.sortBy = "userName"
    change(&query)
    return CursorSeal.Binding(query, Array(try Catalog.standard().types[types]), directory: directory)
  }

  private func assert(
    _ kind: SCIMError.Kind, line: UInt = #line, _ body: () throws -> CursorPosition
  ) -> String {
    var detail = ""
    XCTAssertThrowsError(try body(), line: line) { error in
      XCTAssertEqual((error as? SCIMError)?.status, 400, line: line)
      XCTAssertEqual((error as? SCIMError)?.kind, kind, line: line)
      detail = (error as? SCIMError)?.detail ?? ""
    }
    return detail
  }

  func testACursorLeadsBackToItsPosition() throws {
    let cursor = seal().seal(position, count: 10, try binding())
    XCTAssertEqual(try seal().open(cursor, count: 10, try binding()), position)
  }

  func testACursorHasOnlyUnreservedCharactersAndShowsNothing() throws {
    let cursor = seal().seal(position, count: 10, try binding())
    XCTAssertNotNil(cursor.wholeMatch(of: /[A-Za-z0-9_-]+/))
    let bytes = try XCTUnwrap(CursorText.decode(cursor))
    XCTAssertFalse(String(decoding: bytes, as: UTF8.self).contains("ada"))
  }

  func testEveryChangedCharacterIsNoticed() throws {
    let cursor = Array(seal().seal(position, count: nil, try binding()).utf8)
    for index in cursor.indices {
      for other in "Aq-".utf8 where other != cursor[index] {
        var forged = cursor
        forged[index] = other
        _ = assert(.invalidCursor) {
          try seal().open(String(decoding: forged, as: UTF8.self), count: nil, try binding())
        }
      }
    }
    for length in 1..<cursor.count {
      _ = assert(.invalidCursor) {
        try seal().open(String(decoding: cursor.prefix(length), as: UTF8.self), count: nil, try binding())
      }
    }
  }

  func testACursorOfSomebodyElseIsToldLikeOneThatNeverWas() throws {
    let cursor = seal().seal(position, count: nil, try binding())
    var texts = Set<String>()
    for other in [
      try binding("other"), try binding(types: 1..<2), try binding(types: 0..<2),
      try binding { $0.filter = nil }, try binding { $0.filter = "userName sw \"b\"" },
      try binding { $0.sortBy = nil }, try binding { $0.descending = true },
      try binding { $0.attributes = ["userName"] }, try binding { $0.excludedAttributes = ["userName"] },
    ] {
      texts.insert(assert(.invalidCursor) { try seal().open(cursor, count: nil, other) })
    }
    texts.insert(assert(.invalidCursor) { try seal(2).open(cursor, count: nil, try binding()) })
    for text in [
      "zzz", "!", "=", "ë", String(repeating: "A", count: 5000), "A", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
      texts.insert(assert(.invalidCursor) { try seal().open(text, count: nil, try binding()) })
    }
    XCTAssertEqual(texts.count, 1)
  }

  func testNamesOfAttributesMayComeInAnyOrderAndCase() throws {
    let cursor = seal().seal(position, count: nil, try binding { $0.attributes = ["userName", "active"] })
    let again = try binding {
      $0.attributes = ["ACTIVE", "username"]
      $0.sortBy = "USERNAME"
    }
    XCTAssertEqual(try seal().open(cursor, count: nil, again), position)
  }

  func testAnOldCursorHasExpired() throws {
    let cursor = seal().seal(position, count: nil, try binding())
    time.withLock { $0 += 60_000 }
    XCTAssertEqual(try seal().open(cursor, count: nil, try binding()), position)
    time.withLock { $0 += 1 }
    _ = assert(.expiredCursor) { try seal().open(cursor, count: nil, try binding()) }
  }

  func testAnotherCountIsRefused() throws {
    let cursor = seal().seal(position, count: 10, try binding())
    _ = assert(.invalidCount) { try seal().open(cursor, count: 11, try binding()) }
    _ = assert(.invalidCount) { try seal().open(cursor, count: nil, try binding()) }
  }
}
