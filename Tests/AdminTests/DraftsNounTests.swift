import Admin
import Foundation
import JSON
import XCTest

/// Changes that are looked at before they are made, files of rights, and taking back.
final class DraftsNounTests: XCTestCase {
  private let root = AdminFixture.root

  private func filled(_ users: Int = 3) throws -> AdminFixture {
    let fixture = try AdminFixture(self)
    _ = try fixture.group("Engineering")
    for number in 0..<users { _ = try fixture.user("u\(number)") }
    _ = try fixture.ask(
      "PATCH", root + "/groups/Engineering/members", ["add": .array((0..<users).map { .string("u\($0)") })])
    _ = try fixture.ask("POST", root + "/roles", ["value": "developer", "permissions": ["code:push"]])
    return fixture
  }

  private func names(_ json: JSONValue?) -> [String] {
    (json?["users"]?.arrayValue ?? []).compactMap { $0["userName"]?.stringValue }.sorted()
  }

  func testADraftGrantsNothingIsReviewedAppliedAndTakenBack() throws {
    let fixture = try filled()
    let draft = try fixture.ask(
      "POST", root + "/drafts", ["name": "map", "add": [["group": "Engineering", "role": "developer"]]])
    XCTAssertEqual(draft.status, 201)
    XCTAssertEqual(draft.json["state"], "open")
    let one = "\(root)/drafts/\(draft.json["id"]?.stringValue ?? "")"
    let review = try fixture.ask("GET", one + "/review")
    let change = review.json["roles"]?.arrayValue?.first
    XCTAssertEqual(change?["role"], "developer")
    XCTAssertEqual(names(change?["gains"]), ["u0", "u1", "u2"])
    XCTAssertEqual(change?["loses"]?["count"], 0)
    XCTAssertEqual(review.json["needsForce"], false)
    XCTAssertEqual(
      try fixture.ask("GET", root + "/access/u0").json["permissions"], [], "nothing is granted yet")
    let applied = try fixture.ask("POST", one + "/apply")
    XCTAssertEqual(applied.json["revision"], 1)
    XCTAssertEqual(try fixture.ask("GET", root + "/access/u0").json["permissions"], ["code:push"])
    XCTAssertEqual(try fixture.ask("POST", one + "/apply").code, "conflict")
    XCTAssertEqual(try fixture.ask("DELETE", one).code, "conflict")
    let undo = try fixture.ask("POST", root + "/drafts/1/rollback")
    XCTAssertEqual(undo.status, 201)
    XCTAssertEqual(undo.json["undoes"], 1)
    let back = "\(root)/drafts/\(undo.json["id"]?.stringValue ?? "")"
    XCTAssertEqual(
      names(try fixture.ask("GET", back + "/review").json["roles"]?.arrayValue?.first?["loses"]),
      ["u0", "u1", "u2"])
    XCTAssertEqual(try fixture.ask("POST", back + "/apply").code, "needsForce")
    XCTAssertEqual(try fixture.ask("POST", back + "/apply?force=true").json["revision"], 2)
    XCTAssertEqual(try fixture.ask("GET", root + "/access/u0").json["permissions"], [])
    XCTAssertEqual(try fixture.ask("GET", root + "/drafts").items.count, 2)
  }

  func testADraftOf1999GrantsIsOneRecordAndNoJob() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.ask("POST", root + "/roles", ["value": "ns", "kind": "scoped", "permissions": ["a:b"]])
    let file = (0..<1999).map { number -> JSONValue in ["kind": "ns", "value": .string("n\(number)")] }
    XCTAssertEqual(try fixture.ask("POST", root + "/rights", ["targets": .array(file)]).status, 200)
    let add = (0..<1999).map { number -> JSONValue in
      ["user": "ada", "role": "ns", "target": .string("ns:n\(number)")]
    }
    let draft = try fixture.ask("POST", root + "/drafts", ["add": .array(add)])
    let one = "\(root)/drafts/\(draft.json["id"]?.stringValue ?? "")"
    let applied = try fixture.ask("POST", one + "/apply")
    XCTAssertEqual(applied.json["state"], "applied", "\(applied.code ?? "")")
    XCTAssertEqual(try fixture.ask("GET", AdminFixture.root + "/jobs").items.count, 0)
    let check: JSONValue = ["user": "ada", "permission": "a:b", "target": "ns:n1998"]
    let application = AdminCaller(.key("key_app"), directory: "default", scopes: [.accessRead])
    XCTAssertEqual(
      try fixture.ask("POST", "/api/v1/access/check", check, by: application).json["allowed"], true)
  }

  func testMoreThanATenthOfTheHoldersLoseARoleOnlyByForce() throws {
    let fixture = try filled(20)
    var grants: [String] = []
    for number in 0..<20 {
      let grant = try fixture.ask(
        "POST", root + "/grants", ["user": .string("u\(number)"), "role": "developer"])
      grants.append(try XCTUnwrap(grant.json["id"]?.stringValue))
    }
    for (count, code) in [(2, nil), (3, "needsForce")] {
      let draft = try fixture.ask(
        "POST", root + "/drafts", ["remove": .array(grants.prefix(count).map { .string($0) })])
      let one = "\(root)/drafts/\(draft.json["id"]?.stringValue ?? "")"
      XCTAssertEqual(try fixture.ask("POST", one + "/apply").code, code, "\(count) of 20")
      if code == nil { grants.removeFirst(count) }
    }
    XCTAssertEqual(try fixture.ask("GET", root + "/grants").items.count, 18)
  }

  func testTheLastHolderOfACriticalRoleIsNamedInTheReview() throws {
    let fixture = try filled()
    _ = try fixture.ask("POST", root + "/roles", ["value": "owner", "critical": true])
    let grant = try fixture.ask("POST", root + "/grants", ["user": "u0", "role": "owner"])
    let draft = try fixture.ask("POST", root + "/drafts", ["remove": [grant.json["id"] ?? .null]])
    let one = "\(root)/drafts/\(draft.json["id"]?.stringValue ?? "")"
    let review = try fixture.ask("GET", one + "/review")
    XCTAssertEqual(review.json["needsForce"], true)
    XCTAssertTrue(review.json["warnings"]?.arrayValue?.first?.stringValue?.contains("critical") == true)
    XCTAssertEqual(try fixture.ask("POST", one + "/apply").code, "needsForce")
    XCTAssertEqual(try fixture.ask("DELETE", one).status, 200)
    XCTAssertEqual(try fixture.ask("GET", one).code, "unknownResource")
  }

  func testADraftThatCannotBeMadeAnyMoreLeavesNothingBehind() throws {
    let fixture = try filled()
    _ = try fixture.ask("POST", root + "/roles", ["value": "reader"])
    let draft = try fixture.ask(
      "POST", root + "/drafts",
      ["add": [["user": "u0", "role": "reader"], ["group": "Engineering", "role": "developer"]]])
    let one = "\(root)/drafts/\(draft.json["id"]?.stringValue ?? "")"
    _ = try fixture.ask("DELETE", root + "/roles/developer")
    XCTAssertEqual(try fixture.ask("GET", one + "/review").code, "unknownResource")
    XCTAssertEqual(try fixture.ask("POST", one + "/apply").code, "unknownResource")
    XCTAssertEqual(try fixture.ask("GET", root + "/grants").items, [])
    XCTAssertEqual(try fixture.ask("GET", one).json["state"], "open")
  }

  private func example() throws -> JSONValue {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("config/access.json")
    return try JSONParser.parse(Array(try Data(contentsOf: url)))
  }

  func testAFileIsAppliedOnceAndThenNothingDiffers() throws {
    let fixture = try AdminFixture(self)
    let file = try example()
    let dry = try fixture.ask("POST", root + "/rights?dryRun=true", file)
    XCTAssertEqual(dry.json["changes"]?.arrayValue?.count, 11)
    XCTAssertEqual(dry.json["applied"], false)
    XCTAssertEqual(try fixture.ask("GET", root + "/roles").items, [])
    XCTAssertEqual(try fixture.ask("POST", root + "/rights", file).json["applied"], true)
    XCTAssertEqual(try fixture.ask("GET", root + "/roles").items.count, 9)
    let again = try fixture.ask("POST", root + "/rights", file)
    XCTAssertEqual(again.json["changes"], [])
    XCTAssertEqual(again.json["applied"], false)
  }

  func testWhatASectionLeavesOutIsRemovedAndOtherSectionsAreLeftAlone() throws {
    let fixture = try filled()
    func apply(_ file: JSONValue, force: Bool = false) throws -> [String] {
      let answer = try fixture.ask("POST", root + "/rights" + (force ? "?force=true" : ""), file)
      XCTAssertEqual(answer.status, 200, "\(answer.json)")
      return (answer.json["changes"]?.arrayValue ?? []).map {
        "\($0["change"]?.stringValue ?? "") \($0["what"]?.stringValue ?? "")"
      }
    }
    _ = try fixture.ask("POST", root + "/grants", ["user": "u2", "role": "developer"])
    let both: JSONValue = [
      ["group": "Engineering", "role": "developer"],
      ["user": "u1", "role": "developer", "expires": "2199-01-01T00:00:00Z"],
    ]
    XCTAssertEqual(
      try apply(["grants": both]),
      ["create grant of developer to Engineering", "create grant of developer to u1"])
    XCTAssertEqual(try apply(["grants": both]), [])
    XCTAssertEqual(try apply(["targets": ["ns:one"]]), ["create target ns:one"])
    XCTAssertEqual(try fixture.ask("GET", root + "/roles").items.count, 1)
    let one: JSONValue = [["user": "u1", "role": "developer"]]
    XCTAssertEqual(try fixture.ask("POST", root + "/rights", ["grants": one]).code, "needsForce")
    XCTAssertEqual(try apply(["grants": one], force: true).count, 2)
    let left = try fixture.ask("GET", root + "/grants").items
    XCTAssertEqual(left.compactMap { $0["principal"]?["name"]?.stringValue }.sorted(), ["u1", "u2"])
    XCTAssertEqual(try apply(["roles": []], force: true), ["delete role developer"])
    XCTAssertEqual(try fixture.ask("GET", root + "/grants").items, [])
  }

  func testAFileThatIsWrongIsRefusedWithItsPlaceAndNothingIsChanged() throws {
    let fixture = try filled()
    let cases: [(JSONValue, String, String?)] = [
      (["role": []], "invalidMember", "/role"), ([], "invalidMember", ""),
      (["roles": [["value": "a"], ["value": "A"]]], "invalidMember", "/roles/1/value"),
      (["roles": [["value": "a", "permissions": ["x"]]]], "invalidMember", "/roles/0/permissions/0"),
      (["targets": ["x"]], "invalidMember", "/targets/0"),
      (["targets": ["a:b", ["kind": "A", "value": "B"]]], "invalidMember", "/targets/1"),
      (["grants": [["role": "developer"]]], "invalidMember", "/grants/0"),
      (["grants": [["user": "eve", "role": "developer"]]], "unknownResource", "/grants/0/user"),
      (["grants": [["user": "u0", "role": "x"]], "roles": [["value": "y"]]], "unknownResource", nil),
      (
        ["grants": [["user": "u0", "role": "developer", "expires": "soon"]]], "invalidMember",
        "/grants/0/expires"
      ),
    ]
    for (file, code, pointer) in cases {
      let answer = try fixture.ask("POST", root + "/rights", file)
      XCTAssertEqual(answer.code, code, "\(file) \(answer.json)")
      XCTAssertEqual(answer.json["pointer"]?.stringValue, pointer, "\(file)")
    }
    XCTAssertEqual(try fixture.ask("GET", root + "/roles").items.count, 1)
  }
}
