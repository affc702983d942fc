import Foundation
import Glibc
import Platform
@testable import Storage
import XCTest

/// What reading a journal does with files that are not as they were written.
final class LogDamageTests: LogTestCase {
  /// Where each line ends, LF included.
  private func lineEnds(_ bytes: [UInt8]) -> [Int] {
    bytes.indices.filter { bytes[$0] == 10 }.map { $0 + 1 }
  }

  private func journal(of count: Int, oneByOne: Bool = true) throws -> [UInt8] {
    let journal = try openJournal()
    if oneByOne {
      try appendOneByOne(journal, 1...count)
    } else {
      for number in 1...count { try journal.append(payload(number)) }
    }
    journal.close()
    return try FileSystem.readFile(segment(1))
  }

  func testACutAtEveryByteLeavesTheWholeLinesBeforeIt() throws {
    let bytes = try journal(of: 60)
    let ends = lineEnds(bytes)
    let file = try File.open(segment(1), .readWrite(create: false))
    for cut in (0...bytes.count).reversed() {
      try file.truncate(to: cut)
      let whole = ends.filter { $0 <= cut }.count
      let recovered = try recover()
      XCTAssertEqual(recovered.tail.point.seq, UInt64(max(whole - 1, 0)), "cut at \(cut)")
      XCTAssertEqual(recovered.records.count, max(whole - 1, 0), "cut at \(cut)")
      XCTAssertEqual(recovered.records.last ?? text(0), text(recovered.records.count))
      let isClean = whole > 0 && ends[whole - 1] == cut
      XCTAssertEqual(recovered.tail.warnings.count, isClean ? 0 : 1, "cut at \(cut)")
    }
  }

  func testACutIsMendedOnceAndTheJournalGoesOn() throws {
    let bytes = try journal(of: 60)
    let ends = lineEnds(bytes)
    for cut in stride(from: 0, through: bytes.count, by: 37) {
      try put(segment(1), Array(bytes[..<cut]))
      let whole = max(ends.filter { $0 <= cut }.count - 1, 0)
      XCTAssertEqual(try recover(.write).records.count, whole)
      let journal = try openJournal()
      try journal.append(payload(whole + 1))
      journal.close()
      let again = try recover(.write)
      XCTAssertEqual(again.records, (1...(whole + 1)).map(text))
      XCTAssertEqual(again.tail.warnings, [])
    }
  }

  func testZeroBytesBehindTheEndAreCutOff() throws {
    let bytes = try journal(of: 5)
    for count in [1, 511, 512, 4096, 5 << 20] {
      try put(segment(1), bytes + [UInt8](repeating: 0, count: count))
      let recovered = try recover(.write)
      XCTAssertEqual(recovered.records.count, 5)
      XCTAssertEqual(recovered.tail.warnings.count, 1)
      XCTAssertEqual(try FileSystem.readFile(segment(1)), bytes)
    }
  }

  /// Every record is either what it was, or the damage is told: by a refusal, or, in the last line, by a warning.
  private func checkFlip(_ bytes: [UInt8], _ bit: Int, lastLine: Int, records: [String]) throws {
    var damaged = bytes
    damaged[bit / 8] ^= 1 << (bit % 8)
    try put(segment(1), damaged)
    do {
      let recovered = try recover()
      XCTAssertEqual(recovered.tail.warnings.count, 1, "bit \(bit) changed silently")
      XCTAssertGreaterThanOrEqual(bit / 8, lastLine, "bit \(bit) is not in the last line")
      XCTAssertEqual(recovered.records, Array(records.dropLast()), "bit \(bit)")
    } catch LogError.corrupt(let damage) {
      XCTAssertLessThanOrEqual(damage.offset, bit / 8)
    } catch LogError.newerFormat {
      XCTAssertLessThan(bit / 8, try XCTUnwrap(lineEnds(bytes).first))
    }
  }

  func testNoBitOfASmallJournalChangesSilently() throws {
    let bytes = try journal(of: 20)
    let ends = lineEnds(bytes)
    let records = (1...20).map(text)
    for bit in 0..<(bytes.count * 8) {
      try checkFlip(bytes, bit, lastLine: ends[ends.count - 2], records: records)
    }
  }

  func testNoBitOfALargerJournalChangesSilently() throws {
    let bytes = try journal(of: 300, oneByOne: false)
    let ends = lineEnds(bytes)
    let records = (1...300).map(text)
    var random = SeededRandom()
    for _ in 0..<2000 {
      let bit = Int.random(in: 0..<(bytes.count * 8), using: &random)
      try checkFlip(bytes, bit, lastLine: ends[ends.count - 2], records: records)
    }
  }

  func testADamagedLineBeforeAGoodOneIsRefusedWithItsPlace() throws {
    let bytes = try journal(of: 10)
    let ends = lineEnds(bytes)
    var damaged = bytes
    damaged[ends[3] + 5] ^= 1
    try put(segment(1), damaged)
    XCTAssertThrowsError(try recover(.write)) { error in
      guard case LogError.corrupt(let damage) = error else { return XCTFail("\(error)") }
      XCTAssertEqual(damage.file, segment(1))
      XCTAssertEqual(damage.offset, ends[3])
    }
    XCTAssertEqual(try FileSystem.readFile(segment(1)), damaged, "a refusal changes nothing")
  }

  func testALostRepeatedOrMovedLineIsRefused() throws {
    let bytes = try journal(of: 10)
    let lines = bytes.split(separator: 10).map { Array($0) + [10] }
    var lost = lines
    lost.remove(at: 5)
    var repeated = lines
    repeated.insert(lines[5], at: 5)
    var moved = lines
    moved.swapAt(5, 6)
    for (what, lines) in ["lost": lost, "repeated": repeated, "moved": moved] {
      try put(segment(1), lines.flatMap { $0 })
      XCTAssertThrowsError(try recover(), what)
    }
  }

  /// Ten records that are on disk one by one, then 300 in one batch; returns the file.
  private func journalWithLargeLastBatch() throws -> [UInt8] {
    let (entered, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    for _ in 1...10 { gate.signal() }
    var io = LogIO.system
    io.dataSync = { (file) throws(SystemError) in
      entered.signal()
      gate.wait()
      try file.dataSync()
    }
    let journal = try openJournal(io)
    try appendOneByOne(journal, 1...10)
    for _ in 1...10 { entered.wait() }
    try journal.append(payload(11))
    entered.wait()
    for number in 12...311 { try journal.append(payload(number)) }
    for _ in 1...2 { gate.signal() }
    journal.close()
    return try FileSystem.readFile(segment(1))
  }

  func testAPowerCutThatKeepsSomeSectorsOfTheLastBatchKeepsAllThatWasSynced() throws {
    let bytes = try journalWithLargeLastBatch()
    let batch = lineEnds(bytes)[11]
    var random = SeededRandom()
    for round in 0..<600 {
      var image = bytes
      let sector = [512, 4096][round % 2]
      for start in stride(from: batch / sector * sector, to: bytes.count, by: sector)
      where Int.random(in: 0..<[2, 3, 8, 20][round / 2 % 4], using: &random) == 0 {
        for offset in max(start, batch)..<min(start + sector, bytes.count) { image[offset] = 0 }
      }
      if round % 3 == 0 { image.removeLast(Int.random(in: 0...(image.count - batch), using: &random)) }
      try put(segment(1), image)
      let recovered = try recover()
      XCTAssertGreaterThanOrEqual(recovered.records.count, 11)
      XCTAssertEqual(recovered.records, (1...recovered.records.count).map(text))
    }
  }

  func testASoundLineThatIsNoRecordIsNotCutOff() throws {
    let bytes = try journal(of: 3)
    let header = bytes[..<lineEnds(bytes)[0]]
    try put(segment(1), bytes + header)
    XCTAssertThrowsError(try recover(.write))
    XCTAssertEqual(try FileSystem.readFile(segment(1)), bytes + header)
  }

  func testABlockOfTheLastBatchThatNeverReachedTheDiskIsCutOff() throws {
    let (entered, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    var io = LogIO.system
    io.dataSync = { (file) throws(SystemError) in
      entered.signal()
      gate.wait()
      try file.dataSync()
    }
    let journal = try openJournal(io)
    try journal.append(payload(1))
    entered.wait()
    for number in 2...400 { try journal.append(payload(number)) }
    for _ in 1...2 { gate.signal() }
    journal.close()
    let bytes = try FileSystem.readFile(segment(1))
    let hole = 8192..<12288
    var holed = bytes
    for offset in hole { holed[offset] = 0 }
    try put(segment(1), holed)
    let recovered = try recover(.write)
    XCTAssertEqual(recovered.records, (1...recovered.records.count).map(text))
    XCTAssertEqual(recovered.records.count, lineEnds(bytes).filter { $0 <= hole.lowerBound }.count - 1)
    XCTAssertEqual(recovered.tail.warnings.count, 1)
    XCTAssertEqual(try recover(.write).tail.warnings, [])
  }

  func testABlockThatWasLostAfterItsSyncIsRefused() throws {
    var bytes = try journal(of: 400)
    for offset in 8192..<12288 { bytes[offset] = 0 }
    try put(segment(1), bytes)
    XCTAssertThrowsError(try recover())
  }

  func testAMissingSegmentIsRefused() throws {
    let journal = try openJournal()
    for round in 0..<3 {
      try appendOneByOne(journal, (round * 5 + 1)...(round * 5 + 5))
      _ = try rotate(journal)
    }
    journal.close()
    let parts = try [1, 6, 11, 16].map { (segment($0), try FileSystem.readFile(segment($0))) }
    for index in 0..<3 {
      try FileSystem.unlink(parts[index].0)
      XCTAssertThrowsError(try recover(), parts[index].0)
      try put(parts[index].0, parts[index].1)
    }
    XCTAssertEqual(try recover().records, (1...15).map(text))
  }

  func testAnIncompleteSegmentBeforeTheLastIsRefused() throws {
    let journal = try openJournal()
    try appendOneByOne(journal, 1...5)
    _ = try rotate(journal)
    try appendOneByOne(journal, 6...9)
    journal.close()
    let bytes = try FileSystem.readFile(segment(1))
    for cut in stride(from: 0, to: bytes.count, by: 13) {
      try put(segment(1), Array(bytes[..<cut]))
      XCTAssertThrowsError(try recover(.write), "cut at \(cut)")
    }
  }

  func testTheJournalOfAnotherDirectoryIsRefused() throws {
    _ = try journal(of: 3)
    XCTAssertThrowsError(
      try LogRecovery(folder: folder, directory: "other").readAll())
  }

  func testALaterFormatIsRefusedAsSuch() throws {
    let later = LogName.format + 1
    let header = "{\"scimd\":\"journal\",\"format\":\(later),\"first\":1}\n"
    try put(segment(1), Array(header.utf8))
    XCTAssertThrowsError(try recover(.write)) {
      XCTAssertEqual($0 as? LogError, .newerFormat(file: segment(1), format: later))
    }
  }

}
