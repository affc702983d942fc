import Foundation
import Platform
import Storage
import XCTest

/// The folders under Fixtures/log were written by released formats and are read for ever.
final class LogFixtureTests: LogTestCase {
  private var fixture: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/log/format-1"
  }

  func testFormat1IsRead() throws {
    let opened = try DataFolder.open(fixture, .readOnly)
    XCTAssertEqual(try opened.directoryNames(), ["default"])
    let recovered = try recover(in: try opened.directoryFolder("default"))
    XCTAssertEqual(recovered.snapshot, (1...4).map(text))
    XCTAssertEqual(recovered.records, (5...7).map(text))
    XCTAssertEqual(recovered.tail.point, LogPoint(seq: 7, chain: 0x7831_5531))
    XCTAssertEqual(recovered.tail.warnings, [])
  }

  func testFormat1IsWrittenByteForByte() throws {
    let journal = try openJournal()
    try appendOneByOne(journal, 1...4)
    try writeSnapshot(try rotate(journal), (1...4).map(text))
    try appendOneByOne(journal, 5...7)
    journal.close()
    let frozen = fixture + "/directories/default"
    XCTAssertEqual(try FileSystem.list(folder), try FileSystem.list(frozen))
    for name in try FileSystem.list(frozen) {
      XCTAssertEqual(
        try FileSystem.readFile("\(folder)/\(name)"), try FileSystem.readFile("\(frozen)/\(name)"), name)
    }
  }

  func testFormat1Verifies() throws {
    let report = try LogReader.verify(folder: fixture + "/directories/default", directory: "default")
    XCTAssertEqual(report.problems, [])
    XCTAssertEqual(report.records, 7)
  }
}
