import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// A folder that the server wrote, and from which `user erase` took a person: two segments and a snapshot say in their
/// places what they were before. Such folders are read for ever.
final class ErasureFixtureTests: DirectoryTestCase {
  private static let alice = "7994cbf7-164b-4cfd-a8cb-77daf68c2f39"
  private static let bob = "f70f3614-f86e-4a56-b1bd-1b9085c203b3"

  private var log: String { "\(folder)/directories/default" }

  override func setUpWithError() throws {
    try super.setUpWithError()
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    try FileManager.default.copyItem(atPath: fixture + "/Fixtures/log/format-1-erased", toPath: folder)
  }

  func testVerifyAcceptsIt() throws {
    let report = try LogReport(folder: log, directory: "default")
    XCTAssertEqual(report.problems, [])
    XCTAssertEqual(report.warnings, [])
    XCTAssertEqual(
      [report.segments, report.rewritten, report.records, report.snapshots.count], [3, 2, 10, 2])
  }

  func testItIsRecoveredWithAndWithoutItsSnapshotsAndGoesOn() throws {
    var dumps: [[String]] = []
    for isJournalOnly in [false, true] {
      try startOver()
      for name in try FileSystem.list(log) where isJournalOnly && name.hasPrefix("snapshot-") {
        try FileSystem.unlink("\(log)/\(name)")
      }
      let store = try openStore()
      XCTAssertEqual(events.warnings, [])
      let tenant = try store.tenant()
      dumps.append(try tenant.dump())
      XCTAssertEqual(
        try tenant.page(tenant.user).resources.map { $0.json["userName"] },
        ["bob@example.com", "carol@example.com", "dave@example.com"])
      XCTAssertEqual(try tenant.page(tenant.group).resources.map(\.memberIDs), [[Self.bob]])
      assertError(404) { _ = try tenant.restore(tenant.user, Self.alice) }
      try tenant.createUser("alice@example.com")
      let dump = try tenant.dump()
      store.close()
      XCTAssertEqual(try dumpOfCopy(), dump)
      XCTAssertEqual(try LogReport(folder: log, directory: "default").problems, [])
    }
    // When its snapshots were written, a user's own version changed with the groups of the user.
    XCTAssertEqual(dumps[0].map(Self.withoutVersion), dumps[1].map(Self.withoutVersion))
  }

  private static func withoutVersion(_ text: String) -> String {
    text.replacingOccurrences(of: #""version":"W/\\"[^"]*"""#, with: "", options: .regularExpression)
  }

  func testItsHistoryTellsThatSomethingHappenedAndNotWhat() throws {
    let alice = try XCTUnwrap(ResourceID(Self.alice))
    let events = try ResourceHistory(of: alice, folder: log, directory: "default").events
    XCTAssertEqual(events.map(\.seq), [1, 3, 4, 6, 7, 8])
    for event in events where [1, 4, 6, 7].contains(event.seq) {
      guard case .withheld? = event.effects.first else { return XCTFail("\(event)") }
    }
    guard case .erased? = events.last?.effects.first else { return XCTFail("\(events)") }
  }

  func testNoFileHasAValueOfWhoWasErased() throws {
    var text = ""
    for name in try FileSystem.list(log) {
      text += String(decoding: try FileSystem.readFile("\(log)/\(name)"), as: UTF8.self).lowercased()
    }
    XCTAssertTrue(text.contains(Self.alice), "the id stays")
    for value in ["alice", "liddell", "wonderland"] { XCTAssertFalse(text.contains(value), value) }
  }
}
