import JSON
import SCIM
import XCTest

final class SortKeyTests: XCTestCase {
  private func sorted(
    _ by: String, descending: Bool = false, type: String = "User", _ resources: [JSONObject]
  ) throws -> [String] {
    let key = try SortKey(by, descending: descending, of: try TestCatalog.type(type))
    return resources.map(Subject.init).sorted { key.precedes(key.value(of: $0), key.value(of: $1)) }.map(\.id)
  }

  private func users(_ values: [(String, JSONObject)]) -> [JSONObject] {
    values.map { id, members in JSONObject([.init(name: "id", value: .string(id))] + members.members) }
  }

  private func shared(_ type: String) throws -> [JSONObject] {
    try Fixture("filter-resources", "resources.json").json.arrayValue?.compactMap(\.objectValue)
      .filter { $0["meta"]?["resourceType"]?.stringValue == type } ?? []
  }

  func testTextIsSortedWithoutLetterCase() throws {
    let all = users([("1", ["userName": "c"]), ("2", ["userName": "B"]), ("3", ["userName": "a"])])
    XCTAssertEqual(try sorted("userName", all), ["3", "2", "1"])
    XCTAssertEqual(try sorted("userName", descending: true, all), ["1", "2", "3"])
  }

  func testCaseExactTextIsSortedByItsLetters() throws {
    let all = users([("1", ["externalId": "a"]), ("2", ["externalId": "B"])])
    XCTAssertEqual(try sorted("externalId", all), ["2", "1"])
  }

  func testAMissingValueIsLastAscendingAndFirstDescending() throws {
    let all = users([("1", ["title": .null]), ("2", ["title": "b"]), ("3", [:]), ("4", ["title": "a"])])
    XCTAssertEqual(try sorted("title", all), ["4", "2", "1", "3"])
    XCTAssertEqual(try sorted("title", descending: true, all), ["1", "3", "2", "4"])
  }

  func testThePrimaryValueCountsElseTheFirst() throws {
    let all = users([
      ("1", ["emails": [["value": "a"], ["value": "z", "primary": true]]]),
      ("2", ["emails": [["value": "m"], ["value": "b", "primary": false]]]),
    ])
    XCTAssertEqual(try sorted("emails", all), ["2", "1"])
    XCTAssertEqual(try sorted("emails.value", all), ["2", "1"])
  }

  func testDateTimesAreSortedByInstant() throws {
    XCTAssertEqual(try sorted("meta.lastModified", shared("User")), ["u1", "u2", "u3"])
    XCTAssertEqual(try sorted("meta.lastModified", descending: true, shared("User")), ["u3", "u2", "u1"])
  }

  func testNumbersAreSortedAsNumbers() throws {
    XCTAssertEqual(try sorted("weight", type: "Device", shared("Device")), ["d1", "d3", "d2"])
    XCTAssertEqual(try sorted("ports", type: "Device", shared("Device")), ["d1", "d2", "d3"])
  }

  func testFalseComesBeforeTrue() throws {
    XCTAssertEqual(try sorted("active", shared("User")), ["u2", "u1", "u3"])
  }

  func testExtensionAttributesAndSubAttributesSort() throws {
    XCTAssertEqual(
      try sorted("\(SchemaURN.enterpriseUser):employeeNumber", descending: true, shared("User")).last, "u1")
    XCTAssertEqual(try sorted("NAME.familyname", shared("User")), ["u1", "u3", "u2"])
    XCTAssertEqual(try sorted("manager", shared("User")).first, "u1")
  }

  func testEqualValuesPrecedeNeither() throws {
    let key = try SortKey("userName", descending: true, of: try TestCatalog.type("User"))
    let a = key.value(of: Subject(resource: ["userName": "A"]))
    XCTAssertFalse(key.precedes(a, key.value(of: Subject(resource: ["userName": "a"]))))
    XCTAssertFalse(key.precedes(nil, nil))
  }

  func testWhatCannotBeSortedByIsRefused() throws {
    for name in [
      "name", "addresses", "shoeSize", "password", "", "name.nick", SchemaURN.enterpriseUser, "urn:x:y",
    ] {
      XCTAssertThrowsError(try SortKey(name, descending: false, of: try TestCatalog.type("User")), name) {
        error in
        XCTAssertEqual((error as? SCIMError)?.kind, .invalidPath, name)
        XCTAssertEqual((error as? SCIMError)?.status, 400, name)
      }
    }
  }
}
