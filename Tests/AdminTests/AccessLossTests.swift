import Admin
import JSON
import XCTest

/// Acts by which many users, or the last ones of a critical role, lose a role need force.
final class AccessLossTests: XCTestCase {
  private let root = AdminFixture.root

  /// `owner` is critical and ada's; `dev` is Staff's, in which are twelve users, and `lone` u0's.
  private func filled() throws -> AdminFixture {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.group("Staff")
    for number in 0..<12 { _ = try fixture.user("u\(number)") }
    _ = try fixture.ask(
      "PATCH", root + "/groups/Staff/members", ["add": .array((0..<12).map { .string("u\($0)") })])
    _ = try fixture.ask("POST", root + "/roles", ["value": "owner", "critical": true])
    for role in ["dev", "lone"] { _ = try fixture.ask("POST", root + "/roles", ["value": .string(role)]) }
    _ = try fixture.ask("POST", root + "/grants", ["user": "ada", "role": "owner"])
    _ = try fixture.ask("POST", root + "/grants", ["group": "Staff", "role": "dev"])
    _ = try fixture.ask("POST", root + "/grants", ["user": "u0", "role": "lone"])
    return fixture
  }

  private func grant(_ fixture: AdminFixture, _ role: String) throws -> String {
    let found = try fixture.ask("GET", root + "/grants?role=" + role).items[0]["id"]?.stringValue
    return root + "/grants/" + (try XCTUnwrap(found))
  }

  private func check(
    _ fixture: AdminFixture, _ method: String, _ path: String, _ body: JSONValue? = nil, says text: String,
    line: UInt = #line
  ) throws {
    let refused = try fixture.ask(method, path, body)
    XCTAssertEqual(refused.code, "needsForce", "\(method) \(path)", line: line)
    XCTAssertEqual(refused.json["detail"]?.stringValue, text, line: line)
    XCTAssertEqual(refused.status, 409, line: line)
  }

  private static let last = "The role \"owner\" is critical, and its last holder would lose it."

  func testTheLastHolderOfACriticalRoleLosesItByNoActWithoutForce() throws {
    let fixture = try filled()
    let user = root + "/users/ada"
    let patch: JSONValue = ["Operations": [["op": "replace", "path": "active", "value": false]]]
    try check(fixture, "DELETE", user, says: Self.last)
    try check(fixture, "POST", user + "/deactivate", says: Self.last)
    try check(fixture, "PATCH", user, patch, says: Self.last)
    try check(fixture, "DELETE", try grant(fixture, "owner"), says: Self.last)
    try check(fixture, "DELETE", root + "/roles/owner", says: Self.last)
    XCTAssertEqual(try fixture.ask("GET", root + "/holders?role=owner").items.count, 1)
    let other: JSONValue = ["Operations": [["op": "replace", "path": "title", "value": "x"]]]
    XCTAssertEqual(try fixture.ask("PATCH", user, other).status, 200)
    XCTAssertEqual(try fixture.ask("DELETE", user + "?dryRun=true").status, 200)
    XCTAssertEqual(try fixture.ask("POST", user + "/deactivate?force=true").status, 200)
    XCTAssertEqual(try fixture.ask("DELETE", user).status, 200, "nobody has it any more")
  }

  func testErasingTheLastHolderOfACriticalRoleNeedsForce() throws {
    let fixture = try filled()
    let erase = root + "/users/ada/erase"
    try check(fixture, "POST", erase, says: Self.last)
    XCTAssertEqual(try fixture.ask("POST", erase + "?dryRun=true").status, 200)
    XCTAssertEqual(try fixture.ask("POST", erase + "?force=true").status, 200)
    XCTAssertEqual(try fixture.ask("POST", root + "/users/u1/erase").status, 200)
  }

  func testBringingTheEndOfAGrantForwardNeedsForceAsTakingItAwayDoes() throws {
    let fixture = try filled()
    let owner = try grant(fixture, "owner")
    try check(fixture, "PATCH", owner, ["expires": "2099-01-01T00:00:00Z"], says: Self.last)
    XCTAssertEqual(try fixture.ask("PATCH", owner, ["reason": "founder"]).status, 200)
    let forced = owner + "?force=true"
    XCTAssertEqual(try fixture.ask("PATCH", forced, ["expires": "2099-01-01T00:00:00Z"]).status, 200)
    XCTAssertEqual(try fixture.ask("PATCH", owner, ["expires": "2099-06-01T00:00:00Z"]).status, 200, "later")
    try check(fixture, "PATCH", owner, ["expires": "2099-05-31T00:00:00Z"], says: Self.last)
    XCTAssertEqual(
      try fixture.ask("PATCH", owner, ["expires": .null]).status, 200, "it does not end any more")
  }

  func testASecondHolderMakesTheFirstOneFree() throws {
    let fixture = try filled()
    _ = try fixture.ask("POST", root + "/grants", ["user": "u1", "role": "owner"])
    XCTAssertEqual(try fixture.ask("DELETE", root + "/users/ada").status, 200)
    try check(fixture, "DELETE", root + "/users/u1", says: Self.last)
  }

  func testMoreThanATenthOfTenHoldersLoseARoleByNoActWithoutForce() throws {
    let fixture = try filled()
    let all = "12 of the 12 holders of the role \"dev\" would lose it."
    let members = root + "/groups/Staff/members"
    try check(fixture, "DELETE", root + "/groups/Staff", says: all)
    try check(fixture, "DELETE", try grant(fixture, "dev"), says: all)
    try check(
      fixture, "PATCH", members, ["remove": ["u1", "u2"]],
      says: "2 of the 12 holders of the role \"dev\" would lose it.")
    let patch: JSONValue = ["Operations": [["op": "remove", "path": "members"]]]
    try check(fixture, "PATCH", root + "/groups/Staff", patch, says: all)
    XCTAssertEqual(try fixture.ask("PATCH", members, ["remove": ["u1"]]).status, 200, "one of twelve")
    XCTAssertEqual(try fixture.ask("DELETE", root + "/users/u2").status, 200)
    XCTAssertEqual(try fixture.ask("PATCH", members + "?force=true", ["remove": ["u3", "u4"]]).status, 200)
    XCTAssertEqual(
      try fixture.ask("PATCH", members, ["remove": ["u5", "u6"]]).status, 200, "two of eight: too few")
  }

  func testWhoKeepsTheRoleOtherwiseLosesNothing() throws {
    let fixture = try filled()
    _ = try fixture.group("All")
    _ = try fixture.ask("PATCH", root + "/groups/All/members", ["add": ["Staff"]])
    _ = try fixture.ask("POST", root + "/grants", ["group": "All", "role": "dev"])
    XCTAssertEqual(try fixture.ask("DELETE", try grant(fixture, "dev")).status, 200)
    try check(
      fixture, "DELETE", root + "/groups/All", says: "12 of the 12 holders of the role \"dev\" would lose it."
    )
    XCTAssertEqual(try fixture.ask("DELETE", try grant(fixture, "lone")).status, 200)
  }
}
