import JSON
import SCIM
import XCTest

/// Reading the parameters of RFC 9865 §2.
final class ListQueryCursorTests: XCTestCase {
  private func query(_ parameters: (String, String)...) throws -> ListQuery {
    try ListQuery(parameters: parameters.map { (name: $0.0, value: $0.1) })
  }

  private func search(_ members: JSONObject) throws -> ListQuery {
    var body = members
    body["schemas"] = [.string(SchemaURN.searchRequest)]
    return try ListQuery(searchRequest: .object(body))
  }

  private func assert(
    _ kind: SCIMError.Kind, line: UInt = #line, _ body: () throws -> ListQuery
  ) {
    XCTAssertThrowsError(try body(), line: line) { error in
      XCTAssertEqual((error as? SCIMError)?.status, 400, line: line)
      XCTAssertEqual((error as? SCIMError)?.kind, kind, line: line)
    }
  }

  func testAnEmptyCursorAsksForTheFirstPage() throws {
    XCTAssertEqual(try query(("cursor", "")).cursor, "")
    XCTAssertEqual(try query(("CURSOR", "")).cursor, "")
    XCTAssertEqual(try search(["cursor": ""]).cursor, "")
    XCTAssertEqual(try search(["Cursor": "abc"]).cursor, "abc")
  }

  func testWithoutACursorPagesGoByIndex() throws {
    XCTAssertNil(try query(("count", "1")).cursor)
    XCTAssertNil(try search(["cursor": .null, "startIndex": 2]).cursor)
  }

  func testBothWaysOfPagingAtOnceAreRefused() {
    assert(.invalidValue) { try query(("cursor", ""), ("startIndex", "1")) }
    assert(.invalidValue) { try search(["startIndex": 1, "cursor": "x"]) }
  }

  func testABadCountHasTheErrorOfItsWayOfPaging() {
    assert(.invalidCount) { try query(("count", "abc"), ("cursor", "")) }
    assert(.invalidCount) { try search(["count": "ten", "cursor": ""]) }
    assert(.invalidValue) { try query(("count", "abc")) }
  }

  func testANegativeCountIsZero() throws {
    XCTAssertEqual(try query(("cursor", ""), ("count", "-5")).count, 0)
  }
}
