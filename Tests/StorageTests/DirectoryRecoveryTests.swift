import Dispatch
import Glibc
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// A directory that is read back is the one that was written.
final class DirectoryRecoveryTests: DirectoryTestCase {
  func testRandomChangesAreRedoneExactlyFromTheJournal() throws {
    for seed in 1...3 {
      try startOver()
      let store = try openStore()
      var client = RandomClient(seed: seed)
      try client.run(400, on: try store.tenant(), clock)
      XCTAssertEqual(try dumpOfCopy(), try store.tenant().dump())
      store.close()
    }
  }

  func testRandomChangesAreRedoneExactlyFromASnapshotAndTheJournal() throws {
    let store = try openStore()
    var client = RandomClient(seed: 5)
    try client.run(300, on: try store.tenant(), clock)
    let middle = try store.tenant().dump()
    store.close()
    XCTAssertEqual(events.snapshots, 1)
    let again = try openStore()
    XCTAssertEqual(try again.tenant().dump(), middle)
    try client.run(300, on: try again.tenant(), clock)
    XCTAssertEqual(try dumpOfCopy(), try again.tenant().dump())
    again.close()
    XCTAssertEqual(events.warnings, [])
  }

  func testWhatWasReadBackGoesOnAsTheOriginalDoes() throws {
    let original = try openStore()
    var client = RandomClient(seed: 6)
    try client.run(300, on: try original.tenant(), clock)
    let path = try copyOfFolder()
    let (oneClock, otherClock) = (TestClock(), TestClock())
    original.close()
    let one = try openStore(environment: oneClock.environment)
    let other = try openStore(path, environment: otherClock.environment)
    var same = client
    // Ids that neither has given out yet.
    for _ in 0..<4000 {
      _ = oneClock.environment.uuid()
      _ = otherClock.environment.uuid()
    }
    try client.run(200, on: try one.tenant(), oneClock)
    try same.run(200, on: try other.tenant(), otherClock)
    XCTAssertEqual(try one.tenant().dump(), try other.tenant().dump())
    for name in ["bob", "\u{e5}sa"] {
      let filter = "displayName eq \"\(name)\""
      let (here, there) = (try one.tenant(), try other.tenant())
      XCTAssertEqual(try here.page(here.user, filter).texts, try there.page(there.user, filter).texts)
    }
    one.close()
    other.close()
  }

  func testSnapshotsTakenWhileWritingLoseNothing() throws {
    let store = try openStore(options: options(snapshotBytes: 4096))
    let tenant = try store.tenant()
    let clock = clock
    let failures = Locked<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { writer in
      do {
        for number in 0..<60 {
          let user = try tenant.createUser("user\(writer)-\(number)")
          clock.advance(by: 1)
          let group = try tenant.createGroup("g\(writer)-\(number)", [user])
          try tenant.patch(user, [["op": "replace", "path": "title", "value": "x"]])
          if number % 3 == 0 { try tenant.delete(user) }
          if number % 4 == 0 { try tenant.delete(group) }
        }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    XCTAssertEqual(failures.withLock { $0 }, [])
    let dump = try tenant.dump()
    store.close()
    XCTAssertGreaterThan(events.snapshots, 3)
    XCTAssertEqual(events.warnings, [])
    XCTAssertEqual(
      try LogReport(folder: "\(folder)/directories/default", directory: "default").problems, [])
    let again = try openStore()
    defer { again.close() }
    XCTAssertEqual(try again.tenant().dump(), dump)
  }

  func testAFolderCopiedWhileASnapshotIsWrittenIsWhole() throws {
    let gate = Gate()
    let store = try openStore(options: options(snapshotBytes: 4096), io: gate.io(stopping: .rename, at: 3))
    let tenant = try store.tenant()
    for number in 0..<60 { try tenant.createUser("user\(number)") }
    gate.waitUntilReached()
    for number in 60..<80 { try tenant.createUser("user\(number)") }
    XCTAssertEqual(try dumpOfCopy(), try tenant.dump())
    gate.open()
    store.close()
    XCTAssertEqual(try dumpOfCopy().count, 81)
  }

  func testClosingWaitsForTheSnapshotUnderWay() throws {
    let gate = Gate()
    let store = try openStore(options: options(snapshotBytes: 4096), io: gate.io(stopping: .rename, at: 3))
    let tenant = try store.tenant()
    for number in 0..<60 { try tenant.createUser("user\(number)") }
    gate.waitUntilReached()
    let dump = try tenant.dump()
    let isClosed = Locked(false)
    let done = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      store.close()
      isClosed.withLock { $0 = true }
      done.signal()
    }
    usleep(20_000)
    XCTAssertFalse(isClosed.withLock { $0 })
    XCTAssertThrowsError(try DataFolder.open(folder), "the folder is still locked")
    gate.open()
    done.wait()
    let again = try openStore()
    defer { again.close() }
    XCTAssertEqual(try again.tenant().dump(), dump)
  }

  func testAStartAfterACloseReadsNoRecords() throws {
    let store = try openStore()
    for number in 0..<30 { try store.tenant().createUser("user\(number)") }
    store.close()
    var log = try LogRecovery(folder: "\(folder)/directories/default", directory: "default")
    while let item = try log.next() {
      if case .record = item { XCTFail("a record") }
    }
    let tail = try log.end(.readOnly)
    XCTAssertEqual(tail.snapshot, 30)
    XCTAssertEqual(tail.entries, 30)
  }

  func testADirectoryThatWasEmptiedStaysEmptyAndGoesOn() throws {
    let store = try openStore()
    let user = try store.tenant().createUser("ada")
    let group = try store.tenant().createGroup("Staff", [user])
    try store.tenant().delete(user)
    try store.tenant().delete(group)
    store.close()
    let again = try openStore()
    XCTAssertEqual(try again.tenant().dump(), ["0"])
    let next = try again.tenant().createUser("ada")
    XCTAssertTrue(next.version.hasSuffix(".5\""), next.version)
    let dump = try again.tenant().dump()
    again.close()
    let third = try openStore()
    defer { third.close() }
    XCTAssertEqual(try third.tenant().dump(), dump)
  }

  func testASnapshotThatCannotBeWrittenIsToldAndLosesNothing() throws {
    let disk = FaultyDisk { call, number in call == .sync && number > 1 ? .error(ENOSPC) : nil }
    let store = try openStore(io: disk.io)
    for number in 0..<30 { try store.tenant().createUser("user\(number)") }
    let dump = try store.tenant().dump()
    store.close()
    XCTAssertEqual(events.snapshots, 0)
    XCTAssertEqual(events.warnings.count, 1)
    let again = try openStore()
    defer { again.close() }
    XCTAssertEqual(try again.tenant().dump(), dump)
  }

  func testAStartDropsWhatIsKeptNoLonger() throws {
    let store = try openStore()
    try store.tenant().delete(try store.tenant().createUser("ada"))
    store.close()
    clock.advance(by: 91 * 86_400_000)
    let again = try openStore()
    try again.tenant().createUser("bob")
    again.close()
    let reader = try DirectoryReader(
      folder: try DataFolder.open(folder, .readOnly), directory: "default", catalog: again.catalog,
      options: StoreOptions(), now: 0)
    XCTAssertEqual(reader.counts().map(\.deleted), [0, 0])
  }

  func testAWriteThatChangesNothingLeavesNoRecord() throws {
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    let user = try tenant.createUser("ada")
    let group = try tenant.createGroup("Staff", [user])
    try tenant.replace(user, ["userName": "ada"])
    try tenant.patch(user, [["op": "remove", "path": "nickName"]])
    try tenant.add([user], to: group)
    XCTAssertEqual(try tenant.core.journal.last, 2)
  }

  func testARecordOfAnUnknownKindRefusesToStartAndNamesThePlace() throws {
    let log = "\(folder)/directories/default"
    _ = try DataFolder.open(folder).directoryFolder("default")
    let journal = try Journal.open(
      folder: log, directory: "default", tail: LogTail(),
      incarnation: .test, onFailure: { _ in })
    try journal.append(Array("{\"time\":\"2026-11-21T03:36:03Z\",\"changes\":[{\"x\":1}]}".utf8))
    journal.close()
    XCTAssertThrowsError(try openStore()) {
      XCTAssertTrue("\($0)".contains("journal-0000000000000001.jsonl"), "\($0)")
      XCTAssertTrue("\($0)".contains("must be one of create, update, delete"), "\($0)")
    }
  }

  /// As the first versions wrote them.
  func testASnapshotWithoutOrdinalsIsReadInItsOrder() throws {
    let state = DirectoryState(catalog: try Catalog.standard(), options: StoreOptions())
    for number in 0..<3 {
      let line = """
        {"type":"User","id":"00000000-0000-4000-8000-00000000000\(number)","created":"2026-11-21T03:36:03.123Z",\
        "modified":"2026-11-21T03:36:03.123Z","revision":7,"resource":{"userName":"u\(number)"}}
        """
      try Array(line.utf8).withUnsafeBytes { try state.restore(line: $0) }
    }
    XCTAssertEqual((0..<3).map { state.entries[$0]?.ordinal }, [1, 2, 3])
    XCTAssertEqual(state.entries.slot(after: 2), 2)
  }
}
