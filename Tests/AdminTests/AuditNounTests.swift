import Foundation
import HTTP
import JSON
import Storage
import XCTest

@testable import Admin

/// Who did what, and whether the record of it is untouched.
final class AuditNounTests: XCTestCase {
  private let path = AdminFixture.root + "/audit"
  private let verification = "/admin/v1/audit/verification"

  private func operations(_ fixture: AdminFixture, _ query: String = "") throws -> [String] {
    try fixture.ask("GET", path + query).items.compactMap { $0["operation"]?.stringValue }
  }

  func testAuditList_Records_AreShownNewestFirstWithoutValues() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("canary-name")
    _ = try fixture.ask("DELETE", AdminFixture.root + "/users/\(id)")
    let answer = try fixture.ask("GET", path)
    let items = try answer.items.map { try AuditItem(try ObjectReader($0)) }
    XCTAssertEqual(items.map(\.operation), ["DELETE /Users/{id}", "CREATE /Users"])
    XCTAssertEqual(items.map(\.acts.first?.kind), ["delete", "create"])
    XCTAssertEqual(Set(items.map(\.acts.first?.id)), [id])
    XCTAssertTrue(items.allSatisfy { $0.hash.count == 64 && !$0.request.isEmpty && !$0.actor.isEmpty })
    XCTAssertFalse(String(decoding: answer.bytes, as: UTF8.self).contains("canary-name"))
  }

  func testAuditList_Pages_HaveEveryRecordOnce() throws {
    let fixture = try AdminFixture(self)
    for number in 0..<23 { _ = try fixture.user("user\(number)") }
    var (seen, cursor): ([Int64], String?) = ([], nil)
    repeat {
      let answer = try fixture.ask("GET", path + "?limit=5" + (cursor.map { "&cursor=\($0)" } ?? ""))
      seen += answer.items.compactMap { $0["seq"]?.integerValue }
      cursor = answer.json["next"]?.stringValue
    } while cursor != nil
    XCTAssertEqual(seen, (1...23).reversed().map { Int64($0) })
    XCTAssertEqual(try fixture.ask("GET", path + "?cursor=nonsense").code, "invalidCursor")
  }

  func testAuditList_Filters_SelectByActorTimeAndKind() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.ask(
      "POST", AdminFixture.root + "/roles", ["value": "admin"], by: AdminCaller(.key("key_a")))
    XCTAssertEqual(try operations(fixture, "?administrative=true").count, 1)
    XCTAssertEqual(try operations(fixture, "?actor=key_a").count, 1)
    XCTAssertEqual(try operations(fixture, "?actor=key_b"), [])
    XCTAssertEqual(try operations(fixture, "?since=2000-01-01T00:00:00Z").count, 2)
    XCTAssertEqual(try operations(fixture, "?since=2199-01-01T00:00:00Z"), [])
    XCTAssertEqual(try fixture.ask("GET", path + "?since=yesterday").code, "invalidParameter")
    XCTAssertFalse(try fixture.ask("GET", "/admin/v1/audit").items.isEmpty, "the server's own records")
  }

  func testAuditVerify_UntouchedLog_IsIntactAndKnowsAHashThatWasNoted() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    func reports(_ query: String = "") throws -> [AuditReport] {
      try fixture.ask("GET", verification + query).items.map { try AuditReport(try ObjectReader($0)) }
    }
    let before = try XCTUnwrap(try reports("?directory=default").first)
    _ = try fixture.user("bob")
    let after = try reports("?head=\(before.head)")
    XCTAssertEqual(after.map(\.directory), ["_system", "default"])
    XCTAssertTrue(after.allSatisfy(\.isIntact))
    XCTAssertEqual(after.map(\.anchor), [nil, before.last])
    XCTAssertEqual(after[1].last, before.last + 1)
    XCTAssertEqual(try reports("?head=" + String(repeating: "0", count: 64)).compactMap(\.anchor), [])
    XCTAssertEqual(try fixture.ask("GET", verification + "?head=abc").code, "invalidParameter")
    XCTAssertEqual(try fixture.ask("GET", verification + "?directory=none").code, "unknownDirectory")
  }

  func testAuditVerify_ChangedRecord_IsNamed() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.user("bob")
    let folder = fixture.world.store.folder.path + "/directories/default"
    let name = try XCTUnwrap(
      try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasPrefix("journal-") })
    let file = URL(fileURLWithPath: "\(folder)/\(name)")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacingOccurrences(of: "\"userName\":\"ada\"", with: "\"userName\":\"eve\"")
      .write(to: file, atomically: false, encoding: .utf8)
    let report = try AuditReport(
      try ObjectReader(try XCTUnwrap(try fixture.ask("GET", verification + "?directory=default").items.first))
    )
    XCTAssertFalse(report.isIntact)
    XCTAssertTrue(report.problems.first?.contains("record 1") ?? false, "\(report.problems)")
  }

  func testAuditVerify_CallerOfOneDirectory_SeesThatAlone() throws {
    let fixture = try AdminFixture(self)
    try fixture.makeDirectory("other")
    _ = try fixture.user("ada")
    let caller = AdminCaller(.key("k"), directory: "default")
    let answer = try fixture.ask("GET", verification, by: caller)
    XCTAssertEqual(answer.items.map { $0["directory"] }, ["default"])
    XCTAssertEqual(try fixture.ask("GET", "/admin/v1/audit", by: caller).code, "beyondDirectory")
    XCTAssertEqual(
      try fixture.ask("GET", verification + "?directory=other", by: caller).code, "unknownDirectory")
  }
}
