import JSON
import SCIM
import XCTest

/// What a PATCH does at its limits.
final class PatchLimitTests: XCTestCase {
  private func request(_ operations: [JSONValue]) -> JSONValue {
    ["schemas": [.string(SchemaURN.patchOp)], "Operations": .array(operations)]
  }

  func testMoreOperationsThanTheLimitAreRefused() throws {
    let one: JSONValue = ["op": "replace", "path": "title", "value": "x"]
    let most = request([JSONValue](repeating: one, count: PatchRequest.maxOperations))
    let more = request([JSONValue](repeating: one, count: PatchRequest.maxOperations + 1))
    let type = try TestCatalog.type("User")
    XCTAssertNoThrow(try PatchRequest(most, for: type, dialect: Dialect()))
    XCTAssertThrowsError(try PatchRequest(more, for: type, dialect: Dialect())) { error in
      XCTAssertEqual((error as? SCIMError)?.status, 400)
    }
  }

  func testAnOperationChangesNothingButItsTarget() throws {
    let type = try TestCatalog.type("User")
    for sample in try SampleTests.resources() where sample["userName"] != nil {
      var dialect = Dialect()
      let before = try ResourceDecoder.decode(sample.json, as: type, dialect: &dialect).document.ordered(
        for: type)
      let patch = request([["op": "replace", "path": "title", "value": "New"]])
      var after = try PatchRequest(patch, for: type, dialect: Dialect()).apply(to: before).document
      XCTAssertEqual(after.attributes["title"], "New")
      after.attributes["title"] = before.attributes["title"]
      XCTAssertEqual(after, before, sample.name)
    }
  }

  func testAHundredThousandMembersAreRead() throws {
    let members = (0..<100_000).map { JSONValue.object(["value": .string("id-\($0)")]) }
    let patch = request([["op": "replace", "path": "members", "value": .array(members)]])
    let type = try TestCatalog.type("Group")
    let outcome = try PatchRequest(patch, for: type, dialect: Dialect()).apply(
      to: Document(["displayName": "G"]))
    guard case .replace(let ids)? = outcome.membership.first else { return XCTFail("no replace") }
    XCTAssertEqual(ids.count, 100_000)
  }

  func testMoreValuesThanTheLimitAreRefused() throws {
    func emails(_ count: Int) -> JSONValue {
      .array((0..<count).map { .object(["value": .string("a\($0)@example.com"), "type": "work"]) })
    }
    func body(_ count: Int) -> JSONValue {
      ["schemas": [.string(SchemaURN.user)], "userName": "a", "emails": emails(count)]
    }
    let user = try TestCatalog.type("User")
    var dialect = Dialect()
    let most = try ResourceDecoder.decode(body(MultiValued.maxValues), as: user, dialect: &dialect).document
    XCTAssertEqual(most.attributes["emails"]?.arrayValue?.count, MultiValued.maxValues)
    XCTAssertThrowsError(
      try ResourceDecoder.decode(body(MultiValued.maxValues + 1), as: user, dialect: &dialect)
    ) {
      XCTAssertEqual(($0 as? SCIMError)?.kind, .invalidValue)
    }
    let same = request([["op": "add", "path": "emails", "value": emails(MultiValued.maxValues)]])
    XCTAssertEqual(
      try PatchRequest(same, for: user, dialect: Dialect()).apply(to: most).document, most.ordered(for: user))
    let more = request([["op": "add", "path": "emails", "value": [["value": "one more"]]]])
    XCTAssertThrowsError(try PatchRequest(more, for: user, dialect: Dialect()).apply(to: most)) {
      XCTAssertEqual(($0 as? SCIMError)?.kind, .invalidValue)
    }
  }
}
