import HTTP
import JSON
import XCTest

@testable import Admin

/// What a request says besides its path and body reaches no other directory either.
final class ForeignRequestsTests: XCTestCase {
  private let caller = AdminCaller(.key("key_a"), directory: "default")
  private let neighbour = AdminCaller(.key("key_b"), directory: "other")
  private let other = "/admin/v1/directories/other"

  func testIdempotencyKey_UsedInAnotherDirectory_ReplaysNothing() throws {
    let fixture = try AdminFixture(self)
    try fixture.makeDirectory("other")
    let key = [("Idempotency-Key", "same")]
    // The administrator of all directories, and one caller for each.
    for (first, second, name) in [
      (AdminFixture.administrator, AdminFixture.administrator, "ada"), (neighbour, caller, "bob"),
    ] {
      let body: JSONValue = ["userName": .string(name)]
      let there = try fixture.ask("POST", other + "/users", body, by: first, fields: key)
      let here = try fixture.ask("POST", AdminFixture.root + "/users", body, by: second, fields: key)
      XCTAssertEqual([there.status, here.status], [201, 201], name)
      XCTAssertNotEqual(there.json["id"], here.json["id"])
      XCTAssertNil(here.fields[FieldName("Idempotent-Replayed")])
    }
    XCTAssertEqual(try fixture.ask("GET", other + "/users").items.count, 2)
  }

  func testIfMatch_VersionOfAnotherDirectorysResource_IsThatOfNone() throws {
    let fixture = try AdminFixture(self)
    try fixture.makeDirectory("other")
    let there = try fixture.user("ada", in: "other")
    let here = try fixture.user("ada")
    let version = try XCTUnwrap(
      try fixture.ask("GET", other + "/users/\(there)").fields[FieldName("ETag")])
    let answers = try [version, "W/\"made-up\""].map { version in
      try fixture.ask(
        "DELETE", AdminFixture.root + "/users/\(here)", by: caller, ifMatch: version)
    }
    XCTAssertEqual(answers.map(\.status), [412, 412])
    XCTAssertEqual(answers[0].json["detail"], answers[1].json["detail"])
    XCTAssertEqual(try fixture.ask("GET", other + "/users/\(there)").status, 200)
  }

  func testJob_OfAnotherDirectory_IsTheSameAsNone() throws {
    let fixture = try AdminFixture(self)
    try fixture.makeDirectory("other")
    let users = (0..<2_001).map { number in
      """
      {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"user\(number)"}
      """
    }
    let begun = try fixture.ask(
      "POST", other + "/import?format=ndjson", bytes: Array(users.joined(separator: "\n").utf8))
    fixture.world.jobs.finish()
    let job = try XCTUnwrap(begun.json["job"]?["id"]?.stringValue)
    XCTAssertEqual(try fixture.ask("GET", other + "/jobs/\(job)", by: neighbour).status, 200)
    XCTAssertEqual(try fixture.ask("GET", AdminFixture.root + "/jobs", by: caller).items.count, 0)
    let absent = String(job.map { $0 == "-" ? "-" : "0" })
    for (method, path) in [("GET", ""), ("POST", "/cancel")] {
      let answers = try [job, absent].map { id in
        let answer = try fixture.ask(method, AdminFixture.root + "/jobs/\(id)\(path)", by: caller)
        return "\(answer.status) \(answer.json["code"] ?? .null) \(answer.json["detail"] ?? .null)"
          .replacing(id, with: "ID")
      }
      XCTAssertEqual(answers[0], answers[1])
      XCTAssertTrue(answers[0].hasPrefix("404"), answers[0])
    }
  }
}
