import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import scimd

/// Lists and restores, beside a running server and on the folder alone.
final class ResourceCommandTests: XCTestCase {
  private static let context = RequestContext(
    key: "key_test", profile: "generic", requestID: "r", remote: "127.0.0.1", operation: "TEST")

  private func open(_ fixture: CommandFixture) throws -> Store {
    try Store(
      folder: try DataFolder.open(fixture.data), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: .system
    ) { _ in }
  }

  /// A user who was in a group and is deleted.
  private func deleteAda(_ store: Store) throws -> String {
    let directory = try store.directory(named: "default").get()
    let user = try XCTUnwrap(store.catalog.type(named: "User"))
    let group = try XCTUnwrap(store.catalog.type(named: "Group"))
    let ada = directory.write(Self.context) { tx throws(SCIMError) in
      try tx.create(
        user, Document(["userName": "ada@example.com", "active": true]), members: [], skipsUnknown: false)
    }
    let id = try XCTUnwrap(try ada.whenDurable().get()).id
    let staff = directory.write(Self.context) { tx throws(SCIMError) in
      try tx.create(group, Document(["displayName": "Staff"]), members: [id.text], skipsUnknown: false)
    }
    _ = try staff.whenDurable().get()
    let deletion = directory.write(Self.context) { tx throws(SCIMError) in
      try tx.delete(try tx.resource(user, id.text))
      return nil
    }
    _ = try deletion.whenDurable().get()
    return id.text
  }

  private func serve(_ fixture: CommandFixture, _ store: Store) throws {
    let server = try fixture.controlServer(store)
    addTeardownBlock {
      let done = self.expectation(description: "drained")
      server.drain(deadline: 1) { done.fulfill() }
      self.wait(for: [done], timeout: 10)
      store.close()
    }
  }

  private func checkListAndRestore(_ fixture: CommandFixture, _ id: String) throws {
    XCTAssertTrue(fixture.run("user", "list", "--data", fixture.data).output.contains("No users found"))
    let deleted = fixture.run("user", "list", "--deleted", "--data", fixture.data)
    XCTAssertTrue(deleted.output.contains(id), deleted.error)
    XCTAssertTrue(deleted.output.contains("ada@example.com"), deleted.output)
    XCTAssertEqual(fixture.run("group", "restore", id, "--data", fixture.data).code, .failure)
    let restored = fixture.run("user", "restore", id, "--data", fixture.data)
    XCTAssertEqual(restored.code, .success, restored.error)
    XCTAssertTrue(restored.output.contains("groups: 1"), restored.output)
    let list = fixture.run("user", "list", "--json", "--data", fixture.data)
    let row = try XCTUnwrap(
      try JSONParser.parse(Array(list.output.utf8))["items"]?.arrayValue?.first)
    XCTAssertEqual(row["id"]?.stringValue, id)
    XCTAssertEqual(row["groups"], 1)
    let again = fixture.run("user", "restore", id, "--data", fixture.data)
    XCTAssertEqual(again.code, .failure)
    XCTAssertTrue(again.error.contains("is not deleted"), again.error)
  }

  func testADeletedUserIsListedAndRestoredThroughTheRunningServer() throws {
    let fixture = try CommandFixture(self)
    let store = try open(fixture)
    let id = try deleteAda(store)
    try serve(fixture, store)
    try checkListAndRestore(fixture, id)
  }

  func testADeletedUserIsListedAndRestoredInAFolderThatNoServerHolds() throws {
    let fixture = try CommandFixture(self)
    fixture.now = Environment.system.now()
    let store = try open(fixture)
    let id = try deleteAda(store)
    store.close()
    try checkListAndRestore(fixture, id)
  }

  func testACommandWithoutItsServerGivesNothingUpThatTheServerMayStillKeep() throws {
    let fixture = try CommandFixture(self)
    let store = try open(fixture)
    let id = try deleteAda(store)
    let bob = try deleteAda(store)
    store.close()
    fixture.now = Environment.system.now() + 200 * 86_400_000
    XCTAssertEqual(fixture.run("user", "restore", id, "--data", fixture.data).code, .success)
    fixture.variables["SCIMD_DELETED_RETENTION_DAYS"] = "365"
    let list = fixture.run("user", "list", "--deleted", "--data", fixture.data)
    XCTAssertTrue(list.output.contains(bob), list.output)
  }

  private func checkErase(_ fixture: CommandFixture, _ id: String) throws {
    let erase = ["user", "erase", id, "--data", fixture.data]
    let unasked = fixture.run(erase)
    XCTAssertEqual(unasked.code, .usage)
    XCTAssertTrue(unasked.error.contains("--yes"), unasked.error)
    fixture.answer = "n"
    let declined = fixture.run(erase)
    XCTAssertEqual(declined.code, .failure)
    XCTAssertTrue(declined.error.contains("(ada@example.com) permanently"), declined.error)
    XCTAssertTrue(
      fixture.run("user", "list", "--deleted", "--data", fixture.data).output.contains(id))
    fixture.answer = "y"
    let erased = fixture.run(erase)
    XCTAssertEqual(erased.code, .success, erased.error)
    XCTAssertTrue(erased.output.contains("Erased user \(id)"), erased.output)
    XCTAssertFalse(
      fixture.run("user", "list", "--deleted", "--data", fixture.data).output.contains(id))
    let history = fixture.run("user", "history", id, "--data", fixture.data)
    XCTAssertTrue(history.output.contains("values of this change were erased"), history.output)
    XCTAssertTrue(history.output.contains("erased: its values"), history.output)
    XCTAssertFalse(history.output.contains("ada@"), history.output)
    let again = fixture.run(erase + ["--json"])
    XCTAssertEqual(again.code, .success, again.error)
    XCTAssertTrue(again.output.contains("\"rewritten\":[]"), again.output)
    let unknown = fixture.run(
      "user", "erase", "2819c223-7f76-453a-919d-413861904646", "--yes", "--data", fixture.data)
    XCTAssertEqual(unknown.code, .failure)
    let names = try XCTUnwrap(FileManager.default.enumerator(atPath: fixture.data)).compactMap {
      $0 as? String
    }
    for name in names {
      let bytes = FileManager.default.contents(atPath: "\(fixture.data)/\(name)") ?? Data()
      XCTAssertFalse(String(decoding: bytes, as: UTF8.self).contains("ada@"), name)
    }
  }

  func testADeletedUserIsErasedThroughTheRunningServer() throws {
    let fixture = try CommandFixture(self)
    let store = try open(fixture)
    let id = try deleteAda(store)
    try serve(fixture, store)
    try checkErase(fixture, id)
  }

  func testADeletedUserIsErasedInAFolderThatNoServerHolds() throws {
    let fixture = try CommandFixture(self)
    fixture.now = Environment.system.now()
    let store = try open(fixture)
    let id = try deleteAda(store)
    store.close()
    try checkErase(fixture, id)
    let verify = fixture.run("store", "verify", "--data", fixture.data)
    XCTAssertEqual(verify.code, .success, verify.output)
    XCTAssertTrue(verify.output.contains("1 segment rewritten"), verify.output)
  }

  func testAnUnknownDirectoryIsRefusedAndNotMade() throws {
    let fixture = try CommandFixture(self)
    let store = try open(fixture)
    _ = try deleteAda(store)
    store.close()
    let outcome = fixture.run("user", "list", "--directory", "contoso", "--data", fixture.data)
    XCTAssertEqual(outcome.code, .failure)
    XCTAssertTrue(outcome.error.contains("contoso"), outcome.error)
    XCTAssertFalse(FileSystem.exists(fixture.data + "/directories/contoso"))
  }

  func testAFolderThatIsMissingIsNotMade() throws {
    let fixture = try CommandFixture(self)
    for words in [["user", "list"], ["user", "restore", "2819c223-7f76-453a-919d-413861904646"]] {
      XCTAssertEqual(fixture.run(words + ["--data", fixture.data]).code, .failure)
    }
    XCTAssertFalse(FileSystem.exists(fixture.data))
  }
}
