import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// One file with everything in it, and a folder made of it again.
final class BackupTests: DirectoryTestCase {
  private var path: String { folder + ".jsonl" }

  override func tearDown() {
    super.tearDown()
    for name in [path, folder + "-restored"] { try? FileManager.default.removeItem(atPath: name) }
  }

  private func text(_ pieces: BackupPieces) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let piece = try pieces.next() { bytes += piece }
    return bytes
  }

  private func write(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func restore() throws -> String {
    let target = folder + "-restored"
    try? FileManager.default.removeItem(atPath: target)
    try BackupRestore.run(
      try BackupFile(path), into: target, catalog: try Catalog.standard(), environment: .system)
    return target
  }

  private func fill(_ store: Store) throws {
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1"])
    let bob = try tenant.createUser("bob")
    let eve = try tenant.createUser("eve")
    let staff = try tenant.createGroup("Staff", [ada, bob, eve])
    clock.advance(by: 1000)
    try tenant.delete(eve)
    try tenant.remove([bob], from: staff)
    try store.tenant("other").createUser("zoe")
    _ = try store.tenant("empty")
  }

  private func dump(_ path: String, now: Int64 = 0) throws -> [String] {
    let data = try DataFolder.open(path, .readOnly)
    var lines: [String] = []
    for name in try data.directoryNames() {
      try DirectoryReader(
        folder: data, directory: name, catalog: try Catalog.standard(), options: StoreOptions(), now: now
      ).dump { lines.append(String(decoding: $0, as: UTF8.self)) }
    }
    return lines
  }

  func testARestoredFolderHoldsTheSameStateAndTheSameHistoryAndGoesOn() throws {
    for snapshotBytes in [64 << 20, 64] {
      try startOver()
      let store = try openStore(options: options(snapshotBytes: snapshotBytes))
      try fill(store)
      try write(try text(store.backup()))
      store.close()
      let target = try restore()
      XCTAssertEqual(try dump(target), try dump(folder))
      let log = "\(target)/directories/default"
      let report = try LogReport(folder: log, directory: "default")
      XCTAssertEqual(report.problems, [])
      XCTAssertEqual(report.first, 1)
      XCTAssertEqual(report.records, 6)
      let again = try openStore(target)
      XCTAssertEqual(try again.tenant().dump().count, 4)
      try again.tenant().createUser("new")
      again.close()
      XCTAssertEqual(try LogReport(folder: log, directory: "default").last, 7)
      XCTAssertEqual(try LogReport(folder: log, directory: "default").problems, [])
    }
  }

  func testABackupIsOfOneMomentWhileWritersGoOn() throws {
    let store = try openStore(options: options(snapshotBytes: 4096))
    let tenant = try store.tenant()
    try fill(store)
    let before = try tenant.dump()
    let pieces = store.backup()
    for number in 0..<200 { try tenant.createUser("user\(number)") }
    try write(try text(pieces))
    let target = try restore()
    let restored = try openStore(target)
    XCTAssertEqual(try restored.tenant().dump(), before)
    restored.close()
    store.close()
  }

  func testADamagedOrCutBackupIsRefusedAndNothingIsMade() throws {
    let store = try openStore()
    try fill(store)
    let whole = try text(store.backup())
    store.close()
    var random = SeededRandom()
    for _ in 0..<300 {
      var bytes = whole
      if Bool.random(using: &random) {
        bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
      } else {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      try write(bytes)
      XCTAssertThrowsError(try restore())
      XCTAssertFalse(FileSystem.exists(folder + "-restored"))
    }
    try write(whole + Array("{}\n".utf8))
    XCTAssertThrowsError(try restore())
  }

  func testNothingIsRestoredOverSomething() throws {
    let store = try openStore()
    try fill(store)
    try write(try text(store.backup()))
    store.close()
    XCTAssertThrowsError(
      try BackupRestore.run(try BackupFile(path), into: folder, catalog: store.catalog, environment: .system)
    ) { error in XCTAssertTrue("\(error)".contains("not empty"), "\(error)") }
  }

  func testARestoreThatWasCutShortIsNoDataFolder() throws {
    let store = try openStore()
    try fill(store)
    try write(try text(store.backup()))
    store.close()
    let target = folder + "-restored"
    // It ends at the group, as nothing defines groups.
    let all = try Catalog.standard()
    let poor = Catalog(
      schemas: all.schemas, types: [all.types[0]], administrative: all.stored.filter(\.isAdministrative))
    XCTAssertThrowsError(
      try BackupRestore.run(try BackupFile(path), into: target, catalog: poor, environment: .system))
    XCTAssertThrowsError(try DataFolder.open(target)) { error in
      XCTAssertEqual(error as? DataFolderError, .foreign(target))
    }
  }

  /// Run with RECORD_BACKUP=1 to write the fixture again.
  func testTheFormatIsWhatItAlwaysWas() throws {
    let store = try openStore()
    try fill(store)
    let bytes = try text(store.backup())
    store.close()
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/backup/backup-2.jsonl")
    if ProcessInfo.processInfo.environment["RECORD_BACKUP"] != nil {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
    let fixture = try Data(contentsOf: url)
    XCTAssertEqual(String(decoding: bytes, as: UTF8.self), String(decoding: fixture, as: UTF8.self))
    try fixture.write(to: URL(fileURLWithPath: path))
    XCTAssertEqual(try dump(try restore()), try dump(folder))
  }

  func testABackupOfFormat1IsRestored() throws {
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/backup/backup-1.jsonl")
    let bytes = try Data(contentsOf: fixture)
    try bytes.write(to: URL(fileURLWithPath: path))
    let target = try restore()
    let resources = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter {
      $0.hasPrefix("{\"type\":") || $0.hasPrefix("{\"deleted\":")
    }
    let restoredLines = try dump(target)
    XCTAssertEqual(restoredLines.count, resources.count)
    for resource in resources {
      let content = resource.dropFirst().dropLast()
      XCTAssertTrue(restoredLines.contains { $0.contains(content) }, String(resource))
    }
    XCTAssertTrue(FileSystem.exists(target + "/keys.json"))
    let restored = try openStore(target)
    try restored.tenant().createUser("new")
    restored.close()
    XCTAssertEqual(
      try LogReport(folder: "\(target)/directories/default", directory: "default").problems, [])
  }

  func testARestoredDirectoryGivesNoVersionAgain() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    try write(try text(store.backup()))
    let after = try tenant.patch(ada, [["op": "replace", "path": "title", "value": "x"]])
    store.close()
    let restored = try openStore(try restore())
    let again = try restored.tenant().patch(ada, [["op": "replace", "path": "title", "value": "y"]])
    XCTAssertEqual(after.version.suffix(3), again.version.suffix(3), "the number comes again")
    XCTAssertNotEqual(after.version, again.version)
    XCTAssertEqual(try restored.tenant().core.incarnation.utf8.count, 8)
    XCTAssertNotEqual(try restored.tenant().core.incarnation, try tenant.core.incarnation)
    restored.close()
  }
}
