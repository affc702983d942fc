import Admin
import JSON
import SCIM
import Storage
import XCTest

/// Roles, targets, grants and who may do what, through the admin API.
final class AccessNounTests: XCTestCase {
  private let root = AdminFixture.root

  private func role(_ fixture: AdminFixture, _ value: String, _ more: JSONObject = JSONObject()) throws {
    var object: JSONObject = ["value": .string(value)]
    object.members += more.members
    XCTAssertEqual(try fixture.ask("POST", root + "/roles", .object(object)).status, 201, value)
  }

  private func join(_ fixture: AdminFixture, _ group: String, _ member: String) throws {
    XCTAssertEqual(
      try fixture.ask("PATCH", "\(root)/groups/\(group)/members", ["add": [.string(member)]]).status, 200)
  }

  func testARoleIsMadeFoundByValueInAnyLetterCaseChangedAndDeleted() throws {
    let fixture = try AdminFixture(self)
    let made = try fixture.ask(
      "POST", root + "/roles",
      [
        "value": "Admin", "rank": 400, "permissions": ["b:c", "a:b", "a:b"], "critical": true, "display": "A",
      ])
    XCTAssertEqual(made.status, 201)
    XCTAssertEqual(made.json["permissions"], ["a:b", "b:c"])
    for name in ["admin", "ADMIN", made.json["id"]?.stringValue ?? ""] {
      XCTAssertEqual(try fixture.ask("GET", "\(root)/roles/\(name)").json["value"], "Admin", name)
    }
    XCTAssertEqual(try fixture.ask("POST", root + "/roles", ["value": "aDMIN"]).code, "notUnique")
    let version = made.json["version"]?.stringValue
    let changed = try fixture.ask(
      "PATCH", root + "/roles/admin", ["display": .null, "rank": 5], ifMatch: version)
    XCTAssertEqual(changed.json["rank"], 5)
    XCTAssertNil(changed.json["display"])
    XCTAssertEqual(changed.json["permissions"], ["a:b", "b:c"], "what is not named stays")
    XCTAssertEqual(
      try fixture.ask("PATCH", root + "/roles/admin", ["rank": 6], ifMatch: version).code, "changedMeanwhile")
    XCTAssertEqual(try fixture.ask("GET", root + "/roles").items.count, 1)
    XCTAssertEqual(try fixture.ask("DELETE", root + "/roles/admin").json["grants"], 0)
    XCTAssertEqual(try fixture.ask("GET", root + "/roles/admin").code, "unknownRole")
  }

  func testWhatARoleTargetOrGrantMustNotBeIsRefusedWithItsPlace() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.group("Staff")
    try role(fixture, "admin")
    try role(fixture, "write", ["kind": "scoped"])
    _ = try fixture.ask("POST", root + "/targets", ["kind": "namespace", "value": "payments"])
    let long = JSONValue.string(String(repeating: "x", count: 1001))
    let cases: [(String, JSONValue, String, String?)] = [
      ("roles", [:], "invalidMember", "/value"), ("roles", ["value": ""], "invalidMember", "/value"),
      ("roles", ["value": "a b"], "invalidMember", "/value"),
      ("roles", ["value": "ä"], "invalidMember", "/value"),
      ("roles", ["value": "2819c223-7f76-453a-919d-413861904646"], "invalidMember", "/value"),
      ("roles", ["value": "x", "kind": "none"], "invalidMember", "/kind"),
      ("roles", ["value": "x", "kind": "scoped", "rank": 1], "invalidMember", "/rank"),
      ("roles", ["value": "x", "rank": -1], "invalidMember", "/rank"),
      ("roles", ["value": "x", "permissions": ["a"]], "invalidMember", "/permissions/0"),
      ("roles", ["value": "x", "permissions": ["a:b", "a:b:c"]], "invalidMember", "/permissions/1"),
      ("roles", ["value": "x", "display": long], "invalidMember", "/display"),
      ("roles", ["value": "x", "nonsense": 1], "invalidMember", "/nonsense"),
      ("targets", ["kind": "a b", "value": "x"], "invalidMember", "/kind"),
      ("targets", ["kind": "a", "value": " x"], "invalidMember", "/value"),
      ("targets", ["kind": "Namespace", "value": "Payments"], "notUnique", "/value"),
      ("grants", ["role": "admin"], "invalidMember", "/user"),
      ("grants", ["role": "admin", "user": "ada", "group": "Staff"], "invalidMember", "/user"),
      ("grants", ["role": "nothing", "user": "ada"], "unknownRole", nil),
      ("grants", ["role": "admin", "user": "eve"], "unknownResource", "/user"),
      ("grants", ["role": "write", "user": "ada"], "invalidValue", nil),
      ("grants", ["role": "admin", "user": "ada", "target": "namespace:payments"], "invalidValue", nil),
      ("grants", ["role": "write", "user": "ada", "target": "namespace:nothing"], "unknownResource", nil),
      ("grants", ["role": "admin", "user": "ada", "expires": "2001-01-01T00:00:00Z"], "invalidValue", nil),
      ("grants", ["role": "admin", "user": "ada", "expires": "soon"], "invalidMember", "/expires"),
      ("grants", ["role": "admin", "user": "ada", "reason": long], "invalidMember", "/reason"),
      ("grants", ["role": "admin", "user": "ada", "origin": "scim"], "unknownMember", "/origin"),
    ]
    for (noun, body, code, pointer) in cases {
      let answer = try fixture.ask("POST", "\(root)/\(noun)", body)
      XCTAssertEqual(answer.code, code, "\(body) \(answer.json)")
      XCTAssertEqual(answer.json["pointer"]?.stringValue, pointer, "\(body)")
    }
    XCTAssertEqual(try fixture.ask("GET", root + "/grants").items, [])
  }

  func testAGrantToAGroupIsSeenExplainedAndListedForItsMembers() throws {
    let fixture = try AdminFixture(self)
    let ada = try fixture.user("ada", ["emails": [["value": "ada@example.com"]]])
    _ = try fixture.user("bob")
    _ = try fixture.group("Staff")
    _ = try fixture.group("Engineering")
    try join(fixture, "Engineering", "ada")
    try join(fixture, "Staff", "Engineering")
    try role(fixture, "developer", ["rank": 300, "permissions": ["code:push"]])
    let grant = try fixture.ask(
      "POST", root + "/grants", ["group": "Staff", "role": "developer", "reason": "everybody"])
    XCTAssertEqual(grant.status, 201)
    XCTAssertEqual(grant.json["principal"]?["name"], "Staff")
    XCTAssertEqual(grant.json["grantedBy"], "root (0)")
    XCTAssertEqual(
      try fixture.ask("POST", root + "/grants", ["group": "Staff", "role": "developer"]).code, "notUnique")
    let access = try fixture.ask("GET", root + "/access/ada@example.com")
    XCTAssertEqual(access.json["accountRole"], "developer")
    XCTAssertEqual(access.json["permissions"], ["code:push"])
    let via = access.json["roles"]?.arrayValue?.first?["via"]?.arrayValue ?? []
    XCTAssertEqual(via.map { $0["name"] }, ["Engineering", "Staff"])
    let allowed = try fixture.ask("GET", root + "/access/ada/explain?permission=code:push")
    XCTAssertEqual(allowed.json["allowed"], true)
    XCTAssertTrue(allowed.json["because"]?.stringValue?.contains("Engineering -> Staff") == true)
    let refused = try fixture.ask("GET", root + "/access/bob/explain?permission=code:push")
    XCTAssertEqual(refused.json["allowed"], false)
    XCTAssertEqual(
      refused.json["missing"]?.arrayValue?.first,
      "Membership in the group Staff, which has the role developer.")
    for query in ["role=developer", "permission=code:push"] {
      let holders = try fixture.ask("GET", root + "/holders?" + query).items
      XCTAssertEqual(holders.map { $0["user"]?["id"]?.stringValue }, [ada], query)
    }
    for query in ["group=Staff", "role=developer", "group=Staff&role=developer"] {
      XCTAssertEqual(try fixture.ask("GET", root + "/grants?" + query).items.count, 1, query)
    }
    XCTAssertEqual(try fixture.ask("GET", root + "/grants?user=ada").items.count, 0)
    let id = try XCTUnwrap(grant.json["id"]?.stringValue)
    XCTAssertEqual(try fixture.ask("DELETE", root + "/grants/" + id).status, 200)
    XCTAssertEqual(try fixture.ask("GET", root + "/access/ada").json["permissions"], [])
    XCTAssertEqual(try fixture.ask("GET", root + "/grants/" + id).code, "unknownGrant")
  }

  func testARoleOrTargetInUseGoesOnlyByForceAndItsGrantsWithIt() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    try role(fixture, "write", ["kind": "scoped"])
    _ = try fixture.ask("POST", root + "/targets", ["kind": "namespace", "value": "payments"])
    for name in ["roles/write", "targets/namespace:payments"] {
      let grant: JSONValue = ["user": "ada", "role": "write", "target": "namespace:payments"]
      XCTAssertEqual(try fixture.ask("POST", root + "/grants", grant).status, 201)
      XCTAssertEqual(try fixture.ask("DELETE", "\(root)/\(name)").code, "needsForce")
      XCTAssertEqual(try fixture.ask("DELETE", "\(root)/\(name)?force=true").json["grants"], 1)
      XCTAssertEqual(try fixture.ask("GET", root + "/grants").items, [])
      if name == "roles/write" { try role(fixture, "write", ["kind": "scoped"]) }
    }
  }

  func testTheLastHolderOfACriticalRoleKeepsItUnlessForced() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.user("bob")
    try role(fixture, "owner", ["critical": true])
    var ids: [String] = []
    for user in ["ada", "bob"] {
      let grant = try fixture.ask("POST", root + "/grants", ["user": .string(user), "role": "owner"])
      ids.append(try XCTUnwrap(grant.json["id"]?.stringValue))
    }
    XCTAssertEqual(try fixture.ask("DELETE", root + "/grants/" + ids[0]).status, 200)
    XCTAssertEqual(try fixture.ask("DELETE", root + "/grants/" + ids[1]).code, "needsForce")
    XCTAssertEqual(try fixture.ask("DELETE", root + "/grants/" + ids[1] + "?force=true").status, 200)
  }

  func testACriticalRoleIsGivenToAGroupOfAProviderOnlyByForce() throws {
    let fixture = try AdminFixture(self)
    let made = try fixture.ask("POST", root + "/connections", ["name": "Okta", "provider": "okta"])
    let connection = try XCTUnwrap(made.json["id"]?.stringValue.flatMap { ResourceID($0) })
    let directory = try XCTUnwrap(fixture.world.store.existingDirectory(named: "default"))
    let type = try XCTUnwrap(directory.catalog.types.first(where: \.hasMembers))
    let context = RequestContext(
      Actor(.key, key: "k", connection: connection), requestID: "r", operation: "o")
    _ = try directory.write(context) { tx throws(SCIMError) in
      try tx.create(type, Document(["displayName": "Owners"]), members: [], skipsUnknown: false)
    }.whenDurable().get()
    try role(fixture, "owner", ["critical": true])
    let grant: JSONValue = ["group": "Owners", "role": "owner"]
    XCTAssertEqual(try fixture.ask("POST", root + "/grants", grant).code, "needsForce")
    let tool = AdminCaller(.key("key_iga"), directory: "default")
    XCTAssertEqual(try fixture.ask("POST", "/api/v1/grants?force=true", grant, by: tool).code, "needsForce")
    XCTAssertEqual(try fixture.ask("POST", root + "/grants?force=true", grant).status, 201)
  }

  func testARepeatedGrantIsAnsweredAndNotGivenTwice() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    try role(fixture, "admin")
    let grant: JSONValue = ["user": "ada", "role": "admin"]
    let first = try fixture.ask("POST", root + "/grants", grant, fields: [("Idempotency-Key", "k")])
    let again = try fixture.ask("POST", root + "/grants", grant, fields: [("Idempotency-Key", "k")])
    XCTAssertEqual(first.status, 201)
    XCTAssertEqual(again.json["id"], first.json["id"])
    XCTAssertEqual(again.status, 201)
    let gone = "\(root)/grants/\(first.json["id"]?.stringValue ?? "")"
    for _ in 0..<2 {
      XCTAssertEqual(try fixture.ask("DELETE", gone, fields: [("Idempotency-Key", "d")]).status, 200)
    }
  }

  func testAnErasedUserHasNoGrants() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("ada")
    try role(fixture, "admin")
    _ = try fixture.ask("POST", root + "/grants", ["user": "ada", "role": "admin"])
    XCTAssertEqual(try fixture.ask("POST", "\(root)/users/\(id)/erase").status, 200)
    XCTAssertEqual(try fixture.ask("GET", root + "/grants").items, [])
  }
}
