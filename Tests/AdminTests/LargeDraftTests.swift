import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Admin

/// A draft of more than 1,999 grants is applied by a job, whose grants take effect together.
final class LargeDraftTests: XCTestCase {
  private static let count = 2100
  private let root = AdminFixture.root

  /// 2,100 users, of whom `u0` to `u9` have the role reader, and a role that nobody has.
  private func filled() throws -> AdminFixture {
    let fixture = try AdminFixture(self)
    let lines = (0..<Self.count).map {
      "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"u\($0)\"}"
    }
    _ = try fixture.ask(
      "POST", root + "/import?format=ndjson", bytes: Array(lines.joined(separator: "\n").utf8))
    fixture.world.jobs.finish()
    for role in ["reader", "writer"] {
      _ = try fixture.ask(
        "POST", root + "/roles", ["value": .string(role), "permissions": [.string("\(role):do")]])
    }
    for number in 0..<10 {
      _ = try fixture.ask("POST", root + "/grants", ["user": .string("u\(number)"), "role": "reader"])
    }
    return fixture
  }

  /// Gives everybody the role writer, and takes reader from those who have it.
  private func body(_ fixture: AdminFixture) throws -> JSONValue {
    let grants = try fixture.ask("GET", root + "/grants?role=reader").items.compactMap { $0["id"] }
    let new = (0..<Self.count).map { JSONValue.object(["user": .string("u\($0)"), "role": "writer"]) }
    return ["add": .array(new), "remove": .array(grants)]
  }

  private func draft(_ fixture: AdminFixture) throws -> String {
    let made = try fixture.ask("POST", root + "/drafts", try body(fixture))
    XCTAssertEqual(made.status, 201, "\(made.json)")
    XCTAssertEqual(made.json["state"], "open")
    XCTAssertEqual(made.json["changes"], 2110)
    return "\(root)/drafts/\(made.json["id"]?.stringValue ?? "")"
  }

  private func permissions(_ user: String, _ fixture: AdminFixture) throws -> JSONValue? {
    try fixture.ask("GET", "\(root)/access/\(user)").json["permissions"]
  }

  private func holders(_ role: String, _ fixture: AdminFixture) throws -> Int {
    let review = try fixture.ask("GET", root + "/holders?role=\(role)&limit=500")
    return review.items.count
  }

  private func job(_ one: String, _ fixture: AdminFixture) throws -> JSONValue {
    try XCTUnwrap(try fixture.ask("GET", one).json["job"])
  }

  private func cancel(_ one: String, _ fixture: AdminFixture) throws -> AdminFixture.Answer {
    let id = try job(one, fixture)["id"]?.stringValue ?? ""
    return try fixture.ask("POST", "\(root)/jobs/\(id)/cancel")
  }

  /// Applies it, and stops when at least so many of its changes are prepared.
  private func applyPartly(_ one: String, _ count: Int64, _ fixture: AdminFixture) throws {
    let begun = try fixture.ask("POST", one + "/apply?force=true")
    XCTAssertEqual(begun.json["job"]?["kind"], "applyDraft", "\(begun.json)")
    while try job(one, fixture)["done"]?.integerValue ?? 0 < count { usleep(1000) }
    fixture.world.jobs.stop()
  }

  private func goOn(_ fixture: AdminFixture) {
    JobRunner(fixture.world.store, fixture.world.access).finish()
  }

  /// What shows of rights: grants without ids and times, and counts.
  private func state(_ fixture: AdminFixture) throws -> [String] {
    var lines: [String] = []
    var cursor = ""
    repeat {
      let page = try fixture.ask("GET", root + "/grants?limit=500" + cursor)
      lines += page.items.map { grant in
        "\(grant["principal"]?["name"] ?? .null) \(grant["role"] ?? .null) \(grant["pending"] ?? .null) "
          + "\(grant["endsWith"] ?? .null)"
      }
      cursor = page.json["next"]?.stringValue.map { "&cursor=\($0)" } ?? ""
    } while !cursor.isEmpty
    return lines.sorted() + (try fixture.ask("GET", root + "/roles").items.map { "\($0["grants"] ?? .null)" })
  }

  func testNothingHoldsBeforeItIsAppliedAndAllDoesAfterwards() throws {
    let fixture = try filled()
    let one = try draft(fixture)
    let review = try fixture.ask("GET", one + "/review").json
    XCTAssertEqual(review["roles"]?.arrayValue?.map { $0["role"] }, ["reader", "writer"])
    XCTAssertEqual(review["roles"]?.arrayValue?.last?["gains"]?["count"], 2100)
    XCTAssertEqual(try fixture.ask("POST", one + "/apply").code, "needsForce")
    let begun = try fixture.ask("POST", one + "/apply?force=true").json
    XCTAssertEqual(begun["state"], "applying")
    let (first, last) = ("u5", "u2099")
    var seen = Set<String>()
    while try fixture.ask("GET", one).json["state"] == "applying" {
      // Nobody has the new rights before somebody else has.
      let pair = (try permissions(first, fixture), try permissions(last, fixture))
      if pair.0 == ["writer:do"] { XCTAssertEqual(pair.1, ["writer:do"]) }
      if pair.1 == [] { seen.insert("before") }
      for permissions in [pair.0, pair.1] {
        XCTAssertTrue([["reader:do"], [], ["writer:do"]].contains(permissions), "\(pair)")
      }
    }
    XCTAssertEqual(seen, ["before"])
    XCTAssertEqual(try permissions(first, fixture), ["writer:do"])
    XCTAssertEqual(try permissions(last, fixture), ["writer:do"])
    fixture.world.jobs.finish()
    let job = try job(one, fixture)
    XCTAssertEqual([job["state"], job["done"], job["skipped"]], ["finished", 2120, nil])
    XCTAssertEqual(try fixture.ask("GET", root + "/grants?role=reader").items, [])
    XCTAssertEqual(try fixture.ask("GET", one).json["revision"], 1)
    XCTAssertEqual(try fixture.ask("DELETE", one).code, "conflict")
  }

  func testEachRecordIsSmallAndNamesTheJob() throws {
    let fixture = try filled()
    let one = try draft(fixture)
    _ = try fixture.ask("POST", one + "/apply?force=true")
    fixture.world.jobs.finish()
    let id = try job(one, fixture)["id"]
    var sizes: [Int] = []
    var history = try LogHistory(
      folder: fixture.world.store.folder.path + "/directories/default", directory: "default")
    while let entry = try history.next() {
      guard try entry.record()["job"] == id else { continue }
      sizes.append(try entry.record()["kinds"]?.arrayValue?.count ?? 0)
    }
    XCTAssertEqual(sizes.count, 22 + 1 + 1 + 1, "the parts, the effect, the ended grants, and the end")
    XCTAssertLessThanOrEqual(sizes.max() ?? 0, 102)
  }

  func testHalfwayPendingGrantsAreListedAsSuchAndNobodyElseSeesThem() throws {
    let fixture = try filled()
    let export = try fixture.ask("GET", root + "/rights").bytes
    let findings = try fixture.ask("GET", root + "/findings").json
    let one = try draft(fixture)
    let whole = try fixture.ask("GET", one).json
    try applyPartly(one, 100, fixture)
    XCTAssertEqual(try fixture.ask("GET", one).json["state"], "applying")
    XCTAssertEqual(try fixture.ask("GET", root + "/rights").bytes, export)
    XCTAssertEqual(try fixture.ask("GET", root + "/findings").json, findings)
    let pending = try fixture.ask("GET", root + "/grants?user=u50").items.first
    XCTAssertEqual(pending?["pending"], true)
    XCTAssertEqual(pending?["draft"], whole["id"])
    XCTAssertEqual(try holders("writer", fixture), 0)
    XCTAssertEqual(
      try fixture.ask("GET", root + "/roles").items.map { $0["grants"] }.sorted { "\($0!)" < "\($1!)" },
      [0, 10])
    let explained = try fixture.ask("GET", root + "/access/u50/explain?permission=writer:do").json
    XCTAssertEqual(explained["allowed"], false)
    XCTAssertTrue("\(explained["missing"] ?? .null)".contains("when the draft"), "\(explained)")
    XCTAssertEqual(
      try fixture.ask("POST", root + "/grants", ["user": "u50", "role": "writer"]).code, "notUnique")
    let campaign = try fixture.ask("POST", root + "/reviews", ["name": "all"])
    XCTAssertEqual(campaign.json["grants"], 10, "\(campaign.json)")
    for (method, path) in [("GET", "/review"), ("POST", "/apply"), ("POST", "/rollback"), ("DELETE", "")] {
      XCTAssertEqual(try fixture.ask(method, one + path).code, "conflict", path)
    }
  }

  func testWhereverItStopsTheNextRunnerEndsItTheSame() throws {
    let expected = try filled()
    let whole = try draft(expected)
    _ = try expected.ask("POST", whole + "/apply?force=true")
    expected.world.jobs.finish()
    for stop: Int64 in [0, 1000, 2110] {
      let fixture = try filled()
      let one = try draft(fixture)
      try applyPartly(one, stop, fixture)
      goOn(fixture)
      XCTAssertEqual(try job(one, fixture)["state"], "finished", "\(stop)")
      XCTAssertEqual(try job(one, fixture)["done"], 2120, "\(stop)")
      XCTAssertEqual(try state(fixture), try state(expected), "\(stop)")
    }
  }

  func testACancelledOneLeavesNothingAndCanBeAppliedAgain() throws {
    let fixture = try filled()
    let before = try state(fixture)
    let one = try draft(fixture)
    try applyPartly(one, 1000, fixture)
    let cancelled = try cancel(one, fixture)
    XCTAssertEqual([cancelled.json["state"], cancelled.json["ending"]], ["running", "cancelled"])
    XCTAssertEqual(try cancel(one, fixture).code, "conflict", "once")
    goOn(fixture)
    let open = try fixture.ask("GET", one).json
    XCTAssertEqual([open["state"], open["revision"], open["job"]?["state"]], ["open", nil, "cancelled"])
    XCTAssertEqual(try state(fixture), before)
    XCTAssertEqual(try fixture.ask("POST", one + "/apply?force=true").json["revision"], 1)
    goOn(fixture)
    XCTAssertEqual(try permissions("u2099", fixture), ["writer:do"])
    XCTAssertEqual(try cancel(one, fixture).code, "conflict")
  }

  func testAnUndoingThatStopsGoesOnLater() throws {
    let fixture = try filled()
    let before = try state(fixture)
    let one = try draft(fixture)
    try applyPartly(one, 1000, fixture)
    _ = try cancel(one, fixture)
    let runner = JobRunner(fixture.world.store, fixture.world.access)
    runner.wake()
    while try job(one, fixture)["done"]?.integerValue ?? 0 > 900 { usleep(1000) }
    runner.stop()
    goOn(fixture)
    XCTAssertEqual(try job(one, fixture)["state"], "cancelled")
    XCTAssertEqual(try state(fixture), before)
  }

  func testOnceItHasTakenEffectItCannotBeCancelled() throws {
    let fixture = try filled()
    let one = try draft(fixture)
    fixture.world.jobs.stop()
    _ = try fixture.ask("POST", one + "/apply?force=true")
    let runner = JobRunner(fixture.world.store, fixture.world.access)
    runner.wake()
    while try fixture.ask("GET", one).json["state"] == "applying" { usleep(200) }
    let refused = try cancel(one, fixture)
    XCTAssertEqual(refused.code, "conflict", "\(refused.json)")
    runner.finish()
    XCTAssertEqual(try job(one, fixture)["state"], "finished")
  }

  func testADeletedRoleFailsItAndDeletedUsersAndGrantsAreSkipped() throws {
    let fixture = try filled()
    let one = try draft(fixture)
    fixture.world.jobs.stop()
    _ = try fixture.ask("POST", one + "/apply?force=true")
    _ = try fixture.ask("DELETE", root + "/users/u7")
    let reader = try fixture.ask("GET", root + "/grants?user=u3").items.first?["id"]?.stringValue ?? ""
    _ = try fixture.ask("DELETE", root + "/grants/\(reader)?force=true")
    goOn(fixture)
    XCTAssertEqual([try job(one, fixture)["state"], try job(one, fixture)["skipped"]], ["finished", 2])
    XCTAssertEqual(try fixture.ask("GET", root + "/roles/writer").json["grants"], 2099)

    let other = try filled()
    let two = try draft(other)
    try applyPartly(two, 500, other)
    while try other.ask("DELETE", root + "/roles/writer?force=true").status != 200 {
      for grant in try other.ask("GET", root + "/grants?role=writer&limit=500").items {
        _ = try other.ask("DELETE", root + "/grants/\(grant["id"]?.stringValue ?? "")")
      }
    }
    goOn(other)
    let failed = try job(two, other)
    XCTAssertEqual(failed["state"], "failed")
    XCTAssertTrue(failed["error"]?.stringValue?.contains("writer") == true, "\(failed)")
    XCTAssertEqual(try other.ask("GET", two).json["state"], "open")
    XCTAssertEqual(try other.ask("GET", root + "/grants").items.count, 10)
    XCTAssertEqual(try permissions("u3", other), ["reader:do"])
  }

  func testARollbackRestoresWhatWasBeforeWithoutWhatOthersChanged() throws {
    let fixture = try filled()
    let before = try state(fixture)
    let one = try draft(fixture)
    _ = try fixture.ask("POST", one + "/apply?force=true")
    fixture.world.jobs.finish()
    _ = try fixture.ask("DELETE", root + "/users/u2099")
    let undo = try fixture.ask("POST", root + "/drafts/1/rollback")
    XCTAssertEqual(undo.status, 201, "\(undo.json)")
    XCTAssertEqual([undo.json["changes"], undo.json["skipped"], undo.json["undoes"]], [2110, nil, 1])
    let gone = try fixture.ask("GET", root + "/grants?user=u44").items.first?["id"]?.stringValue ?? ""
    _ = try fixture.ask("DELETE", root + "/grants/\(gone)")
    let second = try fixture.ask("POST", root + "/drafts/1/rollback").json
    XCTAssertEqual([second["changes"], second["skipped"]], [2109, 1])
    let back = "\(root)/drafts/\(second["id"]?.stringValue ?? "")"
    XCTAssertEqual(try fixture.ask("POST", back + "/apply?force=true").json["revision"], 2)
    fixture.world.jobs.finish()
    XCTAssertEqual(try state(fixture), before)
  }

  func testAnExportAsOfATimeSaysWhatHeldThen() throws {
    let fixture = try filled()
    func moment() -> String {
      usleep(5000)
      defer { usleep(5000) }
      return DateTime(milliseconds: Environment.system.now()).description
    }
    func export(_ time: String) throws -> [UInt8] {
      try fixture.ask("GET", root + "/rights?asOf=\(time)").bytes
    }
    let one = try draft(fixture)
    let before = moment()
    let old = try fixture.ask("GET", root + "/rights").bytes
    try applyPartly(one, 1000, fixture)
    let during = moment()
    goOn(fixture)
    let after = moment()
    let new = try fixture.ask("GET", root + "/rights").bytes
    XCTAssertNotEqual(old, new)
    XCTAssertEqual(try export(before), old)
    XCTAssertEqual(try export(during), old)
    XCTAssertEqual(try export(after), new)
  }

  func testTheSnapshotForApplicationsHasNoPendingGrant() throws {
    let fixture = try filled()
    let one = try draft(fixture)
    let directory = try fixture.world.store.directory(named: "default").get()
    func grants() throws -> Int {
      let pieces = SnapshotPieces(
        directory.exportSource().whenDurable(), directory, asOf: "evt_4gT0aZk9_1_0")
      var bytes: [UInt8] = []
      while let piece = pieces.nextPiece() { bytes += piece }
      return String(decoding: bytes, as: UTF8.self).components(separatedBy: "{\"grant\":").count - 1
    }
    try applyPartly(one, 500, fixture)
    XCTAssertEqual(try grants(), 10)
    goOn(fixture)
    XCTAssertEqual(try grants(), 2100)
  }

  func testWhatChangesRolesOrHasTooManyChangesIsRefusedWithTheReason() throws {
    let fixture = try filled()
    var object = try XCTUnwrap(try body(fixture).objectValue)
    object["file"] = ["roles": [["value": "reader"], ["value": "writer"]]]
    let mixed = try fixture.ask("POST", root + "/drafts", .object(object))
    XCTAssertEqual(mixed.code, "invalidMember")
    XCTAssertTrue(mixed.json["fix"]?.stringValue?.contains("first") == true, "\(mixed.json)")
    let many = (0...100_000).map { JSONValue.object(["user": .string("u\($0)"), "role": "writer"]) }
    let refused = try fixture.ask("POST", root + "/drafts", ["add": .array(many)])
    XCTAssertTrue(refused.json["detail"]?.stringValue?.contains("100000") == true, "\(refused.json)")
    let file = try fixture.ask("POST", root + "/rights", ["grants": .array(Array(many.prefix(2001)))])
    XCTAssertTrue(file.json["detail"]?.stringValue?.contains("2000") == true, "\(file.json)")
    XCTAssertEqual(try fixture.ask("GET", root + "/drafts").items, [])
  }

  func testADiscardedOneLeavesNoPartsNorDoesOneThatACrashCutShort() throws {
    let fixture = try filled()
    let directory = try fixture.world.store.directory(named: "default").get()
    let part = directory.administrativeType("DraftPart")
    XCTAssertEqual(try fixture.ask("DELETE", try draft(fixture)).status, 200)
    XCTAssertEqual(directory.administrativeResources(part).count, 0)
    let one = try draft(fixture)
    XCTAssertEqual(directory.administrativeResources(part).count, 22)
    let type = directory.administrativeType("Draft")
    let written = directory.writeTogether(
      RequestContext(Actor(.server), requestID: "test", operation: "TEST")
    ) { tx throws(SCIMError) in
      let old = try tx.resource(type, String(one.split(separator: "/").last ?? ""))
      var document = old.document
      document.attributes["state"] = "preparing"
      try tx.update(old, document.ordered(for: type), [], skipsUnknown: false)
    }
    try written.whenDurable().get()
    XCTAssertEqual(try fixture.ask("POST", one + "/apply").code, "conflict")
    fixture.world.jobs.tidy()
    XCTAssertEqual(try fixture.ask("GET", one).code, "unknownResource")
    XCTAssertEqual(directory.administrativeResources(part).count, 0)
  }

  func testARepeatedRequestIsToldOfTheSameDraftAndJob() throws {
    let fixture = try filled()
    let body = try body(fixture)
    func ask(_ path: String, _ key: String, _ body: JSONValue? = nil) throws -> AdminFixture.Answer {
      try fixture.ask("POST", path, body, fields: [("Idempotency-Key", key)])
    }
    let first = try ask(root + "/drafts", "a", body).json["id"]
    XCTAssertEqual(try ask(root + "/drafts", "a", body).json["id"], first)
    let apply = "\(root)/drafts/\(first?.stringValue ?? "")/apply?force=true"
    let job = try ask(apply, "b").json["job"]?["id"]
    fixture.world.jobs.finish()
    XCTAssertEqual(try ask(apply, "b").json["job"]?["id"], job)
    XCTAssertEqual(try fixture.ask("GET", root + "/drafts").items.count, 1)
  }
}
