import JSON
import XCTest

/// Members of groups through the admin API.
final class MembersNounTests: XCTestCase {
  private let groups = AdminFixture.root + "/groups"

  func testMembersAreAddedAndRemovedByAnyNameInOneChange() throws {
    let fixture = try AdminFixture(self)
    let ada = try fixture.user("ada")
    _ = try fixture.user("bob", ["emails": [["value": "bob@work.example"]]])
    _ = try fixture.group("Staff")
    _ = try fixture.group("All")
    let added = try fixture.ask(
      "PATCH", groups + "/All/members", ["add": [.string(ada), "bob@work.example", "Staff"]])
    XCTAssertEqual(added.json["added"], 3, "\(added.json)")
    let change = try fixture.ask("PATCH", groups + "/All/members", ["add": ["ada"], "remove": ["bob"]])
    XCTAssertEqual([change.json["added"], change.json["removed"], change.json["members"]], [0, 1, 2])
  }

  func testOneUnknownNameChangesNothing() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.group("Staff")
    for body: JSONValue in [["add": ["ada", "nobody"]], ["add": ["ada"], "remove": ["nobody"]]] {
      let answer = try fixture.ask("PATCH", groups + "/Staff/members", body)
      XCTAssertEqual(answer.code, "invalidValue")
      XCTAssertEqual(answer.json["detail"]?.stringValue?.contains("nobody"), true)
    }
    XCTAssertEqual(try fixture.ask("GET", groups + "/Staff/members").items, [])
  }

  func testAChangeWithoutMembersOrWithUnknownOnesOfItsOwnIsRefusedWithTheirPlace() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.group("Staff")
    let cases: [(JSONValue, String, String)] = [
      ([:], "invalidMember", "/add"), (["ad": ["x"]], "unknownMember", "/ad"),
      (["add": "x"], "invalidMember", "/add"), (["add": [1]], "invalidMember", "/add/0"),
      ([], "invalidMember", ""),
    ]
    for (body, code, pointer) in cases {
      let answer = try fixture.ask("PATCH", groups + "/Staff/members", body)
      XCTAssertEqual(answer.code, code, "\(body)")
      XCTAssertEqual(answer.json["pointer"]?.stringValue, pointer, "\(body)")
    }
  }

  func testAnAmbiguousMemberIsRefusedWithItsPlaceAndTheCandidates() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.group("Staff")
    let ids = [try fixture.user("x"), try fixture.group("X")]
    let answer = try fixture.ask("PATCH", groups + "/Staff/members", ["remove": ["Staff", "x"]])
    XCTAssertEqual(answer.code, "ambiguousName")
    XCTAssertEqual(answer.json["pointer"], "/remove/1")
    XCTAssertEqual(
      answer.json["candidates"]?.arrayValue?.compactMap { $0["id"]?.stringValue }, ids)
  }

  func testMembersArePagedInOrderOfTheirCreation() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.group("Staff")
    var names: [String] = []
    for number in 0..<5 {
      names.append("user\(number)")
      _ = try fixture.user("user\(number)")
    }
    _ = try fixture.ask(
      "PATCH", groups + "/Staff/members", ["add": .array(names.reversed().map { .string($0) })])
    let first = try fixture.ask("GET", groups + "/Staff/members?limit=3")
    let next = try XCTUnwrap(first.json["next"]?.stringValue)
    let second = try fixture.ask("GET", groups + "/Staff/members?limit=3&cursor=\(next)")
    XCTAssertNil(second.json["next"])
    XCTAssertEqual((first.items + second.items).compactMap { $0["name"]?.stringValue }, names)
  }

  func testADryRunCountsAndChangesNothing() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.group("Staff")
    let answer = try fixture.ask("PATCH", groups + "/Staff/members?dryRun=true", ["add": ["ada"]])
    XCTAssertEqual(answer.json["added"], 1)
    XCTAssertEqual(try fixture.ask("GET", groups + "/Staff/members").items, [])
  }
}
