import Client
import Foundation
import JSON
import XCTest

/// The query string over the wire: form encoding, one decoding, and the syntax of SCIM's parameters.
final class HTTPQueryTests: ConformanceTestCase {
  func testPlusIsASpaceInTheQuery() throws {
    XCTAssertEqual(try get("filter=userName%20eq%20%22a%22").status, 200)
    XCTAssertEqual(try get("filter=userName+eq+%22a%22").status, 200)
  }

  func testEscapedPlusIsAPlus() throws {
    let name = "a+\(unique())@example.org"
    let id = try create("/Users", user(name))
    let found = try get("filter=userName%20eq%20%22\(name.replacingOccurrences(of: "+", with: "%2B"))%22")
      .json()
    XCTAssertEqual(found["Resources"]?.arrayValue?.first?["id"], .string(id))
    XCTAssertEqual(try get("filter=userName%20eq%20%22\(name)%22").json()["totalResults"], .integer(0))
  }

  func testPlusIsLiteralInThePath() throws {
    try assertError(try send("GET", "/Users/a+b"), 404)
  }

  func testEscapesMustBeUTF8() throws {
    XCTAssertEqual(try get("filter=userName%20eq%20%22caf%C3%A9%22").status, 200)
    for value in ["%E9", "%ED%A0%80", "%C0%AF", "%zz", "%2", "%"] {
      XCTAssertEqual(try get("filter=userName%20eq%20%22\(value)%22").status, 400, value)
    }
  }

  func testRawQuoteIsRefused() throws {
    XCTAssertEqual(try get("filter=userName%20eq%20\"a\"").status, 400)
  }

  func testRepeatedParametersAreRefused() throws {
    for query in ["filter=id%20pr&filter=id%20pr", "count=1&count=2", "startIndex=1&startIndex=1"] {
      try assertError(try get(query), 400, kind: "invalidValue")
    }
  }

  func testEmptyPartsAndEmptyParametersAreIgnored() throws {
    let queries = [
      "", "&&", "=x", "filter", "filter=", "sortBy=&sortOrder=&startIndex=&count=",
      "attributes=&excludedAttributes=",
    ]
    for query in queries { XCTAssertEqual(try get(query).status, 200, query) }
    XCTAssertEqual(try get("filter=%20").status, 400)
    XCTAssertEqual(try send("GET", "/Schemas?filter=").status, 200)
    XCTAssertEqual(try send("GET", "/ResourceTypes?filter=id%20pr").status, 403)
    XCTAssertNil(try get("cursor=&count=0").json()["startIndex"])
  }

  func testEscapesAreDecodedOnce() throws {
    let name = "%66\(unique())"
    let id = try create("/Users", user(name))
    let found = try get("filter=userName%20eq%20%22%25" + name.dropFirst() + "%22").json()
    XCTAssertEqual(found["Resources"]?.arrayValue?.first?["id"], .string(id))
  }

  func testSemicolonAndEntityAreData() throws {
    let name = "a;\(unique())"
    let id = try create("/Users", user(name))
    let found = try get("filter=userName%20eq%20%22\(name)%22;").status
    XCTAssertEqual(found, 400, "the semicolon belongs to the filter")
    let whole = try get("filter=userName%20eq%20%22\(name)%22").json()
    XCTAssertEqual(whole["Resources"]?.arrayValue?.first?["id"], .string(id))
    XCTAssertEqual(try get("count=1&amp;startIndex=1").status, 200, "amp;startIndex is another name")
  }

  func testLargeFiltersAreRefused() throws {
    let terms = Array(repeating: "id%20pr", count: 1000).joined(separator: "%20or%20")
    let parentheses = String(repeating: "(", count: 200) + "id%20pr" + String(repeating: ")", count: 200)
    let negations = String(repeating: "not(", count: 200) + "id%20pr" + String(repeating: ")", count: 200)
    for filter in [terms, parentheses, negations] {
      let response = try get("filter=\(filter)")
      let kind = try response.json()["scimType"]?.stringValue ?? ""
      try assertError(response, 400, kind: kind)
      XCTAssertTrue(["invalidFilter", "tooMany"].contains(kind), kind)
    }
  }

  func testNumbersAreClampedOrRefused() throws {
    _ = try create("/Users", user(unique()))
    let none = try get("count=-1").json()
    XCTAssertEqual(none["itemsPerPage"] ?? .integer(0), .integer(0))
    XCTAssertEqual(none["Resources"]?.arrayValue?.count ?? 0, 0)
    XCTAssertEqual(try get("startIndex=0").json()["startIndex"] ?? .integer(1), .integer(1))
    XCTAssertTrue([200, 400].contains(try get("count=99999999999999999999").status))
    for value in ["1e3", "+1", "1.0", "%201", "\u{FF11}".utf8.map { "%" + String($0, radix: 16) }.joined()] {
      let status = try get("count=\(value)").status
      XCTAssertTrue(status == 400 || value == "+1" && status == 200, "\(value): \(status)")
    }
  }

  private func get(_ query: String) throws -> ClientResponse { try send("GET", "/Users?\(query)") }
}
