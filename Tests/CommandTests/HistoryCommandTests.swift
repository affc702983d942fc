import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import scimd

/// What happened to a resource, as the journal tells it.
final class HistoryCommandTests: XCTestCase {
  private var fixture: CommandFixture!
  private var ids: [String: String] = [:]
  private var key = ""

  private func open(snapshotBytes: Int = 64 << 20) throws -> Store {
    var options = StoreOptions()
    options.snapshotBytes = snapshotBytes
    return try Store(
      folder: try DataFolder.open(fixture.data), catalog: try Catalog.standard(), options: options,
      environment: .system
    ) { _ in }
  }

  private func write(
    _ directory: Directory, _ operation: String, _ body: (inout Transaction) throws(SCIMError) -> ResourceID?
  ) throws {
    let context = RequestContext(
      key: key, profile: "okta", requestID: "req-\(operation)", remote: "203.0.113.7", operation: operation)
    _ = try directory.write(context, body).whenDurable().get()
  }

  /// Bob joins and leaves a group, is changed, deleted and restored.
  private func makeHistory(_ store: Store) throws {
    let directory = try store.directory(named: "default").get()
    let user = try XCTUnwrap(store.catalog.type(named: "User"))
    let group = try XCTUnwrap(store.catalog.type(named: "Group"))
    var bob: ResourceID?
    var staff: ResourceID?
    try write(directory, "create") { tx throws(SCIMError) in
      bob = try tx.create(
        user, Document(["userName": "bob", "name": ["givenName": "Bob"]]), members: [], skipsUnknown: false)
      return bob
    }
    let bobID = try XCTUnwrap(bob).text
    try write(directory, "group") { tx throws(SCIMError) in
      staff = try tx.create(group, Document(["displayName": "Staff"]), members: [bobID], skipsUnknown: false)
      return staff
    }
    let staffID = try XCTUnwrap(staff).text
    try write(directory, "rename") { tx throws(SCIMError) in
      tx.understanding.rules = ["operationCase"]
      let old = try tx.resource(user, bobID)
      try tx.update(
        old, Document(["userName": "bob", "name": ["givenName": "Robert"]]), [], skipsUnknown: false)
      return nil
    }
    try write(directory, "leave") { tx throws(SCIMError) in
      let old = try tx.resource(group, staffID)
      try tx.update(old, old.document, [.remove([bobID])], skipsUnknown: false)
      return nil
    }
    try write(directory, "delete") { tx throws(SCIMError) in
      try tx.delete(try tx.resource(user, bobID))
      return nil
    }
    try write(directory, "other") { tx throws(SCIMError) in
      try tx.create(user, Document(["userName": "eve"]), members: [], skipsUnknown: false)
    }
    _ = try directory.restore(
      user, bobID,
      RequestContext(key: "", profile: "admin", requestID: "r", remote: "x", operation: "RESTORE")
    ).whenDurable().get()
    ids = ["bob": bobID, "staff": staffID]
  }

  override func setUpWithError() throws {
    fixture = try CommandFixture(self)
    fixture.now = Environment.system.now()
    try fixture.makeFolder()
    let created = fixture.run("key", "create", "--name", "Okta prod", "--data", fixture.data, "--json")
    key = try XCTUnwrap(try JSONParser.parse(Array(created.output.utf8))["id"]?.stringValue)
  }

  private func history(_ id: String?) throws -> [JSONValue] {
    let outcome = fixture.run("user", "history", try XCTUnwrap(id), "--json", "--data", fixture.data)
    XCTAssertEqual(outcome.code, .success, outcome.error)
    return try JSONParser.parse(Array(outcome.output.utf8))["items"]?.arrayValue ?? []
  }

  private func drain(_ server: HTTPServer) {
    let done = expectation(description: "drained")
    server.drain(deadline: 1) { done.fulfill() }
    wait(for: [done], timeout: 10)
  }

  func testEveryRecordThatTouchedAUserIsShownWithItsKeyAndWhatItDid() throws {
    let store = try open()
    try makeHistory(store)
    // Through the server that holds the folder.
    let server = try fixture.controlServer(store)
    let lines = try history(ids["bob"])
    drain(server)
    store.close()
    let staff: JSONValue = [["id": .string(try XCTUnwrap(ids["staff"])), "name": "Staff"]]
    XCTAssertEqual(
      lines.map { $0["operation"]?.stringValue },
      ["create", "group", "rename", "leave", "delete", "RESTORE"])
    XCTAssertEqual(lines[1]["effects"], [["addedTo": staff]])
    XCTAssertEqual(
      lines[2]["effects"], [["changed": "name.givenName", "before": "Bob", "after": "Robert"]])
    XCTAssertEqual(lines[2]["rules"], ["operationCase"])
    XCTAssertEqual(lines[3]["effects"], [["removedFrom": staff]])
    XCTAssertEqual(lines[3]["actor"]?["name"], "Okta prod")
    XCTAssertEqual(lines[3]["actor"]?["origin"], "203.0.113.7")
    XCTAssertEqual(lines[4]["effects"]?.arrayValue?.first?["deleted"]?["userName"], "bob")
    XCTAssertEqual(lines[5]["effects"]?.arrayValue?.first?["restored"]?["userName"], "bob")
  }

  func testTheHistoryOfAGroupNamesTheMembersThatCameAndWent() throws {
    let store = try open()
    try makeHistory(store)
    store.close()
    let outcome = fixture.run("group", "history", try XCTUnwrap(ids["staff"]), "--data", fixture.data)
    let bob = try XCTUnwrap(ids["bob"])
    XCTAssertTrue(outcome.output.contains("member added: \(bob) (bob)"), outcome.output)
    XCTAssertTrue(outcome.output.contains("member removed: \(bob) (bob)"), outcome.output)
    XCTAssertTrue(outcome.output.contains("by key \"Okta prod\" (\(key)), profile okta"), outcome.output)
  }

  func testHistoryGoesOnOverSegmentsAndSaysWhenTheBeginningIsNoLongerKept() throws {
    let store = try open(snapshotBytes: 64)
    try makeHistory(store)
    store.close()
    XCTAssertEqual(try history(ids["bob"]).count, 6)
    let log = fixture.data + "/directories/default"
    let first = try FileSystem.list(log).first { $0.hasPrefix("journal-") }
    XCTAssertEqual(first, "journal-0000000000000001.jsonl")
    for name in try FileSystem.list(log).filter({ $0.hasPrefix("journal-") }).prefix(2) {
      try FileSystem.unlink(log + "/" + name)
    }
    let outcome = fixture.run("user", "history", try XCTUnwrap(ids["bob"]), "--data", fixture.data)
    XCTAssertEqual(outcome.code, .success, outcome.error)
    XCTAssertTrue(outcome.output.contains("is no longer kept"), outcome.output)
  }

  func testNothingKnownIsAFailureThatSaysSo() throws {
    let store = try open()
    try makeHistory(store)
    store.close()
    let unknown = fixture.run(
      "user", "history", "00000000-0000-4000-8000-000000000000", "--data", fixture.data)
    XCTAssertEqual(unknown.code, .failure)
    XCTAssertTrue(unknown.error.contains("has no record of"), unknown.error)
    XCTAssertEqual(fixture.run("user", "history", "nobody", "--data", fixture.data).code, .failure)
  }

  func testInfoCountsWhatIsThere() throws {
    let store = try open()
    try makeHistory(store)
    let server = try fixture.controlServer(store)
    let info = fixture.run("store", "info", "--json", "--data", fixture.data)
    drain(server)
    store.close()
    let directory = try XCTUnwrap(
      try JSONParser.parse(Array(info.output.utf8))["directories"]?.arrayValue?.first)
    XCTAssertEqual(
      directory["types"],
      [
        ["type": "User", "count": 2, "deleted": 0], ["type": "Group", "count": 1, "deleted": 0],
      ])
    XCTAssertEqual(directory["last"], 8, "seven changes and the key")
    XCTAssertEqual(directory["oldest"], 1)
    XCTAssertEqual(directory["segments"], 2, "one of them begun when the key was made and the folder closed")
    XCTAssertEqual(fixture.run("store", "info", "--data", fixture.data).code, .success)
  }

  func testADumpIsTheSameFromTheJournalAndFromASnapshotAndDiffFindsNothing() throws {
    let store = try open()
    try makeHistory(store)
    let before = fixture.run("store", "dump", "--data", fixture.data).output
    store.close()
    let after = fixture.run("store", "dump", "--data", fixture.data).output
    XCTAssertEqual(before, after)
    XCTAssertEqual(before.split(separator: "\n").count, 4, "two users, a group and a key")
    let file = try fixture.file("dump.jsonl", before)
    let same = fixture.run("store", "diff", file, fixture.data)
    XCTAssertEqual(same.code, .success, same.error)
    XCTAssertEqual(same.output, "")
  }

  func testDiffNamesWhatDiffers() throws {
    let store = try open()
    try makeHistory(store)
    let before = try fixture.file(
      "before.jsonl", fixture.run("store", "dump", "--data", fixture.data).output)
    let user = try XCTUnwrap(store.catalog.type(named: "User"))
    let bob = try XCTUnwrap(ids["bob"])
    try write(try store.directory(named: "default").get(), "change") { tx throws(SCIMError) in
      let old = try tx.resource(user, bob)
      try tx.update(old, Document(["userName": "rob"]), [], skipsUnknown: false)
      return try tx.create(user, Document(["userName": "new"]), members: [], skipsUnknown: false)
    }
    store.close()
    let outcome = fixture.run("store", "diff", before, fixture.data)
    XCTAssertEqual(outcome.code, .failure)
    XCTAssertTrue(
      outcome.output.contains("~ default User \(bob) resource.userName: \"bob\" -> \"rob\""), outcome.output)
    XCTAssertTrue(outcome.output.contains("(new)"), outcome.output)
  }
}
