import Foundation
import Glibc
import JSON
import Platform
@testable import Storage
import XCTest

final class LogSnapshotTests: LogTestCase {
  /// Records 1-5, snapshot, records 6-10, snapshot, records 11-15.
  private func twoSnapshots() throws {
    let journal = try openJournal()
    for round in 0..<3 {
      try appendOneByOne(journal, (round * 5 + 1)...(round * 5 + 5))
      if round < 2 {
        let point = try rotate(journal)
        try writeSnapshot(point, (1...Int(point.seq)).map(text))
      }
    }
    journal.close()
  }

  func testTheNewestSnapshotAndTheRecordsAfterItAreHandedOut() throws {
    try twoSnapshots()
    let recovered = try recover(.write)
    XCTAssertEqual(recovered.snapshot, (1...10).map(text))
    XCTAssertEqual(recovered.records, (11...15).map(text))
    XCTAssertEqual(recovered.tail.snapshot, 10)
    XCTAssertEqual(recovered.tail.entries, 10)
    XCTAssertEqual(recovered.tail.records, 5)
    XCTAssertEqual(recovered.tail.snapshotBytes, try FileSystem.readFile(snapshot(10)).count)
    XCTAssertEqual(recovered.tail.warnings, [])
  }

  func testASnapshotIsLinesOfJSONWithAHeaderAndATrailer() throws {
    try twoSnapshots()
    let bytes = try FileSystem.readFile(snapshot(5))
    let lines = bytes.split(separator: 10)
    let values = try lines.map { try JSONParser.parse($0) }
    XCTAssertEqual(values.first?["scimd"], "snapshot")
    XCTAssertEqual(values.first?["seq"], 5)
    XCTAssertEqual(values.first?["time"], "2026-11-21T03:36:03.000Z")
    XCTAssertEqual(values.last?["entries"], 5)
    let body = bytes[..<(bytes.count - lines[lines.count - 1].count - 1)]
    let digest = body.withUnsafeBytes { SHA256.digest($0) }.map { String(format: "%02x", $0) }.joined()
    XCTAssertEqual(values.last?["sha256"]?.stringValue, digest)
  }

  func testNoBitOfASnapshotChangesSilentlyAndTheOneBeforeIsUsed() throws {
    try twoSnapshots()
    let bytes = try FileSystem.readFile(snapshot(10))
    for bit in 0..<(bytes.count * 8) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      try put(snapshot(10), damaged)
      let recovered = try recover()
      XCTAssertEqual(recovered.snapshot, (1...5).map(text), "bit \(bit)")
      XCTAssertEqual(recovered.records, (6...15).map(text), "bit \(bit)")
      XCTAssertEqual(recovered.tail.warnings.count, 1, "bit \(bit)")
    }
  }

  func testACutSnapshotIsNotUsed() throws {
    try twoSnapshots()
    let bytes = try FileSystem.readFile(snapshot(10))
    for cut in 0..<bytes.count {
      try put(snapshot(10), Array(bytes[..<cut]))
      let recovered = try recover()
      XCTAssertEqual(recovered.tail.snapshot, 5, "cut at \(cut)")
      XCTAssertEqual(recovered.tail.point.seq, 15)
    }
  }

  func testWithoutAGoodSnapshotTheWholeJournalIsEnough() throws {
    try twoSnapshots()
    try put(snapshot(10), [])
    try put(snapshot(5), [])
    let recovered = try recover(.write)
    XCTAssertEqual(recovered.records, (1...15).map(text))
    XCTAssertEqual(recovered.tail.warnings.count, 2)
    let again = try recover(.write)
    XCTAssertEqual(again.records, (1...15).map(text))
    XCTAssertEqual(again.tail.warnings, [], "the damaged ones were set aside")
    XCTAssertTrue(FileSystem.exists(snapshot(10) + ".damaged"))
  }

  func testWithoutTheRecordsSinceTheOlderSnapshotItIsRefused() throws {
    try twoSnapshots()
    try put(snapshot(10), [])
    let missing = try FileSystem.readFile(segment(6))
    try FileSystem.unlink(segment(6))
    XCTAssertThrowsError(try recover(.write))
    try put(segment(6), missing)
    try FileSystem.unlink(segment(1))
    XCTAssertEqual(try recover().tail.point.seq, 15)
    try FileSystem.unlink(snapshot(5))
    XCTAssertThrowsError(try recover(.write))
    XCTAssertFalse(FileSystem.exists(snapshot(10) + ".damaged"))
  }

  func testASnapshotWithoutTheJournalAfterItIsRefused() throws {
    try twoSnapshots()
    try FileSystem.unlink(segment(11))
    XCTAssertThrowsError(try recover(.write))
    for first in [1, 6] { try FileSystem.unlink(segment(first)) }
    XCTAssertThrowsError(try recover(.write))
  }

  func testASnapshotOfAnotherHistoryIsRefused() throws {
    try twoSnapshots()
    try writeSnapshot(LogPoint(seq: 10, chain: 0x1234), ["{}"])
    XCTAssertThrowsError(try recover())
    let report = try LogReport(folder: folder, directory: "default")
    XCTAssertFalse(report.problems.isEmpty)
  }

  func testAnUnfinishedSnapshotIsTakenAway() throws {
    try twoSnapshots()
    let writer = try SnapshotWriter(
      folder: folder, directory: "default", point: LogPoint(seq: 12, chain: 1),
      incarnations: .test, time: "")
    try writer.write(Array("{}".utf8))
    XCTAssertTrue(FileSystem.exists(snapshot(12) + ".tmp"))
    XCTAssertEqual(try recover(.readOnly).tail.snapshot, 10)
    XCTAssertTrue(FileSystem.exists(snapshot(12) + ".tmp"))
    XCTAssertEqual(try recover(.write).tail.snapshot, 10)
    XCTAssertFalse(FileSystem.exists(snapshot(12) + ".tmp"))
    writer.cancel()
  }

  func testACancelledOrFailedSnapshotLeavesNothing() throws {
    try twoSnapshots()
    let names = try FileSystem.list(folder)
    let writer = try SnapshotWriter(
      folder: folder, directory: "default", point: LogPoint(seq: 12, chain: 1),
      incarnations: .test, time: "")
    writer.cancel()
    XCTAssertEqual(try FileSystem.list(folder), names)
    for call in [FaultyDisk.Call.write, .sync, .rename] {
      let disk = FaultyDisk { kind, _ in kind == call ? .error(ENOSPC) : nil }
      XCTAssertThrowsError(try writeSnapshot(LogPoint(seq: 12, chain: 1), ["{}"], io: disk.io))
      XCTAssertEqual(try FileSystem.list(folder), names, "\(call)")
    }
  }

  func testASnapshotIsOnDiskBeforeItHasItsName() throws {
    try twoSnapshots()
    let disk = FaultyDisk()
    let large = (0..<30_000).map { "{\"n\":\($0),\"text\":\"0123456789012345678901234567890123456789\"}" }
    try writeSnapshot(LogPoint(seq: 15, chain: 1), large, io: disk.io)
    XCTAssertGreaterThan(disk.count(.write), 2)
    XCTAssertEqual(Array(disk.order.suffix(3)), [.sync, .rename, .syncDirectory])
  }

  func testVerifyReadsEverythingAndChangesNothing() throws {
    try twoSnapshots()
    let report = try LogReport(folder: folder, directory: "default")
    XCTAssertEqual(report.snapshots.map(\.seq), [5, 10])
    XCTAssertEqual(report.snapshots.map(\.entries), [5, 10])
    XCTAssertEqual([report.segments, report.records], [3, 15])
    XCTAssertEqual([report.first, report.last], [1, 15])
    XCTAssertEqual(report.problems, [])
    XCTAssertEqual(report.warnings, [])
    var history = try FileSystem.readFile(segment(1))
    history[history.count - 30] ^= 1
    try put(segment(1), history)
    try put(segment(11), try FileSystem.readFile(segment(11)) + [0x7B])
    let damaged = try LogReport(folder: folder, directory: "default")
    XCTAssertEqual(damaged.problems.map(\.file), [segment(1)])
    XCTAssertEqual(damaged.warnings.count, 1)
    XCTAssertEqual(try FileSystem.readFile(segment(11)).last, 0x7B)
    XCTAssertEqual(try recover().tail.point.seq, 15, "damaged history does not keep the server from starting")
  }

  func testRetentionKeepsTwoSnapshotsAndWhatTheyNeed() throws {
    let journal = try openJournal()
    for round in 0..<5 {
      try appendOneByOne(journal, (round * 5 + 1)...(round * 5 + 5))
      let point = try rotate(journal)
      try writeSnapshot(point, (1...Int(point.seq)).map(text))
    }
    journal.close()
    let now = Int64(Date().timeIntervalSince1970 * 1000)
    let kept = try LogRetention().retired(from: folder, now: now)
    XCTAssertEqual(kept, [5, 10, 15].map(snapshot))
    let size = try FileSystem.readFile(segment(16)).count + FileSystem.readFile(segment(11)).count
    let bySize = try LogRetention(days: 90, bytes: size).retired(from: folder, now: now)
    XCTAssertEqual(bySize, [5, 10, 15].map(snapshot) + [1, 6].map(segment))
    let byAge = try LogRetention().retired(from: folder, now: now + 91 * 86_400_000)
    XCTAssertEqual(byAge, [5, 10, 15].map(snapshot) + [1, 6, 11, 16].map(segment))
    let done = try LogRetention(days: 0, bytes: 0).retire(from: folder, now: now)
    XCTAssertEqual(done, byAge)
    XCTAssertEqual(try recover().tail.point.seq, 25)
    try put(snapshot(25), [])
    XCTAssertEqual(try recover().tail.point.seq, 25)
    XCTAssertEqual(try LogReport(folder: folder, directory: "default").first, 21)
  }

  func testNothingIsRetiredBeforeTheSecondSnapshot() throws {
    let journal = try openJournal()
    try appendOneByOne(journal, 1...5)
    try writeSnapshot(try rotate(journal), (1...5).map(text))
    journal.close()
    let retired = try LogRetention(days: 0, bytes: 0).retired(from: folder, now: .max / 2)
    XCTAssertEqual(retired, [])
  }
}
