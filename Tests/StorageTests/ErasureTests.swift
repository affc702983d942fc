import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// A person whose data must go: no value in any file, while everything else stays as it was.
final class ErasureTests: DirectoryTestCase {
  private var log: String { "\(folder)/directories/default" }

  /// Every file of the folder that contains one of the texts, letter case ignored.
  private func files(with texts: [String], in path: String? = nil) throws -> [String] {
    let root = path ?? folder
    let names = try XCTUnwrap(FileManager.default.enumerator(atPath: root)).compactMap { $0 as? String }
    return names.filter { name in
      guard let bytes = FileManager.default.contents(atPath: "\(root)/\(name)") else { return false }
      let content = String(decoding: bytes, as: UTF8.self).lowercased()
      return texts.contains { content.contains($0) }
    }
  }

  private func createAlice(_ tenant: Tenant) throws -> Resource {
    try tenant.create(
      tenant.user,
      [
        "userName": "alice@example.com", "externalId": "E-alice", "displayName": "Alice Liddell",
        "name": ["familyName": "Liddell", "givenName": "Alice"],
        "emails": [["value": "alice@example.com", "type": "work", "primary": true]],
      ])
  }

  /// Alice is in snapshots, in closed segments and in the open one; Bob reports to her.
  private func fill(_ store: Store) throws -> (alice: Resource, staff: Resource) {
    let tenant = try store.tenant()
    let alice = try createAlice(tenant)
    let bob = try tenant.create(
      tenant.user,
      ["userName": "bob", SchemaURN.enterpriseUser: ["manager": ["value": .string(alice.id.text)]]])
    let staff = try tenant.createGroup("Staff", [alice, bob])
    for number in 0..<12 {
      clock.advance(by: 1000)
      try tenant.patch(alice, [["op": "replace", "path": "title", "value": .string("Alice \(number)")]])
      try tenant.createUser("user\(number)")
    }
    return (alice, staff)
  }

  private func erase(_ type: ResourceType, _ id: ResourceID, _ directory: Directory) throws
    -> Directory.ErasureResult
  {
    _ = try directory.erase(type, id, Tenant.context).wait().get()
    return directory.finishErasure(of: id)
  }

  private func assertSound(_ path: String, file: StaticString = #filePath, line: UInt = #line) throws {
    let report = try LogReport(folder: "\(path)/directories/default", directory: "default")
    XCTAssertEqual(report.problems, [], file: file, line: line)
    XCTAssertEqual(report.warnings, [], file: file, line: line)
  }

  func testNoFileHasAValueOfAnErasedPersonAndAllElseIsAsBefore() throws {
    for snapshotBytes in [64 << 20, 2048] {
      try startOver()
      let store = try openStore(options: options(snapshotBytes: snapshotBytes))
      let tenant = try store.tenant()
      let (alice, staff) = try fill(store)
      let others = try tenant.dump().filter { !$0.contains(alice.id.text) }
      XCTAssertNotEqual(try files(with: ["alice", "liddell"]), [])

      let result = try erase(tenant.user, alice.id, tenant.core)
      XCTAssertNil(result.postponed)
      XCTAssertEqual(result.unreadable, [])
      XCTAssertNotEqual(result.rewritten, [])
      XCTAssertEqual(try files(with: ["alice", "liddell"]), [])
      XCTAssertNotEqual(try files(with: [alice.id.text]), [], "the id stays")
      try assertSound(folder)
      assertError(404) { _ = try tenant.read(alice) }
      XCTAssertEqual(try tenant.read(staff).memberIDs.count, 1)
      XCTAssertEqual(Set(others.dropFirst()).subtracting(try tenant.dump()), [])
      try tenant.createUser("after")
      let dump = try tenant.dump()
      store.close()
      try assertSound(folder)
      let again = try openStore()
      XCTAssertEqual(try again.tenant().dump(), dump)
      again.close()
      XCTAssertEqual(try files(with: ["alice", "liddell"]), [])
    }
  }

  func testTheJournalAloneGivesTheSameStateWhenValuesWereTakenOut() throws {
    let store = try openStore(options: options(snapshotBytes: 2048))
    let tenant = try store.tenant()
    let alice = try fill(store).alice
    try tenant.delete(alice)
    let again = try createAlice(tenant)
    XCTAssertEqual(again.id, alice.id, "the account came back")
    try tenant.delete(again)
    _ = try erase(tenant.user, alice.id, tenant.core)
    let dump = try tenant.dump()
    store.close()
    for name in try FileSystem.list(log) where name.hasPrefix("snapshot-") {
      try FileSystem.unlink("\(log)/\(name)")
    }
    let redone = try openStore()
    XCTAssertEqual(try redone.tenant().dump(), dump)
    redone.close()
    XCTAssertEqual(try files(with: ["alice", "liddell"]), [])
  }

  func testSomebodyDeletedOrLongForgottenIsErasedFromTheHistory() throws {
    for retention in [Int64.max, 0] {
      try startOver()
      var purging = options(snapshotBytes: 2048)
      purging.deletedRetention = retention
      let store = try openStore(options: purging)
      let tenant = try store.tenant()
      let alice = try fill(store).alice
      try tenant.delete(alice)
      XCTAssertTrue(try tenant.core.knows(alice.id))
      _ = try erase(tenant.user, alice.id, tenant.core)
      XCTAssertEqual(try files(with: ["alice", "liddell"]), [])
      XCTAssertNotEqual(try createAlice(tenant).id, alice.id, "a new person")
      assertError(404) {
        _ = try tenant.restore(alice)
      }
      store.close()
      try assertSound(folder)
    }
  }

  func testHistoryTellsOfTheErasureAndThatValuesAreWithheld() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let (alice, staff) = try fill(store)
    _ = try erase(tenant.user, alice.id, tenant.core)
    let history = try ResourceHistory(of: alice.id, folder: log, directory: "default")
    XCTAssertEqual(history.events.count, 15)
    guard case .withheld? = history.events.first?.effects.first,
      case .erased? = history.events.last?.effects.first
    else { return XCTFail("\(history.events)") }
    let group = try ResourceHistory(of: staff.id, folder: log, directory: "default")
    guard case .membersRemoved(let ids)? = group.events.last?.effects.first else {
      return XCTFail("\(group)")
    }
    XCTAssertEqual(ids, [alice.id.text])
    XCTAssertFalse(try tenant.core.knows(try XCTUnwrap(ResourceID(clock.environment.uuid()))))
    store.close()
  }

  func testAnErasureThatIsCutShortAnywhereIsCompletedByTheNextStart() throws {
    var call = 0
    var isThrough = false
    while !isThrough {
      call += 1
      try startOver()
      let armed = Locked(false)
      let count = Locked(0)
      let stop = call
      let disk = FaultyDisk(atCall: { _ in
        guard armed.withLock({ $0 }) else { return nil }
        let number = count.withLock { count -> Int in
          count += 1
          return count
        }
        return number >= stop ? .deadTorn : nil
      })
      let store = try openStore(options: options(snapshotBytes: 4096), io: disk.io)
      let tenant = try store.tenant()
      let alice = try fill(store).alice
      // The snapshots that are under way first.
      _ = try tenant.core.finishErasure(of: try XCTUnwrap(ResourceID(clock.environment.uuid())))
      armed.withLock { $0 = true }
      let record = try tenant.core.erase(tenant.user, alice.id, Tenant.context)
      let done = DispatchSemaphore(value: 0)
      record.whenDurable { _ in done.signal() }
      let isDurable = done.wait(timeout: .now() + .milliseconds(300)) == .success
      if isDurable { _ = try tenant.core.finishErasure(of: alice.id) }
      isThrough = count.withLock { $0 } < stop
      let copy = try copyOfFolder()
      let again = try openStore(copy)
      let dump = try again.tenant().dump()
      let isErased = !dump.contains { $0.contains("alice@") }
      // A record that was written but not acknowledged may be there or not.
      XCTAssertTrue(isErased || !isDurable, "call \(call)")
      again.close()
      if isErased {
        XCTAssertEqual(try files(with: ["alice", "liddell"], in: copy), [], "call \(call)")
      }
      try assertSound(copy)
      let third = try openStore(copy)
      XCTAssertEqual(try third.tenant().dump(), dump, "call \(call)")
      third.close()
    }
    XCTAssertGreaterThan(call, 20)
  }

  func testABackupThatIsBeingReadPutsTheFilesOffUntilItEnds() throws {
    let store = try openStore(options: options(snapshotBytes: 4096))
    let tenant = try store.tenant()
    let alice = try fill(store).alice
    var pieces: BackupPieces? = store.backup()
    XCTAssertNotNil(try pieces?.next())
    XCTAssertNotNil(try erase(tenant.user, alice.id, tenant.core).postponed)
    assertError(404) { _ = try tenant.read(alice) }
    XCTAssertNotEqual(try files(with: ["alice"]), [])
    while try pieces?.next() != nil {}
    pieces = nil
    store.close()
    XCTAssertEqual(try files(with: ["alice", "liddell"]), [])
    try assertSound(folder)
  }

  func testABackupOfRewrittenSegmentsRestoresAndHasNoValues() throws {
    let store = try openStore(options: options(snapshotBytes: 2048))
    let tenant = try store.tenant()
    let alice = try fill(store).alice
    _ = try erase(tenant.user, alice.id, tenant.core)
    for more in 0..<2 {
      var bytes: [UInt8] = []
      let pieces = store.backup()
      while let piece = try pieces.next() { bytes += piece }
      XCTAssertFalse(String(decoding: bytes, as: UTF8.self).lowercased().contains("alice"))
      let file = folder + "-\(more).backup"
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      let target = folder + "-\(more)"
      addTeardownBlock {
        for path in [file, target] { try? FileManager.default.removeItem(atPath: path) }
      }
      try BackupRestore.run(try BackupFile(file), into: target, catalog: store.catalog, environment: .system)
      try assertSound(target)
      let restored = try openStore(target)
      XCTAssertEqual(try restored.tenant().dump(), try tenant.dump())
      restored.close()
      try tenant.createUser("more\(more)")
    }
    store.close()
  }

  func testACutOrChangedRewrittenSegmentIsRefused() throws {
    let store = try openStore(options: options(snapshotBytes: 4096))
    let tenant = try store.tenant()
    let alice = try fill(store).alice
    _ = try erase(tenant.user, alice.id, tenant.core)
    store.close()
    let path = "\(log)/\(LogName.segment(first: 1))"
    let whole = try FileSystem.readFile(path)
    var lines = whole.split(separator: 0x0A).map(Array.init)
    XCTAssertTrue(lines.contains { String(decoding: $0, as: UTF8.self).contains("\"commitment\"") })
    lines.removeLast()
    for bytes in [
      Array(lines.joined(separator: [0x0A])) + [0x0A], Array(whole.dropLast()), Array(whole.dropLast(40)),
    ] {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let report = try LogReport(folder: log, directory: "default")
      XCTAssertEqual(report.problems.count, 1)
    }
    var random = SeededRandom()
    for _ in 0..<300 {
      var bytes = whole
      bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let report = try? LogReport(folder: log, directory: "default")
      XCTAssertNotEqual(report?.problems, [])
    }
  }

  func testARewrittenSegmentIsGivenUpWhenItsRecordsAreTooOld() throws {
    let store = try openStore(options: options(snapshotBytes: 4096))
    let tenant = try store.tenant()
    let alice = try fill(store).alice
    let path = "\(log)/\(LogName.segment(first: 1))"
    _ = try tenant.core.finishErasure(of: try XCTUnwrap(ResourceID(clock.environment.uuid())))
    let yesterday = clock.now - 86_400_123
    try File.open(path, .readWrite(create: false)).setModified(yesterday)
    _ = try erase(tenant.user, alice.id, tenant.core)
    XCTAssertEqual(try File.open(path, .read).modified, yesterday)
    store.close()
  }

  func testADamagedCopyThatWasSetAsideIsNamed() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let alice = try fill(store).alice
    let aside = "\(log)/\(LogName.snapshot(seq: 3)).damaged"
    try Data("alice".utf8).write(to: URL(fileURLWithPath: aside))
    XCTAssertEqual(try erase(tenant.user, alice.id, tenant.core).unreadable, [aside])
    store.close()
  }

  func testAnIdOfAnotherTypeIsNotErased() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let (alice, staff) = try fill(store)
    assertError(404) { _ = try erase(tenant.group, alice.id, tenant.core) }
    assertError(404) { _ = try erase(tenant.user, staff.id, tenant.core) }
    XCTAssertTrue(try tenant.dump().contains { $0.contains("alice@") })
    store.close()
  }

  func testRandomHistoriesAreRedoneWithoutTheErased() throws {
    for seed in 1...3 {
      try startOver()
      let store = try openStore(options: options(snapshotBytes: 16 << 10))
      let tenant = try store.tenant()
      var client = RandomClient(seed: seed)
      for _ in 0..<4 {
        try client.run(80, on: tenant, clock)
        for type in [tenant.user, tenant.group] {
          guard let victim = try tenant.page(type).resources.first else { continue }
          XCTAssertNil(try erase(type, victim.id, tenant.core).postponed)
          client.forget(victim.id)
        }
      }
      let dump = try tenant.dump()
      store.close()
      try assertSound(folder)
      for name in try FileSystem.list(log) where name.hasPrefix("snapshot-") {
        try FileSystem.unlink("\(log)/\(name)")
      }
      XCTAssertEqual(try dumpOfCopy(), dump)
    }
  }
}
