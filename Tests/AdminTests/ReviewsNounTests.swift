import Admin
import Foundation
import JSON
import XCTest

/// Reviews of who has what.
final class ReviewsNounTests: XCTestCase {
  private let root = AdminFixture.root

  private func filled() throws -> AdminFixture {
    let fixture = try AdminFixture(self)
    for name in ["ada", "bob", "eve"] { _ = try fixture.user(name) }
    _ = try fixture.group("Staff")
    _ = try fixture.ask("PATCH", root + "/groups/Staff/members", ["add": ["ada", "bob"]])
    for role in ["dev", "reader"] { _ = try fixture.ask("POST", root + "/roles", ["value": .string(role)]) }
    _ = try fixture.ask("POST", root + "/grants", ["group": "Staff", "role": "dev"])
    _ = try fixture.ask("POST", root + "/grants", ["user": "eve", "role": "dev"])
    _ = try fixture.ask("POST", root + "/grants", ["user": "eve", "role": "reader", "reason": "x"])
    return fixture
  }

  private func open(_ fixture: AdminFixture, _ more: JSONObject = JSONObject()) throws -> AdminFixture.Answer
  {
    var object: JSONObject = ["name": "Q1"]
    object.members += more.members
    return try fixture.ask("POST", root + "/reviews", .object(object))
  }

  private func items(_ fixture: AdminFixture) throws -> [JSONValue] {
    try fixture.ask("GET", root + "/reviews/Q1").json["items"]?.arrayValue ?? []
  }

  private func decide(
    _ fixture: AdminFixture, _ decisions: [(JSONValue?, String)], _ query: String = ""
  ) throws -> AdminFixture.Answer {
    let list = decisions.map { grant, verdict -> JSONValue in
      ["grant": grant ?? .null, "decision": .string(verdict), "comment": "because"]
    }
    return try fixture.ask(
      "POST", root + "/reviews/Q1/decisions" + query, ["decisions": .array(list)])
  }

  func testARevokedGrantIsGoneAnApprovedOneStaysAndBothAreKnown() throws {
    let fixture = try filled()
    let made = try open(fixture, ["due": "2999-01-01T00:00:00Z"])
    XCTAssertEqual(made.status, 201, "\(made.json)")
    XCTAssertEqual(made.json["undecided"], 3)
    XCTAssertEqual(made.json["overdue"], false)
    let grants = try items(fixture).map { $0["grant"] }
    let half = try decide(fixture, [(grants[0], "approve"), (grants[1], "revoke")])
    XCTAssertEqual(half.status, 200, "\(half.json)")
    XCTAssertEqual(half.json["undecided"], 1)
    XCTAssertEqual(half.json["approved"], 1)
    XCTAssertEqual(half.json["revoked"], 1)
    XCTAssertEqual(try fixture.ask("GET", root + "/holders?role=dev").items.count, 2, "eve lost it")
    let found = try items(fixture)
    XCTAssertEqual(found.map { $0["removed"] }, [false, true, false])
    XCTAssertEqual(found.map { $0["decision"] }, ["approve", "revoke", nil])
    XCTAssertNotNil(found[0]["reviewer"])
    XCTAssertEqual(found[0]["comment"], "because")
    XCTAssertEqual(
      try fixture.ask("POST", root + "/reviews/Q1/close").json["detail"]?.stringValue,
      "1 of the 3 grants are undecided.")
    XCTAssertEqual(try fixture.ask("POST", root + "/reviews/Q1/close?force=true").json["state"], "closed")
    XCTAssertEqual(try decide(fixture, [(grants[2], "revoke")]).code, "conflict")
    XCTAssertEqual(try fixture.ask("POST", root + "/reviews/Q1/close").code, "needsForce")
    XCTAssertEqual(try fixture.ask("POST", root + "/reviews/Q1/close?force=true").code, "conflict")
    XCTAssertEqual(try fixture.ask("GET", root + "/reviews").items.map { $0["state"] }, ["closed"])
  }

  func testAMindIsChangedFromApproveToRevokeOnlyAndAllIsDecidedOrNothing() throws {
    let fixture = try filled()
    _ = try open(fixture)
    let grants = try items(fixture).map { $0["grant"] }
    XCTAssertEqual(try decide(fixture, [(grants[1], "approve")]).json["approved"], 1)
    XCTAssertEqual(try decide(fixture, [(grants[1], "approve")]).json["approved"], 1)
    XCTAssertEqual(try decide(fixture, [(grants[1], "revoke")]).json["revoked"], 1)
    XCTAssertEqual(try decide(fixture, [(grants[1], "approve")]).code, "conflict")
    XCTAssertEqual(try decide(fixture, [(grants[2], "revoke"), (grants[1], "approve")]).code, "conflict")
    XCTAssertEqual(try decide(fixture, [(grants[2], "revoke"), ("x", "approve")]).code, "unknownGrant")
    XCTAssertEqual(try decide(fixture, [(grants[2], "maybe")]).code, "invalidMember")
    XCTAssertEqual(try decide(fixture, []).code, "tooMany")
    XCTAssertEqual(try decide(fixture, Array(repeating: (grants[2], "approve"), count: 501)).code, "tooMany")
    XCTAssertEqual(try items(fixture).map { $0["removed"] }, [false, true, false])
    _ = try fixture.ask("DELETE", root + "/grants/" + (grants[2]?.stringValue ?? ""))
    XCTAssertEqual(
      try fixture.ask("GET", root + "/reviews/Q1").json["undecided"], 1, "what is gone is not open")
    XCTAssertEqual(try decide(fixture, [(grants[2], "revoke")]).code, "unknownResource")
  }

  func testRevokingFromTheLastHolderOrFromManyNeedsForce() throws {
    let fixture = try filled()
    _ = try fixture.ask("PATCH", root + "/roles/reader", ["critical": true])
    _ = try open(fixture, ["role": "reader"])
    let grants = try items(fixture).map { $0["grant"] }
    XCTAssertEqual(grants.count, 1)
    let refused = try decide(fixture, [(grants[0], "revoke")])
    XCTAssertEqual(refused.code, "needsForce")
    XCTAssertEqual(
      refused.json["detail"], "The role \"reader\" is critical, and its last holder would lose it.")
    XCTAssertEqual(try items(fixture).map { $0["decision"] }, [nil], "nothing was decided")
    XCTAssertEqual(try decide(fixture, [(grants[0], "revoke")], "?force=true").json["revoked"], 1)
  }

  func testAReviewHasTheGrantsThatItsFilterChooses() throws {
    let fixture = try filled()
    for (name, filter, count) in [
      ("a", ["role": "dev"], 2), ("b", ["user": "eve"], 2), ("c", ["group": "Staff"], 1),
      ("d", ["user": "eve", "role": "dev"], 1),
    ] as [(String, JSONObject, Int64)] {
      var body: JSONObject = ["name": .string(name)]
      body.members += filter.members
      XCTAssertEqual(
        try fixture.ask("POST", root + "/reviews", .object(body)).json["grants"], .integer(count), name)
    }
    for (body, code, pointer) in [
      (["name": "a"], "notUnique", "/name"), (["name": ""], "invalidMember", "/name"),
      (["name": "x", "user": "bob"], "tooMany", nil), (["name": "x", "role": "none"], "unknownRole", nil),
      (["name": "x", "user": "eve", "group": "Staff"], "invalidMember", "/group"),
      (["name": "x", "due": "2020-01-01T00:00:00Z"], "invalidMember", "/due"),
      (["name": "x", "more": 1], "unknownMember", "/more"), ([:], "invalidMember", "/name"),
    ] as [(JSONValue, String, String?)] {
      let answer = try fixture.ask("POST", root + "/reviews", body)
      XCTAssertEqual(answer.code, code, "\(body) \(answer.json)")
      XCTAssertEqual(answer.json["pointer"]?.stringValue, pointer, "\(body)")
    }
    XCTAssertEqual(try fixture.ask("GET", root + "/reviews").items.count, 4)
    XCTAssertEqual(try fixture.ask("GET", root + "/reviews/none").code, "unknownResource")
  }

  func testTheExportSaysWhoHadWhatWhenTheReviewWasOpenedAndWhatWasDecided() throws {
    let fixture = try filled()
    _ = try open(fixture)
    let grants = try items(fixture).map { $0["grant"] }
    Thread.sleep(forTimeInterval: 0.005)
    _ = try decide(fixture, [(grants[0], "approve"), (grants[1], "revoke")])
    _ = try fixture.ask("PATCH", root + "/groups/Staff/members?force=true", ["remove": ["bob"]])
    func lines() throws -> [[String]] {
      let answer = try fixture.ask("GET", root + "/reviews/Q1/export?format=csv")
      XCTAssertEqual(answer.status, 200)
      return String(decoding: answer.bytes, as: UTF8.self).components(separatedBy: "\r\n").dropLast()
        .map { $0.components(separatedBy: ",") }
    }
    let found = try lines()
    XCTAssertEqual(found[0].prefix(6), ["review", "user", "id", "role", "target", "via"])
    XCTAssertEqual(
      found.dropFirst().map { "\($0[1]) \($0[3]) \($0[5]) \($0[10])" },
      ["ada dev Staff approve", "bob dev Staff approve", "eve dev  revoke", "eve reader  "])
    let head = try XCTUnwrap(found[1].last).split(separator: ".")
    XCTAssertEqual(head.count, 3)
    XCTAssertEqual(head[2].count, 64, "the hash of the last record")
    XCTAssertEqual(Set(found.dropFirst().map { $0.last }).count, 1)
    XCTAssertEqual(try lines(), found, "the same as long as nothing happens")
    _ = try fixture.user("new")
    let later = try lines()
    XCTAssertEqual(later.map { $0.dropLast() }, found.map { $0.dropLast() })
    XCTAssertNotEqual(later[1].last, found[1].last, "the log went on")
    let json = try fixture.ask("GET", root + "/reviews/Q1/export")
    XCTAssertEqual(json.bytes.count { $0 == UInt8(ascii: "\n") }, 4)
  }
}
