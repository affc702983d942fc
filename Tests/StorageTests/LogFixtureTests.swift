import Foundation
import JSON
import Platform
@testable import Storage
import XCTest

/// The folders under Fixtures/log were written by released formats and are read for ever.
final class LogFixtureTests: LogTestCase {
  private static let folders =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/log/"
  private var fixture: String { Self.folders + "format-1" }

  func testFormat1IsRead() throws {
    let opened = try DataFolder.open(fixture, .readOnly)
    XCTAssertEqual(try opened.directoryNames(), ["default"])
    let recovered = try recover(in: try opened.directoryFolder("default"))
    XCTAssertEqual(recovered.snapshot, (1...4).map(text))
    XCTAssertEqual(recovered.records, (5...7).map(text))
    XCTAssertEqual(recovered.tail.point, LogPoint(seq: 7, chain: 0x7831_5531))
    XCTAssertEqual(recovered.tail.warnings, [])
  }

  /// Run with RECORD_LOG=1 to write the fixture again.
  func testFormat2IsWrittenByteForByte() throws {
    let journal = try openJournal()
    try appendOneByOne(journal, 1...4)
    try writeSnapshot(try rotate(journal), (1...4).map(text))
    try appendOneByOne(journal, 5...7)
    journal.close()
    let frozen = Self.folders + "format-2/directories/default"
    if ProcessInfo.processInfo.environment["RECORD_LOG"] != nil {
      try? FileManager.default.removeItem(atPath: frozen)
      try FileManager.default.createDirectory(
        atPath: Self.folders + "format-2/directories", withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: folder, toPath: frozen)
    }
    XCTAssertEqual(try FileSystem.list(folder), try FileSystem.list(frozen))
    for name in try FileSystem.list(frozen) {
      XCTAssertEqual(
        try FileSystem.readFile("\(folder)/\(name)"), try FileSystem.readFile("\(frozen)/\(name)"), name)
    }
  }

  func testAJournalOfFormat1IsGoneOnWithInFormat2() throws {
    for name in try FileSystem.list(fixture + "/directories/default") {
      try put("\(folder)/\(name)", try FileSystem.readFile("\(fixture)/directories/default/\(name)"))
    }
    for run in 0..<2 {
      let journal = try openJournal()
      try journal.append(payload(8 + run))
      journal.close()
    }
    let recovered = try recover()
    XCTAssertEqual(recovered.records, (5...9).map(text))
    XCTAssertEqual(recovered.tail.incarnations, .test)
    let report = try LogReport(folder: folder, directory: "default")
    XCTAssertEqual(report.problems, [])
    XCTAssertEqual(report.records, 9)
    let lines = try FileSystem.readFile(segment(8)).split(separator: 0x0A)
    XCTAssertEqual(
      try JSONParser.parse(lines[1])["prev"]?.stringValue, "78315531" + String(repeating: "0", count: 56))
  }

  func testFormat1Verifies() throws {
    let report = try LogReport(folder: fixture + "/directories/default", directory: "default")
    XCTAssertEqual(report.problems, [])
    XCTAssertEqual(report.records, 7)
  }
}
