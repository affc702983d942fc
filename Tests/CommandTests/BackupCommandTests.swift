import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import scimd

/// `store backup` and `store restore`, beside a running server and without one.
final class BackupCommandTests: XCTestCase {
  private static let context = RequestContext(
    key: "key_test", profile: "generic", requestID: "r", remote: "127.0.0.1", operation: "TEST")

  private func open(_ fixture: CommandFixture) throws -> Store {
    var options = StoreOptions()
    options.snapshotBytes = 16 << 10
    return try Store(
      folder: try DataFolder.open(fixture.data), catalog: try Catalog.standard(), options: options,
      environment: .system
    ) { _ in }
  }

  private static func create(_ store: Store, _ names: [String]) throws {
    let directory = try store.directory(named: "default").get()
    let user = try XCTUnwrap(store.catalog.type(named: "User"))
    for name in names {
      let created = directory.write(context) { tx throws(SCIMError) in
        try tx.create(
          user, Document(["userName": .string(name), "title": .string(String(repeating: "t", count: 200))]),
          members: [], skipsUnknown: false)
      }
      _ = try created.whenDurable().get()
    }
  }

  func testABackupUnderLoadRestoresToOneMomentOfTheServer() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    _ = fixture.run("key", "create", "--name", "Okta", "--data", fixture.data)
    let store = try open(fixture)
    let server = try fixture.controlServer(store)
    try Self.create(store, (0..<300).map { "before\($0)" })
    let goOn = Locked(true)
    let written = expectation(description: "written")
    Thread.detachNewThread {
      var number = 0
      while goOn.withLock({ $0 }) {
        try? Self.create(store, ["during\(number)"])
        number += 1
      }
      written.fulfill()
    }
    let file = fixture.folder + "/backup.jsonl"
    let backup = fixture.run("store", "backup", file, "--data", fixture.data)
    goOn.withLock { $0 = false }
    wait(for: [written], timeout: 30)
    XCTAssertEqual(backup.code, .success, backup.error)
    let done = expectation(description: "drained")
    server.drain(deadline: 1) { done.fulfill() }
    wait(for: [done], timeout: 10)
    store.close()

    let target = fixture.folder + "/restored"
    let restored = fixture.run("store", "restore", file, "--data", target)
    XCTAssertEqual(restored.code, .success, restored.error)
    XCTAssertEqual(fixture.run("store", "verify", "--data", target).code, .success)
    let names = fixture.run("export", "--data", target).output.split(separator: "\n")
      .compactMap { try? JSONParser.parse(Array($0.utf8))["userName"]?.stringValue }
    XCTAssertEqual(names.filter { $0.hasPrefix("before") }.count, 300)
    let during = names.filter { $0.hasPrefix("during") }
    XCTAssertEqual(during, during.indices.map { "during\($0)" })
    XCTAssertTrue(fixture.run("key", "list", "--data", target).output.contains("Okta"))
    let diff = fixture.run("store", "diff", target, fixture.data)
    XCTAssertTrue(diff.output.split(separator: "\n").allSatisfy { $0.hasPrefix("+ ") }, diff.output)
  }

  func testABackupOfAFolderThatNoServerHoldsRestoresToTheSame() throws {
    let fixture = try CommandFixture(self)
    let store = try open(fixture)
    try Self.create(store, ["ada", "bob"])
    store.close()
    let file = fixture.folder + "/backup.jsonl"
    XCTAssertEqual(fixture.run("store", "backup", file, "--data", fixture.data).code, .success)
    let target = fixture.folder + "/restored"
    XCTAssertEqual(fixture.run("store", "restore", file, "--data", target).code, .success)
    XCTAssertEqual(fixture.run("store", "diff", fixture.data, target).code, .success)
    XCTAssertEqual(
      fixture.run("store", "dump", "--data", target).output,
      fixture.run("store", "dump", "--data", fixture.data).output)
  }

  func testNothingIsOverwritten() throws {
    let fixture = try CommandFixture(self)
    let store = try open(fixture)
    try Self.create(store, ["ada"])
    store.close()
    let file = fixture.folder + "/backup.jsonl"
    XCTAssertEqual(fixture.run("store", "backup", file, "--data", fixture.data).code, .success)
    XCTAssertEqual(fixture.run("store", "backup", file, "--data", fixture.data).code, .cannotCreate)
    let restored = fixture.run("store", "restore", file, "--data", fixture.data)
    XCTAssertEqual(restored.code, .cannotCreate)
    XCTAssertTrue(restored.error.contains("not empty"), restored.error)
  }

  func testWhatIsNoBackupIsRefusedAsDamaged() throws {
    let fixture = try CommandFixture(self)
    let file = try fixture.file("x.jsonl", "{\"hello\":1}\n")
    let outcome = fixture.run("store", "restore", file, "--data", fixture.data)
    XCTAssertEqual(outcome.code, .dataCorrupt)
    XCTAssertFalse(FileSystem.exists(fixture.data))
  }
}
