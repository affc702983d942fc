import JSON
import SCIM
import XCTest

final class ListQueryTests: XCTestCase {
  private func query(_ parameters: (String, String)...) throws -> ListQuery {
    try ListQuery(parameters: parameters.map { (name: $0.0, value: $0.1) })
  }

  private func search(_ members: JSONObject) throws -> ListQuery {
    var body: JSONObject = ["schemas": [.string(SchemaURN.searchRequest)]]
    body.members += members.members
    return try ListQuery(searchRequest: .object(body))
  }

  private func assert(
    _ kind: SCIMError.Kind, file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> ListQuery
  ) {
    XCTAssertThrowsError(try body(), file: file, line: line) { error in
      XCTAssertEqual((error as? SCIMError)?.kind, kind, file: file, line: line)
      XCTAssertEqual((error as? SCIMError)?.status, 400, file: file, line: line)
    }
  }

  func testWithoutParametersTheFirstPageIsAskedFor() throws {
    let query = try query()
    XCTAssertEqual(query, ListQuery())
    XCTAssertEqual(query.startIndex, 1)
    XCTAssertNil(query.count)
    XCTAssertFalse(query.descending)
  }

  func testEveryParameterIsRead() throws {
    let query = try query(
      ("filter", "userName eq \"a\""), ("sortBy", "userName"), ("sortOrder", "descending"),
      ("startIndex", "11"),
      ("count", "10"), ("attributes", "userName,emails.value"))
    XCTAssertEqual(query.filter, "userName eq \"a\"")
    XCTAssertEqual(query.sortBy, "userName")
    XCTAssertTrue(query.descending)
    XCTAssertEqual(query.startIndex, 11)
    XCTAssertEqual(query.count, 10)
    XCTAssertEqual(query.attributes, ["userName", "emails.value"])
    XCTAssertNil(query.excludedAttributes)
  }

  func testNamesOfParametersIgnoreLetterCase() throws {
    XCTAssertEqual(try query(("startindex", "3"), ("COUNT", "2"), ("SortOrder", "DESCENDING")).startIndex, 3)
  }

  func testUnknownParametersAreIgnored() throws {
    XCTAssertEqual(try query(("foo", "bar"), ("foo", "baz"), ("aadOptscim062020", ""), ("", "")), ListQuery())
  }

  func testAParameterGivenTwiceIsRefused() {
    assert(.invalidValue) { try query(("count", "1"), ("count", "2")) }
    assert(.invalidValue) { try query(("filter", "a pr"), ("FILTER", "a pr")) }
  }

  func testAStartIndexBelowOneIsOne() throws {
    for text in ["0", "-5", "-9223372036854775808"] {
      XCTAssertEqual(try query(("startIndex", text)).startIndex, 1)
    }
  }

  func testANegativeCountIsZero() throws {
    XCTAssertEqual(try query(("count", "-1")).count, 0)
    XCTAssertEqual(try query(("count", "0")).count, 0)
    XCTAssertEqual(try query(("count", "1000000000")).count, 1_000_000_000)
  }

  func testNumbersThatAreNotWholeAreRefused() {
    for text in ["abc", "1.5", "-", "+1", " 1", "1e3", "0x1", "١", "99999999999999999999.5"] {
      assert(.invalidValue) { try query(("count", text)) }
      assert(.invalidValue) { try query(("startIndex", text)) }
    }
  }

  func testAWholeNumberIsClampedHoweverLongItIs() throws {
    let long = String(repeating: "9", count: 400)
    XCTAssertEqual(try query(("count", "99999999999999999999")).count, .max)
    XCTAssertEqual(try query(("count", long)).count, .max)
    XCTAssertEqual(try query(("count", "-" + long)).count, 0)
    XCTAssertEqual(try query(("startIndex", long)).startIndex, .max)
    XCTAssertEqual(try query(("startIndex", "-" + long)).startIndex, 1)
    let number = try JSONParser.parse(Array("99999999999999999999".utf8))
    XCTAssertEqual(try search(["count": number]).count, .max)
    XCTAssertEqual(try search(["startIndex": number]).startIndex, .max)
    assert(.invalidValue) { try search(["count": try JSONParser.parse(Array("1.0".utf8))]) }
  }

  func testSortOrderIsAscendingOrDescending() throws {
    XCTAssertFalse(try query(("sortOrder", "Ascending")).descending)
    assert(.invalidValue) { try query(("sortOrder", "up")) }
  }

  func testListsAreSplitAtCommasAndTrimmed() throws {
    XCTAssertEqual(
      try query(("attributes", " USERNAME , name.givenname,,")).attributes, ["USERNAME", "name.givenname"])
    XCTAssertEqual(try query(("excludedAttributes", "members")).excludedAttributes, ["members"])
  }

  func testAnEmptyListCountsAsNoList() throws {
    XCTAssertNil(try query(("attributes", "")).attributes)
    XCTAssertNil(try query(("excludedAttributes", " , ")).excludedAttributes)
    XCTAssertNil(try search(["attributes": []]).attributes)
  }

  /// Some clients always send every parameter.
  func testAnEmptyParameterCountsAsAbsent() throws {
    let names = ["filter", "sortBy", "sortOrder", "startIndex", "count", "attributes", "excludedAttributes"]
    for name in names {
      XCTAssertEqual(try query((name, "")), ListQuery(), name)
      XCTAssertEqual(try search([name: ""]), ListQuery(), name)
      XCTAssertEqual(try query((name, ""), ("cursor", "")).cursor, "", name)
    }
    XCTAssertEqual(try query(("count", ""), ("count", "5")).count, 5)
    XCTAssertEqual(try query(("cursor", "")).cursor, "")
    XCTAssertEqual(try search(["cursor": ""]).cursor, "")
  }

  func testASearchRequestIsReadLikeParameters() throws {
    let search = try search([
      "filter": "userName eq \"a\"", "sortBy": "userName", "sortOrder": "descending", "startIndex": 11,
      "count": 10,
      "attributes": ["userName", "emails.value"],
    ])
    let same = try query(
      ("filter", "userName eq \"a\""), ("sortBy", "userName"), ("sortOrder", "descending"),
      ("startIndex", "11"),
      ("count", "10"), ("attributes", "userName,emails.value"))
    XCTAssertEqual(search, same)
  }

  func testNamesOfASearchRequestIgnoreLetterCaseAndUnknownOnesAreIgnored() throws {
    XCTAssertEqual(try search(["STARTINDEX": 3, "Foo": "bar"]).startIndex, 3)
    assert(.invalidSyntax) { try search(["count": 1, "COUNT": 2]) }
  }

  func testNullsOfASearchRequestAreNotThere() throws {
    XCTAssertEqual(try search(["filter": .null, "count": .null, "attributes": .null]), ListQuery())
  }

  func testASearchRequestNamesItsSchema() {
    assert(.invalidSyntax) { try ListQuery(searchRequest: ["count": 1]) }
    assert(.invalidSyntax) { try ListQuery(searchRequest: ["schemas": [], "count": 1]) }
    assert(.invalidSyntax) { try ListQuery(searchRequest: ["schemas": [.string(SchemaURN.patchOp)]]) }
    assert(.invalidSyntax) { try ListQuery(searchRequest: ["schemas": .string(SchemaURN.searchRequest)]) }
    assert(.invalidSyntax) { try ListQuery(searchRequest: []) }
    XCTAssertNoThrow(
      try ListQuery(searchRequest: ["schemas": [.string(SchemaURN.searchRequest.uppercased())]]))
  }

  func testWrongTypesInASearchRequestAreRefused() {
    assert(.invalidValue) { try search(["count": "ten"]) }
    assert(.invalidValue) { try search(["startIndex": true]) }
    assert(.invalidSyntax) { try search(["filter": 5]) }
    assert(.invalidSyntax) { try search(["sortBy": ["userName"]]) }
    assert(.invalidSyntax) { try search(["attributes": 5]) }
    assert(.invalidSyntax) { try search(["attributes": [5]]) }
  }

  func testClampingWorksInASearchRequestToo() throws {
    let search = try search(["startIndex": -3, "count": -1])
    XCTAssertEqual(search.startIndex, 1)
    XCTAssertEqual(search.count, 0)
  }
}
