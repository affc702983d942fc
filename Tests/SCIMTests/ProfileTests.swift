import SCIM
import XCTest

final class ProfileTests: XCTestCase {
  func testEveryProfileOfTheProductIsThere() {
    XCTAssertEqual(
      Profile.all.map(\.name),
      ["generic", "okta", "entra", "jumpcloud", "google", "onelogin", "ping", "cyberark", "sailpoint"])
    for profile in Profile.all { XCTAssertEqual(Profile.named(profile.name)?.name, profile.name) }
    XCTAssertNil(Profile.named("Okta"))
    XCTAssertNil(Profile.named(""))
  }

  func testRulesAgainstTheRFCAreOnOnlyWhereTheirClientNeedsThem() {
    let owners: [DialectRule: Set<String>] = [
      .createSelected: ["entra"], .unquotedText: ["entra"], .skipUnknownMembers: ["okta"],
      .foreignBaseSchema: ["onelogin"],
    ]
    for rule in DialectRule.allCases {
      let names = Set(Profile.all.filter { $0.rules.contains(rule) }.map(\.name))
      XCTAssertEqual(names, owners[rule] ?? Set(Profile.all.map(\.name)), rule.rawValue)
    }
  }

  func testARuleFiresOnceAndOnlyWhereItIsOn() {
    var dialect = Dialect(profile: .generic)
    XCTAssertFalse(dialect.allow(.createSelected))
    XCTAssertTrue(dialect.allow(.booleanText))
    XCTAssertTrue(dialect.allow(.operationCase))
    XCTAssertTrue(dialect.allow(.booleanText))
    XCTAssertEqual(dialect.fired, [.booleanText, .operationCase])
  }

  func testErrorsSayWhereTheyHappened() {
    let error = SCIMError.bad(.invalidValue, "wrong").at("Operation 2")
    XCTAssertEqual(error, SCIMError(status: 400, kind: .invalidValue, detail: "Operation 2: wrong"))
    XCTAssertEqual(SCIMError.uniqueness("userName").status, 409)
    XCTAssertEqual(SCIMError.uniqueness("userName").kind, .uniqueness)
    XCTAssertEqual(SCIMError.notFound("User x").status, 404)
    XCTAssertNil(SCIMError.notFound("User x").kind)
  }
}
