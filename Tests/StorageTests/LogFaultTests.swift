import Foundation
import Glibc
import Platform
import XCTest

@testable import Storage

/// What the journal does when the disk does not do as it is told.
final class LogFaultTests: LogTestCase {
  func testShortWritesAreContinued() throws {
    let disk = FaultyDisk { call, _ in call == .write ? .short : nil }
    let journal = try openJournal(disk.io)
    for number in 1...20 { try journal.append(payload(number)) }
    journal.close()
    XCTAssertEqual(journal.durable, 20)
    XCTAssertEqual(try recover().records, (1...20).map(text))
  }

  func testAFailedSyncIsNeverAcknowledgedNorRetried() throws {
    for failing in 1...6 {
      try startOver()
      let disk = FaultyDisk { call, number in call == .dataSync && number == failing ? .error(EIO) : nil }
      let failures = Failures()
      let journal = try openJournal(disk.io, failures: failures)
      let acknowledged = Locked<[UInt64]>([])
      var refused = 0
      for number in 1...10 {
        guard let seq = try? journal.append(payload(number)) else {
          refused += 1
          continue
        }
        let done = DispatchSemaphore(value: 0)
        journal.whenDurable(seq) {
          acknowledged.withLock { $0.append(seq) }
          done.signal()
        }
        while journal.durable < seq, failures.all.isEmpty { usleep(100) }
        if failures.all.isEmpty { done.wait() }
      }
      journal.close()
      XCTAssertEqual(acknowledged.withLock { $0 }, (1..<UInt64(failing)).map { $0 })
      XCTAssertEqual(refused, 10 - failing)
      XCTAssertEqual(failures.all, [SystemError(call: "dataSync", code: EIO)])
      XCTAssertEqual(disk.count(.dataSync), failing)
      XCTAssertThrowsError(try journal.append(payload(99))) {
        XCTAssertEqual($0 as? JournalError, .failed)
      }
      let records = try recover().records
      XCTAssertTrue(records.starts(with: (1..<failing).map(text)))
    }
  }

  func testAWriteThatFailsPartWayIsTakenBackAndStopsTheJournal() throws {
    let disk = FaultyDisk { call, number in call == .write && number == 5 ? .torn(EIO) : nil }
    let failures = Failures()
    let journal = try openJournal(disk.io, failures: failures)
    try appendOneByOne(journal, 1...2)
    let told = Locked(false)
    journal.whenDurable(try journal.append(payload(3))) { told.withLock { $0 = true } }
    while journal.durable < 3 { usleep(100) }
    journal.whenDurable(try journal.append(payload(4))) { told.withLock { $0 = false } }
    while failures.all.isEmpty { usleep(100) }
    journal.close()
    XCTAssertTrue(told.withLock { $0 })
    XCTAssertEqual(failures.all.count, 1)
    let recovered = try recover()
    XCTAssertEqual(recovered.records, (1...3).map(text))
    XCTAssertEqual(recovered.tail.warnings, [])
  }

  func testNothingIsAcknowledgedThatGoesIntoADeletedFile() throws {
    let failures = Failures()
    let journal = try openJournal(failures: failures)
    try appendOneByOne(journal, 1...2)
    try FileSystem.unlink(segment(1))
    let seq = try journal.append(payload(3))
    let acknowledged = Locked(false)
    journal.whenDurable(seq) { acknowledged.withLock { $0 = true } }
    while failures.all.isEmpty, !acknowledged.withLock({ $0 }) { usleep(100) }
    XCTAssertEqual(failures.all.map(\.code), [ENOENT])
    XCTAssertThrowsError(try journal.append(payload(4))) { XCTAssertEqual($0 as? JournalError, .failed) }
    journal.close()
  }

  func testCallbacksNeverRunAfterAFailure() throws {
    let disk = FaultyDisk { call, _ in call == .dataSync ? .error(EIO) : nil }
    let failures = Failures()
    let journal = try openJournal(disk.io, failures: failures)
    let seq = try journal.append(payload(1))
    while failures.all.isEmpty { usleep(100) }
    journal.whenDurable(seq) { XCTFail("acknowledged after a failure") }
    XCTAssertThrowsError(try rotate(journal)) { XCTAssertEqual($0 as? JournalError, .failed) }
    journal.close()
  }

  func testAFullDiskRefusesBeforeANumberIsUsedAndWritesResumeWithTheSpace() throws {
    let isFull = Locked(true)
    let disk = FaultyDisk { call, _ in call == .reserve && isFull.withLock { $0 } ? .error(ENOSPC) : nil }
    let failures = Failures()
    let journal = try openJournal(disk.io, failures: failures)
    for _ in 0..<3 {
      XCTAssertThrowsError(try journal.append(payload(1))) { XCTAssertEqual($0 as? JournalError, .full) }
    }
    XCTAssertEqual(journal.last, 0)
    isFull.withLock { $0 = false }
    // What is taken ahead is taken after a record, and so before the one after it is on disk.
    try appendOneByOne(journal, 1...3)
    isFull.withLock { $0 = true }
    var taken = 3
    while (try? journal.append(payload(1))) != nil { taken += 1 }
    XCTAssertGreaterThan(taken, 10, "what was reserved before is used")
    isFull.withLock { $0 = false }
    XCTAssertEqual(try journal.append(payload(2)), UInt64(taken + 1))
    journal.close()
    XCTAssertEqual(failures.all, [])
    let recovered = try recover()
    XCTAssertEqual(recovered.records.count, taken + 1)
    XCTAssertEqual(recovered.tail.warnings, [])
  }

  func testEveryErrorThatMeansFullIsOne() throws {
    for code in [ENOSPC, EDQUOT, EFBIG] {
      let disk = FaultyDisk { call, _ in call == .reserve ? .error(code) : nil }
      let journal = try openJournal(disk.io)
      XCTAssertThrowsError(try journal.append(payload(1))) { XCTAssertEqual($0 as? JournalError, .full) }
      journal.close()
    }
  }

  func testWithoutReservationFreeSpaceIsLookedUp() throws {
    let free = Locked(1 << 30)
    let disk = FaultyDisk { call, _ in call == .reserve ? .error(EOPNOTSUPP) : nil }
    var io = disk.io
    io.freeSpace = { _ in free.withLock { $0 } }
    let journal = try openJournal(io)
    try journal.append(payload(1))
    free.withLock { $0 = 1000 }
    let large = Array("{\"a\":\"".utf8) + [UInt8](repeating: 0x61, count: 1_000_000) + Array("\"}".utf8)
    var taken = 1
    while (try? journal.append(large)) != nil { taken += 1 }
    XCTAssertLessThan(taken, 10)
    free.withLock { $0 = 1 << 30 }
    try journal.append(payload(2))
    journal.close()
    XCTAssertEqual(try recover().records.count, taken + 1)
  }

  func testRecordsOfOneChangeAreTakenAllOrNone() throws {
    let isFull = Locked(false)
    let disk = FaultyDisk { call, _ in call == .reserve && isFull.withLock { $0 } ? .error(ENOSPC) : nil }
    let journal = try openJournal(disk.io)
    func record(_ bytes: Int) -> [UInt8] {
      Array("{\"a\":\"".utf8) + [UInt8](repeating: 0x61, count: bytes) + Array("\"}".utf8)
    }
    let many = [[UInt8]](repeating: record(100_000), count: 100)
    isFull.withLock { $0 = true }
    XCTAssertThrowsError(try journal.append(many)) { XCTAssertEqual($0 as? JournalError, .full) }
    isFull.withLock { $0 = false }
    XCTAssertThrowsError(try journal.append([payload(1), record(RecordLine.maxBytes)])) {
      XCTAssertEqual($0 as? JournalError, .tooLarge)
    }
    XCTAssertEqual(journal.last, 0)
    XCTAssertEqual(try journal.append(many), 1...100)
    XCTAssertEqual(try journal.append(payload(1)), 101)
    journal.close()
    XCTAssertEqual(try recover().records.count, 101)
  }

  func testAFullDiskAtARotationKeepsTheOldSegment() throws {
    for call in [FaultyDisk.Call.create, .write, .sync, .reserve] {
      try startOver()
      let isFull = Locked(false)
      let disk = FaultyDisk { kind, _ in kind == call && isFull.withLock { $0 } ? .error(ENOSPC) : nil }
      let journal = try openJournal(disk.io)
      try appendOneByOne(journal, 1...5)
      isFull.withLock { $0 = true }
      XCTAssertThrowsError(try rotate(journal)) { XCTAssertEqual($0 as? JournalError, .full, "\(call)") }
      isFull.withLock { $0 = false }
      try appendOneByOne(journal, 6...8)
      XCTAssertEqual(try rotate(journal).seq, 8)
      try appendOneByOne(journal, 9...9)
      journal.close()
      XCTAssertEqual(try FileSystem.list(folder).count, 2)
      XCTAssertEqual(try recover().records, (1...9).map(text))
    }
  }

  /// Runs the whole life of a log and stops it at its Nth call; whatever was acknowledged must come back.
  func testACrashAtEveryCallLosesNothingThatWasAcknowledged() throws {
    for torn in [false, true] {
      try startOver()
      let reference = FaultyDisk()
      XCTAssertEqual(try life(reference), 30)
      XCTAssertGreaterThan(reference.total, 40)
      for call in 1...reference.total {
        try startOver()
        let disk = FaultyDisk(atCall: { $0 == call ? (torn ? .deadTorn : .dead) : nil })
        let acknowledged = try life(disk)
        let recovered = try recover(.write)
        let base = recovered.snapshot.isEmpty ? 0 : Int(recovered.tail.snapshot ?? 0)
        let state = recovered.snapshot + recovered.records
        XCTAssertEqual(state, (1..<(state.count + 1)).map(text), "call \(call)")
        XCTAssertGreaterThanOrEqual(state.count, acknowledged, "call \(call)")
        XCTAssertEqual(base, recovered.snapshot.count)
        let again = try recover(.write)
        XCTAssertEqual(again.snapshot + again.records, state)
        XCTAssertEqual(again.tail.warnings, [], "call \(call): the second start is silent")
        XCTAssertTrue(try FileSystem.list(folder).allSatisfy { !$0.hasSuffix(".tmp") })
        let journal = try openJournal()
        try journal.append(payload(state.count + 1))
        journal.close()
        XCTAssertEqual(try recover().tail.point.seq, UInt64(state.count + 1))
      }
    }
  }

  /// Three times ten records, each followed by a snapshot of all so far; returns how many were acknowledged.
  private func life(_ disk: FaultyDisk) throws -> Int {
    let acknowledged = Locked(0)
    let failures = Failures()
    guard let journal = try? openJournal(disk.io, failures: failures) else { return 0 }
    for round in 0..<3 {
      for number in 1...10 {
        let done = DispatchSemaphore(value: 0)
        guard let seq = try? journal.append(payload(round * 10 + number)) else {
          return acknowledged.withLock { $0 }
        }
        journal.whenDurable(seq) {
          acknowledged.withLock { $0 = Int(seq) }
          done.signal()
        }
        while done.wait(timeout: .now() + 0.002) == .timedOut, failures.all.isEmpty {}
      }
      if let point = try? rotate(journal) {
        try? writeSnapshot(point, (1...(round * 10 + 10)).map(text), io: disk.io)
        _ = try? LogRetention(days: 0, bytes: 0).retire(from: folder, now: .max / 2, io: disk.io)
      }
    }
    journal.close()
    return acknowledged.withLock { $0 }
  }
}
