import JSON
import SCIM
import XCTest

/// Work is counted, and what is too much is refused with the limit in the text.
final class WorkBudgetTests: XCTestCase {
  private let small = WorkBudget.Limit(name: "maxTestWork", units: 1000)

  private func filter(_ text: String, _ type: String = "User") throws -> Filter {
    var dialect = Dialect()
    let expression = try FilterParser.parse(text, dialect: &dialect)
    return try FilterBinding(type: try TestCatalog.type(type)).bind(expression)
  }

  private func patch(_ operations: [JSONValue]) throws -> PatchRequest {
    try PatchRequest(
      ["schemas": [.string(SchemaURN.patchOp)], "Operations": .array(operations)],
      for: try TestCatalog.type("User"), dialect: Dialect())
  }

  private func emails(_ count: Int, of bytes: Int) -> JSONValue {
    .array((0..<count).map { ["value": .string("\($0)" + String(repeating: "a", count: bytes))] })
  }

  func testAFilterThatTakesTooMuchWorkIsRefusedAsTooMany() throws {
    let user = Subject(resource: ["emails": emails(100, of: 6400)])
    var budget = WorkBudget(small, for: .query)
    XCTAssertThrowsError(try filter("emails.value co \"b\"").matches(user, &budget)) { error in
      XCTAssertEqual((error as? SCIMError)?.code, .filterTooMuchWork)
      XCTAssertTrue((error as? SCIMError)?.detail.contains("maxTestWork allows 1000 steps") ?? false)
    }
    XCTAssertTrue(budget.isExceeded)
  }

  func testAPatchThatTakesTooMuchWorkIsRefusedWith413() throws {
    let user = Document(["userName": "a", "emails": emails(100, of: 10)])
    let patch = try patch(
      [JSONValue](repeating: ["op": "remove", "path": "emails[value co \"zz\"]"], count: 20))
    var budget = WorkBudget(small, for: .change)
    XCTAssertThrowsError(try patch.apply(to: user, &budget)) { error in
      XCTAssertEqual((error as? SCIMError)?.status, 413)
      XCTAssertTrue((error as? SCIMError)?.detail.contains("maxTestWork") ?? false)
    }
  }

  func testTheWorkOfAComparisonGrowsWithItsBytesAndNotWithTheirProduct() throws {
    var spent: [Int] = []
    for part in [1, 1500] {
      var budget = WorkBudget(.none, for: .query)
      let filter = try filter("emails.value co \"\(String(repeating: "a", count: part))b\"")
      XCTAssertFalse(try filter.matches(Subject(resource: ["emails": emails(10, of: 64_000)]), &budget))
      spent.append(budget.spent)
    }
    XCTAssertEqual(spent[0], spent[1])
    XCTAssertEqual(spent[0], 10 * (1 + 1000) + 1)
  }

  func testOrdinaryRequestsTakeASmallPartOfWhatMayBeHeld() throws {
    let user = Document(["userName": "a", "emails": emails(5, of: 20)])
    var budget = WorkBudget(.held, for: .change)
    _ = try patch([
      ["op": "replace", "path": "emails[value co \"a\"].display", "value": "d"],
      ["op": "replace", "path": "active", "value": false],
    ]).apply(to: user, &budget)
    XCTAssertLessThan(budget.spent, WorkBudget.Limit.held.units / 100)
  }

  func testOperationsAreCountedAfterTheyAreExpanded() throws {
    let texts = JSONValue.array((0...PatchRequest.maxOperations).map { .string("t\($0)") })
    XCTAssertThrowsError(try patch([["op": "remove", "path": "emails", "value": texts]])) { error in
      XCTAssertEqual((error as? SCIMError)?.kind, .tooMany)
    }
    let keys = (0..<3000).map { JSONObject.Member(name: "emails[value eq \"\($0)\"].display", value: "d") }
    let half: JSONValue = ["op": "add", "value": .object(JSONObject(keys))]
    XCTAssertNoThrow(try patch([half]))
    XCTAssertThrowsError(try patch([half, half])) { error in
      XCTAssertEqual((error as? SCIMError)?.kind, .tooMany)
    }
  }

  func testMembersRemovedByAListAreOneOperation() throws {
    let ids = (0..<20_000).map { JSONValue.object(["value": .string("id-\($0)")]) }
    let patch = try PatchRequest(
      [
        "schemas": [.string(SchemaURN.patchOp)],
        "Operations": [["op": "remove", "path": "members", "value": .array(ids)]],
      ], for: try TestCatalog.type("Group"), dialect: Dialect())
    let outcome = try patch.apply(to: Document(["displayName": "G"]))
    guard case .remove(let removed)? = outcome.membership.first else { return XCTFail("no removal") }
    XCTAssertEqual(removed.count, 20_000)
  }
}
