import JSON
import SCIM
@testable import Storage
import XCTest

/// What is shown of a manager is the manager's own, at the same moment.
class ManagerTests: StoreContractTestCase {
  private func report(_ manager: JSONValue, _ name: String = "report") -> JSONValue {
    ["userName": .string(name), SchemaURN.enterpriseUser: ["department": "d", "manager": manager]]
  }

  private func manager(_ resource: Resource) -> JSONValue? {
    resource.json[SchemaURN.enterpriseUser]?["manager"]
  }

  func testTheSameIsShownByReadingByIndexAndByScan() throws {
    let store = try open()
    let tenant = try store.tenant()
    let boss = try tenant.create(tenant.user, ["userName": "boss", "displayName": "The \"}Boss"])
    let user = try tenant.create(tenant.user, report(["value": .string(boss.id.text)]))
    let expected: JSONValue = [
      "value": .string(boss.id.text), "$ref": .string("/Users/\(boss.id.text)"), "displayName": "The \"}Boss",
    ]
    XCTAssertEqual(manager(user), expected)
    XCTAssertEqual(manager(try tenant.read(user)), expected)
    for filter in [
      "userName eq \"report\"", "userName sw \"rep\"", "manager.displayName sw \"the\"",
      "manager.$ref ew \"\(boss.id.text)\"",
    ] {
      let page = try tenant.page(tenant.user, filter)
      XCTAssertEqual(page.resources.map { manager($0) }, [expected], filter)
    }
    store.close()
    let again = try open()
    defer { again.close() }
    XCTAssertEqual(manager(try again.tenant().read(user)), expected)
  }

  func testNothingDerivedIsKept() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let boss = try tenant.create(tenant.user, ["userName": "boss", "displayName": "Boss"])
    let user = try tenant.create(
      tenant.user, report(["value": .string(boss.id.text), "$ref": "x", "displayName": "y"]))
    let version = user.version
    var echo = try XCTUnwrap(user.json.objectValue)
    for name in ["schemas", "id", "meta"] { echo[name] = nil }
    XCTAssertEqual(try tenant.replace(user, .object(echo)).version, version)
    try tenant.delete(boss)
    XCTAssertEqual(manager(try tenant.read(user)), ["value": .string(boss.id.text)])
  }

  func testAValueThatIsNoUserIsShownAsItWasSent() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let group = try tenant.createGroup("Staff")
    let unknown = "00000000-0000-4000-8000-000000000000"
    for value in ["4711", "", unknown, group.id.text, unknown.uppercased() + "A"] where !value.isEmpty {
      let user = try tenant.create(tenant.user, report(["value": .string(value)], "u\(value)"))
      XCTAssertEqual(manager(user), ["value": .string(value)])
    }
    let user = try tenant.create(tenant.user, report(["$ref": "/x"], "link"))
    XCTAssertEqual(manager(user), ["$ref": "/x"])
  }
}
