import Foundation
import JSON
import Storage
import XCTest

@testable import Admin

/// An import of more than one record is a job.
final class ImportJobTests: XCTestCase {
  private static let path = AdminFixture.root + "/import?format=ndjson"

  /// 2,100 users, and a group before them that has them all, and one of before; or the last of the lines is wrong.
  private static func file(title: String, isWrong: Bool = false) -> [UInt8] {
    let users = (0..<2100).map { "user\($0)" }
    let group = """
      {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"All","members":[\
      \(users.map { "{\"value\":\"\($0)\"}" }.joined(separator: ",")),{"value":"before"}]}
      """
    var lines = [group]
    for user in users {
      lines.append(
        """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"\(user)","title":"\(title)"}
        """)
    }
    if isWrong { lines.append("{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"]}") }
    return Array(lines.joined(separator: "\n").utf8)
  }

  private struct Counts: Equatable {
    let created: Int64
    let updated: Int64
    let unchanged: Int64
    let invalid: Int64

    init(_ created: Int64, _ updated: Int64, _ unchanged: Int64, _ invalid: Int64 = 0) {
      self.created = created
      self.updated = updated
      self.unchanged = unchanged
      self.invalid = invalid
    }

    init(_ report: JSONValue?) {
      func count(_ name: String) -> Int64 { report?[name]?.integerValue ?? -1 }
      self.init(count("created"), count("updated"), count("unchanged"), count("invalid"))
    }
  }

  private func job(_ answer: AdminFixture.Answer, _ fixture: AdminFixture) throws -> JSONValue {
    let id = try XCTUnwrap(answer.json["job"]?["id"]?.stringValue, "\(answer.json)")
    return try fixture.ask("GET", AdminFixture.root + "/jobs/\(id)").json
  }

  private func files(_ fixture: AdminFixture) throws -> [String] {
    let folder = fixture.world.store.folder.path + "/directories/default"
    return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".job") }
  }

  private func members(_ fixture: AdminFixture) throws -> Int64? {
    try fixture.ask("GET", AdminFixture.root + "/groups").items.first?["members"]?.integerValue
  }

  func testItIsAnsweredAtOnceAndDoneByRecordsThatNameTheJob() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("before")
    let begun = try fixture.ask("POST", Self.path, bytes: Self.file(title: "a"))
    XCTAssertEqual(begun.json["applied"], false)
    fixture.world.jobs.finish()
    let job = try job(begun, fixture)
    XCTAssertEqual([job["state"], job["kind"], job["import"]?["applied"]], ["finished", "import", true])
    XCTAssertEqual(job["done"], job["total"])
    XCTAssertEqual(Counts(job["import"]), Counts(2101, 0, 0))
    XCTAssertEqual(try members(fixture), 2101)
    XCTAssertEqual(try files(fixture), [])
    var ofJob = 0
    var largest = 0
    var history = try LogHistory(
      folder: fixture.world.store.folder.path + "/directories/default", directory: "default")
    while let entry = try history.next() {
      guard let id = job["id"], try entry.record()["job"] == id else { continue }
      ofJob += 1
      largest = max(largest, try entry.record()["kinds"]?.arrayValue?.count ?? 0)
    }
    XCTAssertEqual(ofJob, 10, "2,101 lines in steps of 250, and the end")
    XCTAssertLessThanOrEqual(largest, 251)
  }

  func testAWrongLineKeepsAllOthersOutUnlessItIsPartial() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("before")
    let file = Self.file(title: "a", isWrong: true)
    let refused = try fixture.ask("POST", Self.path, bytes: file)
    XCTAssertEqual(Counts(refused.json).invalid, 1)
    XCTAssertNil(refused.json["job"])
    XCTAssertEqual(try fixture.ask("GET", AdminFixture.root + "/groups").items, [])
    let begun = try fixture.ask("POST", Self.path + "&partial=true", bytes: file)
    fixture.world.jobs.finish()
    XCTAssertEqual(Counts(try job(begun, fixture)["import"]), Counts(2101, 0, 0, 1))
  }

  func testTheNextRunnerGoesOnWhereAStopLeftIt() throws {
    for conflict in ["fail", "replace", "skip"] {
      let fixture = try AdminFixture(self)
      _ = try fixture.user("before")
      let begun = try fixture.ask("POST", Self.path + "&conflict=\(conflict)", bytes: Self.file(title: "a"))
      while try job(begun, fixture)["done"] == 0 { usleep(1000) }
      fixture.world.jobs.stop()
      let stopped = try job(begun, fixture)
      JobRunner(fixture.world.store, fixture.world.access).finish()
      let job = try job(begun, fixture)
      XCTAssertEqual(job["state"], "finished", "\(conflict): \(stopped)")
      XCTAssertEqual(Counts(job["import"]), Counts(2101, 0, 0), conflict)
      XCTAssertEqual(try members(fixture), 2101, conflict)
      XCTAssertEqual(try files(fixture), [], conflict)
    }
  }

  func testAStoppedUpdateIsCountedOnceAndEndsAsTheFileSays() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("before")
    _ = try fixture.ask("POST", Self.path, bytes: Self.file(title: "a"))
    fixture.world.jobs.finish()
    let again = try fixture.ask("POST", Self.path, bytes: Self.file(title: "a"))
    XCTAssertEqual(Counts(again.json), Counts(0, 0, 2101))
    XCTAssertNil(again.json["job"], "nothing to do")
    let differing = try fixture.ask("POST", Self.path, bytes: Self.file(title: "b"))
    XCTAssertEqual(Counts(differing.json), Counts(0, 0, 1, 2100))
    let begun = try fixture.ask("POST", Self.path + "&conflict=replace", bytes: Self.file(title: "b"))
    while try job(begun, fixture)["done"] == 0 { usleep(1000) }
    fixture.world.jobs.stop()
    JobRunner(fixture.world.store, fixture.world.access).finish()
    XCTAssertEqual(Counts(try job(begun, fixture)["import"]), Counts(0, 2100, 1))
  }

  func testALineThatSomebodyElseComesBeforeIsReportedAndTheOthersAreImported() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("before")
    fixture.world.jobs.stop()
    let begun = try fixture.ask("POST", Self.path, bytes: Self.file(title: "a"))
    _ = try fixture.user("user2099", ["title": "mine"])
    JobRunner(fixture.world.store, fixture.world.access).finish()
    let job = try job(begun, fixture)
    XCTAssertEqual(job["state"], "finished")
    XCTAssertEqual(Counts(job["import"]), Counts(2100, 0, 0, 1))
    XCTAssertEqual(job["import"]?["errors"]?.arrayValue?.map { $0["line"] }, [2101])
    XCTAssertEqual(
      try fixture.ask("GET", AdminFixture.root + "/users/user2099").json["title"], "mine")
  }

  func testACancelledOneEndsWhereItStandsAndItsFileGoes() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("before")
    fixture.world.jobs.stop()
    let begun = try fixture.ask("POST", Self.path, bytes: Self.file(title: "a"))
    XCTAssertEqual(try files(fixture).count, 1)
    let id = try XCTUnwrap(begun.json["job"]?["id"]?.stringValue)
    XCTAssertEqual(
      try fixture.ask("POST", AdminFixture.root + "/jobs/\(id)/cancel").json["state"], "cancelled")
    XCTAssertEqual(try files(fixture), [])
    JobRunner(fixture.world.store, fixture.world.access).finish()
    XCTAssertEqual(try fixture.ask("GET", AdminFixture.root + "/groups").items, [])
  }

  func testWithoutItsFileItFailsAndSaysWhatToDo() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("before")
    fixture.world.jobs.stop()
    let begun = try fixture.ask("POST", Self.path, bytes: Self.file(title: "a"))
    let folder = fixture.world.store.folder.path + "/directories/default/"
    for file in try files(fixture) { try FileManager.default.removeItem(atPath: folder + file) }
    JobRunner(fixture.world.store, fixture.world.access).finish()
    let job = try job(begun, fixture)
    XCTAssertEqual(job["state"], "failed")
    XCTAssertTrue(job["error"]?.stringValue?.contains("--on-conflict replace") ?? false, "\(job)")
  }

  func testAFileWithoutARecordIsRemovedBeforeTheNextJobBegins() throws {
    let fixture = try AdminFixture(self)
    let directory = try fixture.world.store.directory(named: "default").get()
    let id = try XCTUnwrap(ResourceID("2819c223-7f76-453a-919d-413861904646"))
    try directory.keepFile([1], for: id)
    XCTAssertEqual(try files(fixture).count, 1)
    fixture.world.jobs.tidy()
    XCTAssertEqual(try files(fixture), [])
  }

  func testARepeatedRequestIsToldOfTheSameJob() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("before")
    let ask = {
      try fixture.ask(
        "POST", Self.path, bytes: Self.file(title: "a"), fields: [("Idempotency-Key", "k")])
    }
    let first = try ask()
    fixture.world.jobs.finish()
    let again = try ask()
    XCTAssertEqual(again.json["job"]?["id"], first.json["job"]?["id"])
    XCTAssertEqual(again.json["job"]?["state"], "finished")
    XCTAssertEqual(try fixture.ask("GET", AdminFixture.root + "/jobs").items.count, 1)
  }
}
