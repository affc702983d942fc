import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// The CRC finds a disk's faults, the chain a person's: who edits a line and makes its CRC right again is found.
final class LogChainTests: DirectoryTestCase {
  private typealias Line = [UInt8]

  private var log: String { "\(folder)/directories/default" }
  private var first: String { "\(log)/\(LogName.segment(first: 1))" }

  /// Five records, of which no file but the journal knows.
  private func fill(snapshot: Bool = false) throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada", "title": "Countess"])
    let bob = try tenant.createUser("bob")
    try tenant.patch(ada, [["op": "replace", "path": "title", "value": "Lady"]])
    try tenant.delete(bob)
    try tenant.createUser("last")
    store.close()
    guard !snapshot else { return }
    // As after a kill: one segment, and no snapshot.
    for name in try FileSystem.list(log) where name != LogName.segment(first: 1) {
      try FileSystem.unlink("\(log)/\(name)")
    }
  }

  private func lines() throws -> [Line] {
    try FileSystem.readFile(first).split(separator: 0x0A).map(Array.init)
  }

  private func put(_ lines: [Line]) throws {
    try Data(lines.joined(separator: [0x0A]) + [0x0A]).write(to: URL(fileURLWithPath: first))
  }

  /// The line with a text in place of another, and with a CRC that is right.
  private func edited(_ line: Line, _ old: String, _ new: String) throws -> Line {
    let text = String(decoding: line.dropLast(SealedLine.sealBytes), as: UTF8.self)
    XCTAssertTrue(text.contains(old), text)
    var bytes = Array(text.replacingOccurrences(of: old, with: new).utf8)
    _ = SealedLine.seal(&bytes, from: 0)
    return bytes.dropLast()
  }

  private func record(_ line: Line) throws -> RecordLine {
    try XCTUnwrap(line.withUnsafeBytes { RecordLine($0, format: LogName.format) })
  }

  private func problems() throws -> [String] {
    try LogReport(folder: log, directory: "default").problems.map(\.reason)
  }

  private func finalHash() throws -> String {
    var log = try LogRecovery(folder: log, directory: "default")
    while try log.next() != nil {}
    return try log.end(.readOnly).point.hash.text
  }

  /// The server does not start on it.
  private func assertStartRefuses(
    _ what: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let copy = try copyOfFolder()
    XCTAssertThrowsError(try openStore(copy).close(), what, file: file, line: line) { error in
      guard case .log(.corrupt)? = error as? StoreError else {
        return XCTFail("\(error)", file: file, line: line)
      }
    }
  }

  private static let edits = [
    ("the actor", "\"key\":\"key_test\"", "\"key\":\"key_other\""),
    ("the time", "\"time\":\"2026-", "\"time\":\"2025-"),
    ("the kinds", "[\"create\",", "[\"update\","),
    ("a payload", "Countess", "Duchess"),
  ]

  func testAnEditThatMakesTheCRCRightAgainIsFound() throws {
    for (what, old, new) in Self.edits {
      try startOver()
      try fill()
      XCTAssertEqual(try problems(), [])
      var lines = try lines()
      lines[1] = try edited(lines[1], old, new)
      try put(lines)
      let found = try problems()
      XCTAssertEqual(found.count, 1, what)
      XCTAssertTrue(found.first?.contains("record 2 does not carry the hash") ?? false, "\(what): \(found)")
      try assertStartRefuses(what)
    }
  }

  func testAnotherSaltIsFound() throws {
    try fill()
    var lines = try lines()
    let text = String(decoding: lines[1], as: UTF8.self)
    let start = try XCTUnwrap(text.range(of: "\"salt\":\"")).upperBound
    let salt = String(text[start..<text.index(start, offsetBy: 32)])
    lines[1] = try edited(lines[1], salt, String(salt.reversed()))
    try put(lines)
    XCTAssertEqual(try problems().count, 1)
  }

  func testAnEditOfTheLastRecordIsFoundByTheSnapshotThatIncludesIt() throws {
    try fill(snapshot: true)
    XCTAssertEqual(try problems(), [])
    var lines = try lines()
    lines[5] = try edited(lines[5], "\"userName\":\"last\"", "\"userName\":\"else\"")
    try put(lines)
    XCTAssertFalse(try problems().isEmpty)
  }

  func testMakingTheChainAgainBehindAnEditChangesTheFinalHash() throws {
    try fill()
    let before = try finalHash()
    var lines = try lines()
    lines[1] = try edited(lines[1], "Countess", "Duchess")
    var prev = try record(lines[1]).hash
    for index in 2..<lines.count {
      let old = try record(lines[index])
      lines[index] = try edited(lines[index], old.prev.text, prev.text)
      prev = try record(lines[index]).hash
    }
    try put(lines)
    XCTAssertEqual(try problems(), [], "nothing but the final hash says so")
    XCTAssertNotEqual(try finalHash(), before)
    XCTAssertEqual(try finalHash(), prev.text)
    XCTAssertNil(try anchor(before), "a hash that was noted before is no longer in the chain")
    XCTAssertEqual(try anchor(prev.text), 5)
  }

  /// The number of the record with that hash; nil for none.
  private func anchor(_ hash: String) throws -> UInt64? {
    try LogReport(folder: log, directory: "default", anchoredAt: Digest256(hex: hash.utf8)).anchor
  }

  func testCuttingTheEndOffIsFoundByAHashThatWasNotedBefore() throws {
    try fill()
    let noted = try finalHash()
    XCTAssertEqual(try anchor(noted), 5)
    try put(try lines().dropLast())
    XCTAssertEqual(try problems(), [], "a chain alone does not say where it ended")
    XCTAssertNil(try anchor(noted))
  }

  func testANotedHashIsFoundAfterALaterErasureInTheRecordsBeforeIt() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada", "title": "Countess"])
    try tenant.createUser("bob")
    let core = try tenant.core
    let noted = core.head
    _ = try core.erase(tenant.user, ada.id, Tenant.context).wait().get()
    _ = core.finishErasure(of: ada.id)
    XCTAssertFalse(String(decoding: try FileSystem.readFile(first), as: UTF8.self).contains("Countess"))
    XCTAssertEqual(try anchor(noted.hash.text), noted.seq)
    store.close()
    XCTAssertEqual(try problems(), [])
  }

  func testAChainThatWasMadeAgainIsFoundByASnapshotAndByTheNextSegment() throws {
    try fill(snapshot: true)
    var lines = try lines()
    lines[1] = try edited(lines[1], "Countess", "Duchess")
    var prev = try record(lines[1]).hash
    for index in 2..<lines.count {
      let old = try record(lines[index])
      lines[index] = try edited(lines[index], old.prev.text, prev.text)
      prev = try record(lines[index]).hash
    }
    try put(lines)
    XCTAssertFalse(try problems().isEmpty)
  }

  /// The record as an erasure would leave it, with a payload of somebody's choice.
  private func marked(_ line: Line, payload: (String) -> String) throws -> Line {
    let old = try record(line)
    var bytes: [UInt8] = []
    _ = RecordLine.append(
      to: &bytes, seq: old.seq, synced: old.synced, prev: old.prev, frame: Array(line[old.frame]),
      commitment: old.commitment,
      payload: Array(payload(String(decoding: line[try XCTUnwrap(old.payload)], as: UTF8.self)).utf8))
    return bytes.dropLast()
  }

  func testAnEditThatIsMarkedAsRewrittenIsFoundWithoutAnErasureThatNamesIt() throws {
    try fill()
    let before = try finalHash()
    var lines = try lines()
    lines[1] = try marked(lines[1]) { $0.replacingOccurrences(of: "Countess", with: "Duchess") }
    XCTAssertEqual(try record(lines[1]).isRewritten, true)
    try put(lines)
    let found = try problems()
    XCTAssertEqual(found.count, 1)
    XCTAssertTrue(found.first?.contains("no erasure record says so") ?? false, "\(found)")
    try assertStartRefuses("marked as rewritten")
    lines[1] = try marked(lines[1]) { $0.replacingOccurrences(of: "Duchess", with: "Countess") }
    try put(lines)
    XCTAssertFalse(try problems().isEmpty, "even with the payload that was there")
    XCTAssertNotEqual(before, "")
  }

  func testAnEditOfARecordThatAnErasureRewroteIsFound() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada", "title": "Countess"])
    try tenant.createUser("bob")
    _ = try tenant.core.erase(tenant.user, ada.id, Tenant.context).wait().get()
    XCTAssertNil(try tenant.core.finishErasure(of: ada.id).postponed)
    store.close()
    XCTAssertEqual(try problems(), [])
    var lines = try lines()
    let erased = String(decoding: lines[1], as: UTF8.self)
    XCTAssertTrue(erased.contains("\"commitment\":\""))
    XCTAssertFalse(erased.contains("\"salt\""), "nobody can test guesses of what was there")
    XCTAssertFalse(erased.contains("Countess"))
    XCTAssertTrue(String(decoding: lines[2], as: UTF8.self).contains("\"salt\":\""))
    lines[1] = try marked(lines[1]) {
      $0.replacingOccurrences(of: "\"resource\":{}", with: "\"resource\":{\"userName\":\"eve\"}")
    }
    try put(lines)
    let found = try problems()
    XCTAssertTrue(found.contains { $0.contains("no erasure record says so") }, "\(found)")
    for name in try FileSystem.list(log) where name.hasPrefix("snapshot-") {
      try FileSystem.unlink("\(log)/\(name)")
    }
    try assertStartRefuses("an edited record of an erasure")
  }

  /// A segment that says it was repaired goes on as its header says, whatever its lines are.
  func testASegmentThatSaysItWasRepairedIsFoundWithoutARepairThatNamesIt() throws {
    let store = try openStore(options: options(snapshotBytes: 400))
    let tenant = try store.tenant()
    for number in 0..<6 {
      try tenant.create(tenant.user, ["userName": .string("user\(number)"), "title": "Countess"])
    }
    store.close()
    let names = try FileSystem.list(log).filter { $0.hasPrefix("journal-") }
    XCTAssertGreaterThan(names.count, 1)
    var lines = try lines()
    let last = try record(try XCTUnwrap(lines.last))
    lines[0] = try edited(
      lines[0], "\"prev\":\"\(Digest256.zero.text)\"",
      "\"prev\":\"\(Digest256.zero.text)\",\"rewritten\":{\"last\":\(last.seq),\"hash\":\"\(last.hash.text)\"}"
    )
    let end = lines.count - 1
    lines[end] = try edited(lines[end], "Countess", "Duchess")
    try put(lines)
    let found = try problems()
    XCTAssertTrue(found.contains { $0.contains("no repair record says so") }, "\(found)")
    for name in try FileSystem.list(log) where name.hasPrefix("snapshot-") {
      try FileSystem.unlink("\(log)/\(name)")
    }
    try assertStartRefuses("a segment that says it was repaired")
  }

  func testAnErasureInASegmentThatWasRepairedLeavesTheFolderSound() throws {
    try fill()
    var lines = try lines()
    lines[2][40] ^= 1
    try put(lines)
    let survey = try LogSurvey(
      folder: log, directory: "default", catalog: try Catalog.standard(), options: StoreOptions())
    _ = try RepairPlan(survey, environment: clock.environment).carryOut()
    XCTAssertEqual(try problems(), [])
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try XCTUnwrap(try tenant.page(tenant.user, "userName eq \"ada\"").resources.first)
    for name in try FileSystem.list(log) where name.contains(".damaged") {
      try FileSystem.unlink("\(log)/\(name)")
    }
    _ = try tenant.core.erase(tenant.user, ada.id, Tenant.context).wait().get()
    let result = try tenant.core.finishErasure(of: ada.id)
    XCTAssertTrue(result.rewritten.contains(LogName.segment(first: 1)), "\(result)")
    XCTAssertEqual(try problems(), [])
    store.close()
    XCTAssertEqual(try problems(), [])
    try openStore().close()
  }
}
