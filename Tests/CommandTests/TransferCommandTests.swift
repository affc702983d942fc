import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import scimd

/// `export` and `import`: what goes out comes in again, and a wrong line changes nothing.
final class TransferCommandTests: XCTestCase {
  private static let people = """
    userName,externalId,name.givenName,name.familyName,emails[type eq "work"].value,\
    emails[type eq "work"].primary,active,department
    ada,E-1,Ada,"Lovelace, Countess",ada@example.com,true,true,Engines
    bob,E-2,"Bob ""the"" Builder",,bob@example.com,,false,
    "=cmd|x",,'+49 170,,,,,

    """
  private static let teams = "displayName,members\nStaff,ada;bob\nAll,Staff; =cmd|x\n"

  private func imported(_ fixture: CommandFixture, _ name: String, _ text: String, _ more: [String] = [])
    throws -> (CommandFixture.Outcome, JSONValue)
  {
    if !FileSystem.exists(fixture.data) { try fixture.makeFolder() }
    let outcome = fixture.run(
      ["import", try fixture.file(name, text), "--json", "--data", fixture.data] + more)
    return (outcome, (try? JSONParser.parse(Array(outcome.output.utf8))) ?? .null)
  }

  private func fill(_ fixture: CommandFixture) throws {
    let (users, report) = try imported(fixture, "users.csv", Self.people)
    XCTAssertEqual(users.code, .success, users.error + users.output)
    XCTAssertEqual(report["created"], 3)
    let (groups, _) = try imported(fixture, "groups.csv", Self.teams, ["--type", "Group"])
    XCTAssertEqual(groups.code, .success, groups.error + groups.output)
  }

  private func export(_ fixture: CommandFixture, _ name: String, _ more: String...) throws -> String {
    let path = fixture.folder + "/" + name
    let outcome = fixture.run(["export", path, "--data", fixture.data] + more)
    XCTAssertEqual(outcome.code, .success, outcome.error)
    return String(decoding: try FileSystem.readFile(path), as: UTF8.self)
  }

  func testATableOfPeopleBecomesUsersWithTheirAttributes() throws {
    let fixture = try CommandFixture(self)
    try fill(fixture)
    let dump = fixture.run("store", "dump", "--data", fixture.data).output
    XCTAssertTrue(dump.contains("\"familyName\":\"Lovelace, Countess\""), dump)
    XCTAssertTrue(dump.contains("Bob \\\"the\\\" Builder"), dump)
    XCTAssertTrue(dump.contains("{\"value\":\"ada@example.com\",\"type\":\"work\",\"primary\":true}"), dump)
    XCTAssertTrue(dump.contains("\"givenName\":\"+49 170\""), dump)
    XCTAssertTrue(dump.contains("\"department\":\"Engines\""), dump)
    XCTAssertEqual(dump.components(separatedBy: "\"active\":false").count, 2)
  }

  func testWhatIsExportedIsTheSameInAnEmptyFolder() throws {
    let fixture = try CommandFixture(self)
    try fill(fixture)
    let json = """
      {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"eve;x","emails":[{"value":"a@x"},\
      {"value":"b@x","type":"home"},{"value":"c@x","type":"home"}],"addresses":[{"type":"work","locality":"Å\\n\\"B"}],\
      "roles":[{"value":"'=x"}],"nickName":"'=x","title":"a\\tb"}
      {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Odd","members":[{"value":"eve;x"}]}

      """
    let (outcome, report) = try imported(fixture, "more.ndjson", json)
    XCTAssertEqual(report["created"], 2, outcome.output)
    let original = fixture.data
    let all = try export(fixture, "all.ndjson")
    let users = try export(fixture, "all-users.csv", "--type", "User")
    let groups = try export(fixture, "all-groups.csv", "--type", "Group")
    XCTAssertEqual(all.split(separator: "\n").count, 7)
    XCTAssertTrue(users.contains("'=cmd|x"), users)
    XCTAssertTrue(users.contains("''=x"), users)
    XCTAssertTrue(groups.contains("ada;bob"), groups)
    for files in [
      [("in.ndjson", all, [String]())], [("in.csv", users, []), ("g.csv", groups, ["--type", "Group"])],
    ] {
      let target = fixture.folder + "/target\(files.count)"
      try DataFolder.open(target).close()
      for (name, text, more) in files {
        let path = try fixture.file(name, text)
        let outcome = fixture.run(["import", path, "--data", target] + more)
        XCTAssertEqual(outcome.code, .success, outcome.error)
      }
      let diff = fixture.run("store", "diff", "--content", original, target)
      XCTAssertEqual(diff.code, .success, diff.output)
      XCTAssertEqual(fixture.run("store", "diff", original, target).code, .failure, "times differ")
    }
  }

  func testOneWrongLineNamesItselfAndNothingIsChanged() throws {
    let fixture = try CommandFixture(self)
    let text = "userName,active\nada,true\nbob,maybe\nADA,true\n,true\nx\n"
    let (outcome, report) = try imported(fixture, "users.csv", text)
    XCTAssertEqual(outcome.code, .failure)
    XCTAssertEqual(report["applied"], false)
    XCTAssertEqual(report["errors"]?.arrayValue?.compactMap { $0["line"]?.integerValue }, [3, 4, 5, 6])
    XCTAssertTrue(
      fixture.run("user", "list", "--data", fixture.data).output.contains("No users found"))
    let partial = try imported(fixture, "users.csv", text, ["--partial"])
    XCTAssertEqual(partial.0.code, .failure)
    XCTAssertEqual(partial.1["created"], 1)
    XCTAssertEqual(partial.1["invalid"], 4)
    XCTAssertTrue(fixture.run("user", "list", "--data", fixture.data).output.contains("ada"))
  }

  func testTwoLinesOfTheSameResourceAreAnErrorWhateverTheOptions() throws {
    let fixture = try CommandFixture(self)
    let (outcome, report) = try imported(
      fixture, "u.csv", "userName,title\nada,x\nADA,y\n", ["--on-conflict", "replace"])
    XCTAssertEqual(outcome.code, .failure)
    XCTAssertEqual(report["errors"]?.arrayValue?.first?["line"], 3)
    XCTAssertTrue("\(report)".contains("as line 2"), outcome.output)
  }

  func testADryRunCountsAndChangesNothing() throws {
    let fixture = try CommandFixture(self)
    try fill(fixture)
    let before = fixture.run("store", "dump", "--data", fixture.data).output
    let text = "userName,title\nada,Countess\nnew,\nbob,\n"
    let (outcome, report) = try imported(
      fixture, "users.csv", text, ["--dry-run", "--on-conflict", "replace"])
    XCTAssertEqual(outcome.code, .success)
    XCTAssertEqual(
      ["created", "updated", "unchanged", "invalid"].map { report[$0]?.integerValue }, [1, 1, 1, 0])
    XCTAssertEqual(fixture.run("store", "dump", "--data", fixture.data).output, before)
  }

  func testAConflictFailsIsSkippedOrReplacesOnlyTheColumnsThatAreThere() throws {
    let fixture = try CommandFixture(self)
    try fill(fixture)
    let text = "userName,title,name.givenName\nAda,Countess,\n"
    let (failed, _) = try imported(fixture, "users.csv", text)
    XCTAssertEqual(failed.code, .failure)
    XCTAssertTrue(failed.output.contains("--on-conflict"), failed.output)
    XCTAssertEqual(try imported(fixture, "users.csv", text, ["--on-conflict", "skip"]).1["skipped"], 1)
    XCTAssertFalse(fixture.run("store", "dump", "--data", fixture.data).output.contains("\"title\""))
    XCTAssertEqual(try imported(fixture, "users.csv", text, ["--on-conflict", "replace"]).1["updated"], 1)
    let dump = fixture.run("store", "dump", "--data", fixture.data).output
    XCTAssertTrue(dump.contains("\"title\":\"Countess\""), dump)
    XCTAssertTrue(dump.contains("\"familyName\":\"Lovelace, Countess\""), "no column: kept")
    XCTAssertFalse(dump.contains("\"givenName\":\"Ada\""), "an empty cell clears")
    XCTAssertEqual(
      try imported(fixture, "users.csv", text).1["unchanged"], 1, "the same again is no conflict")
  }

  func testIdsAreKeptAndAnIdOfADeletedUserIsRefused() throws {
    let fixture = try CommandFixture(self)
    fixture.now = Environment.system.now()
    let id = "2819c223-7f76-453a-919d-413861904646"
    let text = "id,userName\n\(id),ada\n"
    XCTAssertEqual(try imported(fixture, "users.csv", text).1["created"], 1)
    XCTAssertTrue(fixture.run("user", "list", "--data", fixture.data).output.contains(id))
    let store = try StoreAccess.open(configuration(fixture), .system, toWrite: true)
    let directory = try store.directory(named: "default").get()
    let user = try XCTUnwrap(store.catalog.type(named: "User"))
    let context = RequestContext(key: "", profile: "", requestID: "", remote: "", operation: "")
    let deletion = directory.write(context) { tx throws(SCIMError) in
      try tx.delete(try tx.resource(user, id))
      return nil
    }
    _ = try deletion.whenDurable().get()
    store.close()
    let (again, report) = try imported(fixture, "users.csv", text)
    XCTAssertEqual(again.code, .failure)
    XCTAssertTrue("\(report)".contains("to a deleted one"), again.output)
    XCTAssertEqual(try imported(fixture, "bad.csv", "id,userName\n7,ada\n").0.code, .failure)
  }

  private func configuration(_ fixture: CommandFixture) -> Configuration {
    var configuration = Configuration()
    configuration.data = fixture.data
    return configuration
  }

  func testUnknownMembersAndColumnsAreNamed() throws {
    let fixture = try CommandFixture(self)
    try fill(fixture)
    let (outcome, report) = try imported(
      fixture, "groups.csv", "displayName,members\nNew,ada;nobody\n", ["--type", "Group"])
    XCTAssertEqual(outcome.code, .failure)
    XCTAssertTrue("\(report)".contains("nobody"), outcome.output)
    XCTAssertTrue("\(try imported(fixture, "u.csv", "userName;active\n").1)".contains("commas"))
    XCTAssertTrue("\(try imported(fixture, "u.csv", "userName,shoeSize\n").1)".contains("shoeSize"))
    XCTAssertTrue("\(try imported(fixture, "u.csv", "userName,userName\n").1)".contains("twice"))
    XCTAssertTrue("\(try imported(fixture, "u.csv", "userName\n\"ada\n").1)".contains("no closing quote"))
    XCTAssertTrue("\(try imported(fixture, "u.ndjson", "{\"userName\":\"x\"}\n").1)".contains("its type"))
    XCTAssertTrue("\(try imported(fixture, "u.ndjson", "{\n").1)".contains("not valid JSON"))
  }

  func testAnImportGoesThroughTheRunningServer() throws {
    let fixture = try CommandFixture(self)
    _ = try DataFolder.open(fixture.data)
    let store = try StoreAccess.open(configuration(fixture), .system, toWrite: true)
    let server = try fixture.controlServer(store)
    try fill(fixture)
    XCTAssertEqual(try imported(fixture, "users.csv", Self.people, ["--dry-run"]).1["unchanged"], 3)
    let counts = try store.directory(named: "default").get().counts()
    XCTAssertEqual(counts.map(\.count), [3, 2])
    let done = expectation(description: "drained")
    server.drain(deadline: 1) { done.fulfill() }
    wait(for: [done], timeout: 10)
    store.close()
  }

  func testAByteOrderMarkAndBothLineEndsAreTaken() throws {
    let fixture = try CommandFixture(self)
    let (outcome, report) = try imported(
      fixture, "u.csv", "\u{FEFF}userName,title\r\nada,\"two\r\nlines\"\r\n\r\nbob,x\n")
    XCTAssertEqual(report["created"], 2, outcome.output)
    XCTAssertTrue(fixture.run("store", "dump", "--data", fixture.data).output.contains("two\\r\\nlines"))
  }
}
