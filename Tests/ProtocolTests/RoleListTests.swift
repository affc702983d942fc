import JSON
import SCIM
import Protocol
import XCTest

/// The file behind /Roles and /Entitlements.
final class RoleListTests: XCTestCase {
  func testAFileThatIsWrongIsRefusedWithThePlace() {
    let wrong: [(JSONValue, String)] = [
      ([], ""), (["role": []], "/role"), (["roles": [:]], "/roles"), (["roles": ["admin"]], "/roles/0"),
      (["roles": [["display": "x"]]], "/roles/0"), (["roles": [["value": ""]]], "/roles/0"),
      (["roles": [["value": 5]]], "/roles/0/value"),
      (["roles": [["value": "a"], ["value": "a"]]], "/roles/1/value"),
      (["roles": [["value": "a", "displayName": "A"]]], "/roles/0/displayName"),
      (["entitlements": [["value": "a", "supported": "perhaps"]]], "/entitlements/0/supported"),
      (
        [
          "roles": .array(
            (0...RoleList.maxEntries).map { ["value": .string("\($0)")] })
        ], ""
      ),
    ]
    for (json, pointer) in wrong {
      XCTAssertThrowsError(try RoleList(json, time: 0), pointer) { error in
        XCTAssertEqual((error as? SchemaError)?.pointer, pointer, "\(error)")
      }
    }
  }

  func testOnlyWhatTheFileHasIsServed() throws {
    XCTAssertEqual(try RoleList(["roles": []], time: 0).catalog.types.map(\.endpoint), ["/Roles"])
    XCTAssertEqual(
      try RoleList(["entitlements": [], "roles": []], time: 0).catalog.types.map(\.endpoint),
      ["/Roles", "/Entitlements"])
  }
}
