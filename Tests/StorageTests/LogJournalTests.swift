import Foundation
import Glibc
import JSON
import Platform
@testable import Storage
import XCTest

final class LogJournalTests: LogTestCase {
  func testWhatWasAppendedComesBackInOrder() throws {
    let journal = try openJournal()
    for number in 1...100 { XCTAssertEqual(try journal.append(payload(number)), UInt64(number)) }
    journal.close()
    XCTAssertEqual(journal.durable, 100)
    let recovered = try recover()
    XCTAssertEqual(recovered.records, (1...100).map(text))
    XCTAssertEqual(recovered.tail.point.seq, 100)
    XCTAssertEqual(recovered.tail.warnings, [])
  }

  func testAReopenedJournalGoesOn() throws {
    for run in 0..<5 {
      let journal = try openJournal()
      XCTAssertEqual(journal.last, UInt64(run * 3))
      for number in 1...3 { try journal.append(payload(run * 3 + number)) }
      journal.close()
    }
    XCTAssertEqual(try recover().records, (1...15).map(text))
  }

  func testEveryLineIsAJSONObjectWithItsFrame() throws {
    let journal = try openJournal()
    try journal.append(Array("{}".utf8))
    try journal.append(Array(#"{"a":"},\"crc\":\"00000000\"}","b":[1,{"c":null}]}"#.utf8))
    journal.close()
    let lines = try FileSystem.readFile(segment(1)).split(separator: 10)
    let values = try lines.map { try JSONParser.parse($0) }
    XCTAssertEqual(values.map { $0["seq"]?.integerValue }, [nil, 1, 2])
    XCTAssertEqual(values[0]["scimd"], "journal")
    XCTAssertEqual(values[0]["directory"], "default")
    XCTAssertEqual(values[1]["prev"], .string(Digest256.zero.text))
    let hash = Array(lines[1]).withUnsafeBytes { RecordLine($0, format: LogName.format)?.hash.text }
    XCTAssertEqual(values[2]["prev"], hash.map { .string($0) })
    XCTAssertEqual(values[2]["incarnation"], "TestLog1")
    XCTAssertNotNil(values[2]["synced"]?.integerValue)
    XCTAssertEqual(values[2]["payload"]?["b"], [1, ["c": .null]])
    XCTAssertEqual(
      try recover().records, ["{}", #"{"a":"},\"crc\":\"00000000\"}","b":[1,{"c":null}]}"#])
  }

  func testManyAppendsShareFewSyncs() throws {
    let gate = DispatchSemaphore(value: 0)
    let disk = FaultyDisk()
    var io = disk.io
    let dataSync = io.dataSync
    io.dataSync = { (file) throws(SystemError) in
      gate.wait()
      try dataSync(file)
    }
    let journal = try openJournal(io)
    let acknowledged = Locked(0)
    for number in 1...1000 {
      journal.whenDurable(try journal.append(payload(number))) { acknowledged.withLock { $0 += 1 } }
    }
    XCTAssertEqual(acknowledged.withLock { $0 }, 0)
    XCTAssertEqual(journal.durable, 0)
    for _ in 1...1000 { gate.signal() }
    journal.close()
    XCTAssertEqual(acknowledged.withLock { $0 }, 1000)
    XCTAssertLessThanOrEqual(disk.count(.dataSync), 3)
    XCTAssertEqual(disk.count(.write), disk.count(.dataSync) + 1)
  }

  func testEveryCallbackRunsOnceAndAfterTheSync() throws {
    let journal = try openJournal()
    let seen = Locked<[UInt64]>([])
    for number in 1...500 {
      let seq = try journal.append(payload(number))
      journal.whenDurable(seq) {
        XCTAssertGreaterThanOrEqual(journal.durable, seq)
        seen.withLock { $0.append(seq) }
      }
    }
    journal.close()
    XCTAssertEqual(seen.withLock { $0 }.sorted(), (1...500).map { UInt64($0) })
  }

  func testCallbacksThatWaitRunInOrderWhateverTheOrderOfTheAsking() throws {
    let gate = DispatchSemaphore(value: 0)
    var io = LogIO.system
    io.dataSync = { (file) throws(SystemError) in
      gate.wait()
      try file.dataSync()
    }
    let journal = try openJournal(io)
    let seen = Locked<[UInt64]>([])
    for number in 1...50 { try journal.append(payload(number)) }
    for seq in [UInt64](1...50).shuffled() {
      journal.whenDurable(seq) { seen.withLock { $0.append(seq) } }
    }
    for _ in 1...50 { gate.signal() }
    journal.close()
    XCTAssertEqual(seen.withLock { $0 }, (1...50).map { UInt64($0) })
  }

  func testADurableRecordIsToldAtOnceOnTheCaller() throws {
    let journal = try openJournal()
    try appendOneByOne(journal, 1...3)
    let told = Locked(false)
    journal.whenDurable(3) { told.withLock { $0 = true } }
    XCTAssertTrue(told.withLock { $0 })
    journal.close()
  }

  func testAClosedJournalTakesNothing() throws {
    let journal = try openJournal()
    try journal.append(payload(1))
    journal.close()
    journal.close()
    XCTAssertThrowsError(try journal.append(payload(2))) { XCTAssertEqual($0 as? JournalError, .closed) }
    XCTAssertThrowsError(try rotate(journal)) { XCTAssertEqual($0 as? JournalError, .closed) }
    XCTAssertEqual(try recover().records, [text(1)])
  }

  func testARecordThatIsTooLongIsRefusedBeforeItHasANumber() throws {
    let journal = try openJournal()
    let long = Array("{\"a\":\"".utf8) + [UInt8](repeating: 0x61, count: 64 << 20) + Array("\"}".utf8)
    XCTAssertThrowsError(try journal.append(long)) { XCTAssertEqual($0 as? JournalError, .tooLarge) }
    XCTAssertEqual(try journal.append(payload(1)), 1)
    journal.close()
    XCTAssertEqual(try recover().records, [text(1)])
  }

  func testALongRecordComesBackWhole() throws {
    let journal = try openJournal()
    let long = "{\"a\":\"" + String(repeating: "x", count: 5 << 20) + "\"}"
    try journal.append(payload(1))
    try journal.append(Array(long.utf8))
    try journal.append(payload(3))
    journal.close()
    XCTAssertEqual(try recover().records, [text(1), long, text(3)])
  }

  func testRecordsAfterARotationAreInANewSegmentAndTheChainGoesOn() throws {
    let journal = try openJournal()
    for number in 1...10 { try journal.append(payload(number)) }
    let result = Locked<LogPoint?>(nil)
    journal.rotate { outcome in result.withLock { $0 = try? outcome.get() } }
    for number in 11...20 { try journal.append(payload(number)) }
    journal.close()
    XCTAssertEqual(result.withLock { $0 }?.seq, 10)
    let names = try FileSystem.list(folder)
    XCTAssertEqual(names, ["journal-0000000000000001.jsonl", "journal-0000000000000011.jsonl"])
    XCTAssertEqual(try recover().records, (1...20).map(text))
    XCTAssertEqual(try FileSystem.readFile(segment(1)).split(separator: 10).count, 11)
  }

  func testARotationWithoutRecordsSinceTheLastOneMakesNoFile() throws {
    let journal = try openJournal()
    XCTAssertEqual(try rotate(journal), .start)
    try appendOneByOne(journal, 1...1)
    let point = try rotate(journal)
    XCTAssertEqual(try rotate(journal), point)
    journal.close()
    XCTAssertEqual(try FileSystem.list(folder).count, 2)
    XCTAssertEqual(try openJournal().last, 1)
  }

  func testManyThreadsAndRotationsLoseNothing() throws {
    let journal = try openJournal()
    let owner = Locked<[UInt64: String]>([:])
    let acknowledged = Locked(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<200 {
        let text = "{\"t\":\(thread),\"n\":\(number)}"
        let seq = owner.withLock { taken -> UInt64 in
          guard let seq = try? journal.append(Array(text.utf8)) else { return 0 }
          taken[seq] = text
          if seq % 97 == 0 { journal.rotate { _ in } }
          return seq
        }
        journal.whenDurable(seq) { acknowledged.withLock { $0 += 1 } }
      }
    }
    journal.close()
    XCTAssertEqual(acknowledged.withLock { $0 }, 1600)
    let taken = owner.withLock { $0 }
    XCTAssertEqual(try recover().records, (1...1600).map { taken[$0] })
    XCTAssertEqual(try FileSystem.list(folder).count, 17)
  }
}
