import Foundation
import JSON
import Platform
import XCTest

@testable import Insight

final class RequestRingTests: XCTestCase {
  /// A request of a test: its id is a number.
  private final class Request: ObservedRequest {
    let number: Int
    let observedDirectory: String
    let observedBytes: Int

    init(_ number: Int, _ directory: String = "default", bytes: Int = 100) {
      self.number = number
      observedDirectory = directory
      observedBytes = bytes
    }

    func describe(to entry: inout EntryWriter, _ answer: ObservedAnswer) {
      entry.head("r-\(number)", "GET", "/Users", answer)
      entry.caller(remote: "192.0.2.1", agent: nil)
    }
  }

  private var folder = ""
  /// Close to that of the files.
  private let now = Locked(Environment.system.now())
  private let warnings = Locked<[String]>([])

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "scimd-ring-" + UUID().uuidString
    try FileSystem.createDirectory(folder)
    addTeardownBlock { [folder] in try? FileManager.default.removeItem(atPath: folder) }
  }

  private func ring(_ limits: RingLimits = RingLimits()) -> RequestRing {
    var environment = Environment.system
    let (now, warnings) = (now, warnings)
    environment.now = { now.withLock { $0 } }
    return RequestRing(data: folder, limits: limits, environment: environment, redact: { $0 }) { text in
      warnings.withLock { $0.append(text) }
    }
  }

  private func take(_ numbers: ClosedRange<Int>, _ ring: RequestRing, _ directory: String = "default") {
    for number in numbers {
      ring.append(Request(number, directory), ObservedAnswer(status: 200, time: 0, microseconds: 1))
    }
    ring.flush()
  }

  private func ids(_ ring: RequestRing, _ directory: String = "default") throws -> [String] {
    var ids: [String] = []
    try ring.entries(of: directory) { entry in
      ids.append(entry.json["id"]?.stringValue ?? "?")
      return true
    }
    return ids
  }

  private func files(_ directory: String = "default") throws -> [String] {
    try FileSystem.list("\(folder)/requests/\(directory)")
  }

  func testEntries_AreReadNewestFirstAlsoByAnotherProcess() throws {
    let first = ring()
    take(1...3, first)
    XCTAssertEqual(try ids(first), ["r-3", "r-2", "r-1"])
    let second = ring()
    take(4...4, second)
    XCTAssertEqual(try ids(second), ["r-4", "r-3", "r-2", "r-1"])
    XCTAssertEqual(try second.entry("r-2", of: "default")?.number, 2)
    XCTAssertEqual(try second.entry("r-4", of: "default")?.number, 4)
    XCTAssertNil(try second.entry("r-", of: "default"))
    XCTAssertNil(try second.entry("r-1", of: "other"))
  }

  func testEntry_ThatAKillTorePartWayIsSkippedAndNothingIsWrittenBehindIt() throws {
    take(1...2, ring())
    let path = "\(folder)/requests/default/\(try files()[0])"
    let file = try File.open(path, .append(create: false))
    try file.writeAll(Array("{\"id\":\"r-3\",\"ti".utf8))
    let after = ring()
    XCTAssertEqual(try ids(after), ["r-2", "r-1"])
    take(4...4, after)
    XCTAssertEqual(try ids(after), ["r-4", "r-2", "r-1"])
    XCTAssertEqual(try files().count, 2)
  }

  func testEntries_BeyondTheNumberGoOldestFirst() throws {
    var limits = RingLimits()
    limits.entries = 32
    let ring = ring(limits)
    for number in 1...100 { take(number...number, ring) }
    let left = try ids(ring)
    XCTAssertEqual(left.first, "r-100")
    XCTAssertTrue((28...32).contains(left.count), "\(left.count)")
  }

  func testEntries_BeyondTheBytesGoOldestFirst() throws {
    var limits = RingLimits()
    limits.bytes = 16_000
    let ring = ring(limits)
    for number in 1...400 { take(number...number, ring) }
    let bytes = try files().reduce(0) {
      $0 + (try FileSystem.readFile("\(folder)/requests/default/\($1)").count)
    }
    XCTAssertLessThanOrEqual(bytes, 16_000 + 200)
    XCTAssertGreaterThan(bytes, 12_000)
    XCTAssertEqual(try ids(ring).first, "r-400")
  }

  func testEntries_OfTheLargestDirectoryGiveWayForThoseOfAll() throws {
    var limits = RingLimits()
    limits.totalBytes = 8000
    limits.bytes = 16_000
    let ring = ring(limits)
    take(1...5, ring, "small")
    for number in 1...100 { take(number...number, ring, "large") }
    XCTAssertEqual(try ids(ring, "small").count, 5)
    XCTAssertLessThan(try ids(ring, "large").count, 60)
    XCTAssertEqual(try ids(ring, "large").first, "r-100")
  }

  func testEntries_OlderThanTheAgeGoWithTheirFileAtTheNextStart() throws {
    take(1...3, ring())
    let path = "\(folder)/requests/default/\(try files()[0])"
    try File.open(path, .readWrite(create: false)).setModified(now.withLock { $0 })
    now.withLock { $0 += 14 * 86_400_000 + 1 }
    let later = ring()
    later.begin()
    later.flush()
    later.end()
    XCTAssertEqual(try files(), [])
  }

  func testRequests_ThatDoNotFitIntoTheBufferAreDroppedAndCounted() throws {
    var limits = RingLimits()
    limits.waiting = 10
    let few = ring(limits)
    take(1...25, few)
    XCTAssertEqual(few.counts, RequestRing.Counts(written: 10, dropped: 15))
    limits = RingLimits()
    limits.waitingBytes = 1000
    let small = ring(limits)
    small.append(Request(1, bytes: 1001), ObservedAnswer(status: 200, time: 0, microseconds: 1))
    small.append(Request(2, bytes: 1000), ObservedAnswer(status: 200, time: 0, microseconds: 1))
    small.flush()
    XCTAssertEqual(small.counts, RequestRing.Counts(written: 1, dropped: 1))
  }

  func testRing_ThatCannotWriteSaysSoOnceAndGoesOnWhenItCanAgain() throws {
    let blocked = "\(folder)/requests"
    try File.open(blocked, .append(create: true)).close()
    let ring = ring()
    take(1...2, ring)
    take(3...3, ring)
    now.withLock { $0 += 60_001 }
    take(4...4, ring)
    XCTAssertEqual(warnings.withLock { $0.count }, 1)
    XCTAssertEqual(ring.counts, RequestRing.Counts(written: 0, dropped: 4))
    try FileSystem.unlink(blocked)
    now.withLock { $0 += 60_001 }
    take(5...5, ring)
    XCTAssertEqual(try ids(ring), ["r-5"])
    XCTAssertEqual(ring.counts, RequestRing.Counts(written: 1, dropped: 4))
  }

  func testRing_OfADataFolderThatWasDeletedDoesNotBringItBack() throws {
    let ring = ring()
    take(1...1, ring)
    try FileManager.default.removeItem(atPath: folder)
    take(2...2, ring, "other")
    now.withLock { $0 += 61_000 }
    take(3...3, ring)
    XCTAssertFalse(FileSystem.exists(folder))
    XCTAssertEqual(ring.counts, RequestRing.Counts(written: 1, dropped: 2))
  }

  func testRing_ForNoEntriesWritesNothing() throws {
    var limits = RingLimits()
    limits.entries = 0
    take(1...5, ring(limits))
    XCTAssertFalse(FileSystem.exists("\(folder)/requests"))
  }
}
