import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials

/// A whole data folder that a version with format 1 wrote: two directories with users, groups, a deactivated and a deleted
/// user, a journal behind a snapshot, a key that is valid and one that is revoked.
final class FolderMigrationTests: XCTestCase {
  private static let fixture =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/format-1"
  /// Made for this folder and good for nothing else.
  private static let secrets = [
    "scim_NJzC0t1wIePxhU4gWMKik7gC9xmJ88vkIebU5sWvFbP00eu1P",
    "scim_4d6lCTlM8dbxQanMoRSg0Pi9sFbcDQgBA6WxT8Gjndk1Y6oME",
  ]

  private var base = ""

  override func setUpWithError() throws {
    let memory = FileSystem.isDirectory("/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
    base = memory + "scimd-migration-" + UUID().uuidString
    try FileSystem.createDirectory(base)
    try FileManager.default.copyItem(atPath: Self.fixture, toPath: base + "/data")
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: base) }

  private func open(_ path: String, io: LogIO = .system) throws -> (store: Store, keys: KeyRing) {
    var environment = Environment.system
    environment.now = { 1_800_000_000_000 }
    let store = try Store(
      folder: try DataFolder.open(path), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: environment, io: io, systemIO: io, report: { _ in })
    return (store, try KeyRing(store))
  }

  /// Every resource of both directories, the deleted ones too.
  private func dump(_ path: String) throws -> [String] {
    let folder = try DataFolder.open(path, .readOnly)
    var lines: [String] = []
    for name in ["contoso", "default"] {
      try DirectoryReader(
        folder: folder, directory: name, catalog: try Catalog.standard(), options: StoreOptions(),
        now: 1_800_000_000_000
      ).dump { lines.append(String(decoding: $0, as: UTF8.self)) }
    }
    return lines
  }

  private func isKey(_ line: String) -> Bool { line.contains("\"type\":\"Key\"") }

  /// The folder holds what the old one held, each key once.
  private func assertMigrated(_ path: String, _ resources: [String], _ what: String) throws {
    let (store, keys) = try open(path)
    let found = keys.keys()
    XCTAssertEqual(found.map(\.id), ["key_SDVVX3CsC3fZ", "key_4CpHQtpGCyIw"], what)
    XCTAssertEqual(found.map(\.directory), ["default", "contoso"], what)
    XCTAssertEqual(
      found.map(\.created.description), ["2026-11-30T18:33:03.740Z", "2026-11-30T18:33:03.756Z"], what)
    XCTAssertEqual(found.map { $0.expires?.description }, [nil, "2027-02-28T18:33:03.753Z"], what)
    XCTAssertEqual(found.map { $0.revoked?.description }, [nil, "2026-11-30T18:33:03.937Z"], what)
    XCTAssertEqual(
      found.flatMap(\.generations).map(\.digest), Self.secrets.map { KeyDigest(of: Array($0.utf8)[...]) },
      what)
    guard let first = found.first else { return }
    XCTAssertEqual(keys.authenticate(Self.secrets[0]), .valid(first), what)
    XCTAssertEqual(keys.authenticate(Self.secrets[1]), .invalid, what)
    store.close()
    XCTAssertFalse(FileSystem.exists(path + "/keys.json"), what)
    XCTAssertEqual(
      try FileSystem.readFile(path + "/keys.json.migrated"),
      try FileSystem.readFile(Self.fixture + "/keys.json"), what)
    XCTAssertEqual(
      String(decoding: try FileSystem.readFile(path + "/format"), as: UTF8.self),
      "{\"scimd\":\"data\",\"format\":2}\n", what)
    let lines = try dump(path)
    XCTAssertEqual(lines.filter { !isKey($0) }, resources, what)
    XCTAssertEqual(lines.filter(isKey).count, 2, what)
    for name in ["_system", "contoso", "default"] {
      let report = try LogReport(folder: "\(path)/directories/\(name)", directory: name)
      XCTAssertEqual(report.problems, [], "\(what), \(name)")
    }
  }

  func testAFolderOfFormat1HoldsTheSameResourcesAndKeysAfterwards() throws {
    let resources = try dump(base + "/data")
    let all = resources.joined(separator: "\n")
    for name in [
      "ada@", "bob@", "eve@", "dan@", "late@", "kim@", "lee@", "max@", "Staff default", "Staff contoso",
    ] {
      XCTAssertTrue(all.contains(name), name)
    }
    XCTAssertEqual(resources.filter { $0.contains("\"deleted\":") }.count, 2)
    XCTAssertEqual(resources.filter { $0.contains("\"active\":false") }.count, 2)
    for run in 1...2 { try assertMigrated(base + "/data", resources, "start \(run)") }
  }

  func testAMigrationThatIsCutShortAnywhereIsCompletedByTheNextStart() throws {
    let resources = try dump(base + "/data")
    let copies = Locked(0)
    let base = base
    // The folder before each call that changes it.
    let keep: @Sendable () -> Void = {
      let number = copies.withLock { copies -> Int in
        copies += 1
        return copies
      }
      try? FileManager.default.copyItem(atPath: base + "/data", toPath: base + "/copy-\(number)")
    }
    let (store, _) = try open(base + "/data", io: Self.io(keep))
    keep()
    try FileManager.default.moveItem(
      atPath: base + "/copy-\(copies.withLock { $0 })/keys.json.migrated",
      toPath: base + "/copy-\(copies.withLock { $0 })/keys.json")
    store.close()
    XCTAssertGreaterThan(copies.withLock { $0 }, 20)
    for number in 1...copies.withLock({ $0 }) {
      try assertMigrated(base + "/copy-\(number)", resources, "call \(number)")
    }
  }

  private static func io(_ before: @escaping @Sendable () -> Void) -> LogIO {
    var io = LogIO.system
    let system = LogIO.system
    io.create = { (path) throws(SystemError) in
      before()
      return try system.create(path)
    }
    io.write = { (file, bytes) throws(SystemError) in
      before()
      return try system.write(file, bytes)
    }
    io.dataSync = { (file) throws(SystemError) in
      before()
      try system.dataSync(file)
    }
    io.rename = { (old, new) throws(SystemError) in
      before()
      try system.rename(old, new)
    }
    io.unlink = { (path) throws(SystemError) in
      before()
      try system.unlink(path)
    }
    io.syncDirectory = { (path) throws(SystemError) in
      before()
      try system.syncDirectory(path)
    }
    return io
  }
}
