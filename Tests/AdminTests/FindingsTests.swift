import Access
import Admin
import Foundation
import JSON
import Platform
import Storage
import XCTest

/// What an administrator should look at.
final class FindingsTests: XCTestCase {
  private let root = AdminFixture.root

  private func findings(_ fixture: AdminFixture, _ query: String = "") throws -> [String] {
    try fixture.ask("GET", root + "/findings" + query).items.map {
      "\($0["kind"]?.stringValue ?? ""): \($0["text"]?.stringValue ?? "")"
    }
  }

  private func filled() throws -> AdminFixture {
    let fixture = try AdminFixture(self)
    for name in ["ada", "bob"] { _ = try fixture.user(name) }
    _ = try fixture.group("Owners")
    _ = try fixture.ask("PATCH", root + "/groups/Owners/members", ["add": ["bob"]])
    _ = try fixture.ask("POST", root + "/roles", ["value": "owner", "critical": true])
    _ = try fixture.ask("POST", root + "/roles", ["value": "reader", "rank": 1])
    _ = try fixture.ask("POST", root + "/grants", ["group": "Owners", "role": "owner"])
    _ = try fixture.ask("POST", root + "/grants", ["group": "Owners", "role": "reader"])
    return fixture
  }

  func testNothingIsFoundWhereGroupsHaveTheRightsOfActiveUsers() throws {
    XCTAssertEqual(try findings(try filled()), [])
  }

  func testEachKindIsFoundAndEndsWithItsCause() throws {
    let fixture = try filled()
    func give(_ grant: JSONObject) throws -> String {
      let made = try fixture.ask("POST", root + "/grants", .object(grant))
      return root + "/grants/" + (made.json["id"]?.stringValue ?? "")
    }
    let direct = try give(["user": "ada", "role": "owner"])
    _ = try give(["user": "bob", "role": "owner"])
    XCTAssertEqual(
      try findings(fixture), ["directAdmin: ada has the role owner directly, and through no group."],
      "bob has it through a group too")
    _ = try fixture.ask("DELETE", direct)
    let past = try give(["user": "ada", "role": "reader", "reason": "until 2020-01-31, see 2019-12-01"])
    XCTAssertEqual(
      try findings(fixture, "?kind=pastReason"),
      ["pastReason: ada still has the role reader, and the reason names 2020-01-31."])
    _ = try fixture.ask("PATCH", past, ["reason": "until 2999-01-31"])
    XCTAssertEqual(try findings(fixture, "?kind=pastReason"), [])
    _ = try fixture.ask("POST", root + "/users/ada/deactivate")
    XCTAssertEqual(
      try findings(fixture, "?kind=inactiveWithGrants"),
      ["inactiveWithGrants: ada is deactivated and still has a grant of the role reader."])
    _ = try fixture.ask("POST", root + "/roles", ["value": "nobody"])
    XCTAssertEqual(
      try findings(fixture, "?kind=unusedRole"), ["unusedRole: Nobody has the role nobody."])
    XCTAssertEqual(try findings(fixture).count, 2)
    XCTAssertEqual(try fixture.ask("GET", root + "/findings?limit=1").json["next"]?.stringValue, "c.1")
    XCTAssertEqual(try fixture.ask("GET", root + "/findings?kind=x").code, "invalidParameter")
  }

  func testUsersWithRightsWhoDoNotSignInAreFoundAfterNinetyDays() throws {
    let fixture = try filled()
    let directory = try XCTUnwrap(fixture.world.store.existingDirectory(named: "default"))
    let access = DirectoryAccess(directory, fixture.world.access)
    let day: Int64 = 86_400_000
    let now = fixture.world.environment.now()
    func found(_ days: Int64, _ signIns: [ResourceID: Int64]?) -> [String] {
      access.examine { evaluation in
        AccessEvaluation(evaluation.view, evaluation.table, now: now + days * day)
          .findings(signIns: signIns, reasons: [:]).filter { $0.kind == .notSignedIn }.map(\.text)
      }.whenDurable()
    }
    let bob = try XCTUnwrap(
      ResourceID(try fixture.ask("GET", root + "/users/bob").json["id"]?.stringValue ?? ""))
    XCTAssertEqual(found(91, nil), [], "nobody reports sign-ins")
    XCTAssertEqual(found(89, [:]), [])
    XCTAssertEqual(found(91, [:]), ["bob has rights and has never signed in."], "ada has no rights")
    XCTAssertEqual(found(91, [bob: now + 5 * day]), [])
    XCTAssertEqual(found(100, [bob: now + 5 * day]).count, 1)
    _ = try fixture.ask("PATCH", root, ["policies": ["signIn": "update"]])
    let application = AdminCaller(.key("app"), directory: "default", scopes: [.signInsWrite])
    XCTAssertEqual(
      try fixture.ask("POST", "/api/v1/sign-ins", ["userName": "bob"], by: application).status, 200)
    XCTAssertEqual(SignInNote.last(in: directory).keys.map { $0 }, [bob])
    XCTAssertEqual(try findings(fixture), [])
  }
}
