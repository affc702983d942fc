import Foundation
import Glibc
import Platform
import SCIM
import XCTest

@testable import Storage

/// The space that a journal takes ahead: little for a small log, seldom for a busy one, and some for people who leave.
final class JournalSpaceTests: LogTestCase {
  /// The calls that took blocks, by their lengths.
  private final class Steps: Sendable {
    private let lengths = Locked<[Int]>([])
    var all: [Int] { lengths.withLock { $0 } }

    /// - Parameter room: bytes that the disk has left; what was taken before included.
    func io(room: @escaping @Sendable () -> Int = { .max }) -> LogIO {
      var io = LogIO.system
      let reserve = io.reserve
      io.reserve = { [self] (file, offset, length) throws(SystemError) in
        if self.all.reduce(length, +) > room() { throw SystemError(call: "fallocate", code: ENOSPC) }
        try reserve(file, offset, length)
        lengths.withLock { $0.append(length) }
      }
      return io
    }
  }

  private func record(_ bytes: Int) -> [UInt8] {
    Array("{\"a\":\"".utf8) + [UInt8](repeating: 0x61, count: bytes) + Array("\"}".utf8)
  }

  func testAnEmptyJournalTakesLittle() throws {
    let steps = Steps()
    let journal = try openJournal(steps.io())
    try appendOneByOne(journal, 1...5)
    XCTAssertLessThanOrEqual(steps.all.reduce(0, +), 256 << 10)
    journal.close()
  }

  func testStepsDoubleWithTheLogAndStayShortOfALimit() throws {
    let steps = Steps()
    let journal = try openJournal(steps.io())
    let done = DispatchSemaphore(value: 0)
    for _ in 1...400 {
      journal.whenDurable(try journal.append(record(50_000))) { done.signal() }
      done.wait()
    }
    journal.close()
    XCTAssertLessThanOrEqual(steps.all.count, 16, "20 MB of records")
    let later = Array(steps.all.dropFirst())
    XCTAssertEqual(later, later.sorted(), "the first one is for the start")
    XCTAssertEqual(steps.all.last, JournalSpace.maxStep)
    for (one, next) in zip(steps.all.dropFirst(), steps.all.dropFirst(2)) {
      XCTAssertLessThanOrEqual(next, 4 * one, "\(steps.all)")
    }
  }

  func testAJournalThatHoldsMuchTakesLongStepsAgainAfterARestart() throws {
    let journal = try openJournal()
    for _ in 1...60 { try journal.append(record(100_000)) }
    journal.close()
    let steps = Steps()
    let again = try openJournal(steps.io())
    try appendOneByOne(again, 1...1)
    again.close()
    XCTAssertEqual(steps.all.first, 1 << 20)
  }

  func testASnapshotCountsAsWhatTheLogHolds() throws {
    let journal = try openJournal()
    try appendOneByOne(journal, 1...3)
    try writeSnapshot(
      try rotate(journal), (0..<40).map { _ in String(decoding: record(100_000), as: UTF8.self) })
    journal.close()
    let steps = Steps()
    try openJournal(steps.io()).close()
    XCTAssertEqual(steps.all.first, 1 << 20)
  }

  /// How many records are taken on a full disk, those that take access away counted alone.
  private func taken(_ journal: Journal) -> (ordinary: Int, kept: Int) {
    var counts = (ordinary: 0, kept: 0)
    while (try? journal.append(record(300))) != nil { counts.ordinary += 1 }
    while (try? journal.append(record(300), usesKept: true)) != nil { counts.kept += 1 }
    return counts
  }

  func testAsMuchIsKeptAsTheLogHoldsUpToALimit() throws {
    for (records, least) in [(1, 100), (150, 150), (2000, 400)] {
      try startOver()
      let isFull = Locked(false)
      let journal = try openJournal(Steps().io { isFull.withLock { $0 } ? 0 : .max })
      let done = DispatchSemaphore(value: 0)
      for _ in 1...records {
        journal.whenDurable(try journal.append(record(300))) { done.signal() }
        done.wait()
      }
      isFull.withLock { $0 = true }
      let counts = taken(journal)
      XCTAssertGreaterThan(counts.ordinary, 0)
      XCTAssertGreaterThanOrEqual(counts.kept, least, "\(records) records")
      journal.close()
      XCTAssertEqual(try recover().records.count, records + counts.ordinary + counts.kept)
    }
  }

  func testAfterARestartOnADiskThatIsNearlyFullThereIsSomeLeftForWhatTakesAccessAway() throws {
    let journal = try openJournal()
    try appendOneByOne(journal, 1...3)
    journal.close()
    let again = try openJournal(Steps().io { 20 << 10 })
    let counts = taken(again)
    XCTAssertEqual(counts.ordinary, 0)
    XCTAssertGreaterThan(counts.kept, 10)
    again.close()
    XCTAssertEqual(try recover().records.count, 3 + counts.kept)
  }
}
