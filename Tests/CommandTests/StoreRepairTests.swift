import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import scimd

/// `store repair`: what is told before and after, for people and for programs.
final class StoreRepairTests: XCTestCase {
  /// A folder in which the deletion of a user is lost, whose name another user took. Returns the ids of the two.
  private func damage(_ fixture: CommandFixture) throws -> [String] {
    let source = fixture.folder + "/source"
    let store = try Store(
      folder: try DataFolder.open(source), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: .system
    ) { _ in }
    let directory = try store.directory(named: "default").get()
    let user = try XCTUnwrap(store.catalog.type(named: "User"))
    let context = RequestContext(key: "", profile: "", requestID: "", remote: "", operation: "")
    func create(_ name: String) throws -> String {
      let created = directory.write(context) { tx throws(SCIMError) in
        try tx.create(user, Document(["userName": .string(name)]), members: [], skipsUnknown: false)
      }
      return try XCTUnwrap(try created.whenDurable().get()).id.text
    }
    let first = try create("ada")
    _ = try directory.write(context) { tx throws(SCIMError) in
      try tx.delete(try tx.resource(user, first))
      return nil
    }.whenDurable().get()
    let ids = [first, try create("Ada")]
    try FileManager.default.copyItem(atPath: source, toPath: fixture.data)
    store.close()
    let journal = fixture.data + "/directories/default/journal-0000000000000001.jsonl"
    var lines = try FileSystem.readFile(journal).split(separator: 0x0A).map(Array.init)
    lines[2][40] ^= 1
    try Data(lines.joined(separator: [0x0A]) + [0x0A]).write(to: URL(fileURLWithPath: journal))
    return ids
  }

  private func json(_ outcome: CommandFixture.Outcome) throws -> JSONValue {
    try XCTUnwrap(try JSONParser.parse(Array(outcome.output.utf8)).arrayValue?.first)
  }

  func testAUserNameThatTwoUsersHaveAfterALossIsNamedWithWhatToDo() throws {
    let fixture = try CommandFixture(self)
    let ids = try damage(fixture)
    let conflict = "conflict: 2 resources of type User have the userName \"ada\": \(ids[0]), \(ids[1])\n"
    let asked = fixture.run("store", "repair", "--data", fixture.data)
    XCTAssertEqual(asked.code, .dataCorrupt)
    for text in ["lost: record 2\n", conflict, "next: start the server", "next: let every identity provider"]
    {
      XCTAssertTrue(asked.output.contains(text), asked.output)
    }
    let done = fixture.run("store", "repair", "--accept-loss", "--data", fixture.data)
    XCTAssertEqual(done.code, .success, done.error)
    XCTAssertTrue(done.output.contains(conflict), done.output)

    let listed = fixture.run("user", "list", "--data", fixture.data, "--json")
    XCTAssertEqual(listed.code, .success, listed.error)
    for id in ids { XCTAssertTrue(listed.output.contains(id), listed.output) }
    let later = fixture.run("store", "repair", "--data", fixture.data)
    XCTAssertEqual(later.code, .success, later.error)
    XCTAssertTrue(later.output.contains("intact up to record 4\n  " + conflict), later.output)
    XCTAssertFalse(later.output.contains("identity provider"), later.output)
  }

  func testTheSameAsJSON() throws {
    let fixture = try CommandFixture(self)
    let ids = try damage(fixture)
    for arguments in [["store", "repair"], ["store", "repair", "--accept-loss"], ["store", "repair"]] {
      let report = try json(fixture.run(arguments + ["--json", "--data", fixture.data]))
      XCTAssertEqual(
        report["conflicts"],
        [
          [
            "type": "User", "attribute": "userName", "value": "ada",
            "ids": [.string(ids[0]), .string(ids[1])],
          ]
        ])
      XCTAssertEqual(report["next"]?.arrayValue?.count, report["sound"] == true ? 1 : 2)
    }
  }

  func testAFolderWithoutConflictsHasNothingToDoNext() throws {
    let fixture = try CommandFixture(self)
    try DataFolder.open(fixture.data).close()
    _ = fixture.run("import", try fixture.file("a.csv", "userName\nada\n"), "--data", fixture.data)
    let report = try json(fixture.run("store", "repair", "--json", "--data", fixture.data))
    XCTAssertEqual(report["sound"], true)
    XCTAssertEqual(report["conflicts"], [])
    XCTAssertEqual(report["next"], [])
  }
}
