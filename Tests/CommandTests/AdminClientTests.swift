import Foundation
import JSON
import Platform
import XCTest

@testable import scimd

/// Which way a command takes to the admin API, and what it sends.
final class AdminClientTests: XCTestCase {
  func testAKeyIsNotSentInClearToAnotherMachineAndThatIsSaid() throws {
    let fixture = try CommandFixture(self)
    let key = try fixture.file("key", "scim_x")
    for url in [
      "http://10.0.0.1:80", "http://example.com", "http://127.evil.com", "nonsense",
    ] {
      let outcome = fixture.run("user", "list", "--server", url, "--key-file", key)
      XCTAssertEqual(outcome.code, .usage, url)
      XCTAssertTrue(outcome.error.contains("Use https, or plain http to this machine"), outcome.error)
    }
  }

  func testAServerNeedsAKeyAndOneThatDoesNotAnswerIsUnavailable() throws {
    let fixture = try CommandFixture(self)
    XCTAssertEqual(fixture.run("user", "list", "--server", "http://127.0.0.1:1").code, .usage)
    let key = try fixture.file("key", "scim_x")
    let outcome = fixture.run("user", "list", "--server", "http://127.0.0.1:1", "--key-file", key)
    XCTAssertEqual(outcome.code, .unavailable)
    fixture.variables = ["SCIMD_SERVER": "http://127.0.0.1:1", "SCIMD_KEY_FILE": key]
    XCTAssertEqual(fixture.run("user", "list").code, .unavailable)
  }

  func testADataFolderOnTheCommandLineWinsOverAServerInAVariable() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    fixture.variables = ["SCIMD_SERVER": "http://127.0.0.1:1", "SCIMD_KEY_FILE": "/none"]
    XCTAssertEqual(fixture.run("user", "list", "--data", fixture.data).code, .success)
  }

  func testAFileThatMayNotBeReadIsExitCode77AndNamesItsOwner() {
    let error = DataPlace.denied("/var/lib/scimd", owner: 0, user: 1000)
    XCTAssertEqual(error.code, .noPermission)
    XCTAssertEqual(error.message, "may not read /var/lib/scimd (owned by root)")
    XCTAssertEqual(error.advice, "Run it as that user: sudo -u root scimd ...")
    XCTAssertEqual(
      DataPlace.denied("/x", owner: 5, user: 5).advice, "Give its owner permission again: chmod u+rwX /x")
  }

  func testAResourceIsCreatedFromAFileAndChangedByAttributesOrOperations() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    let new = try fixture.file("new.json", #"{"userName":"ada","title":"Lead"}"#)
    let created = fixture.run("user", "create", "--file", new, "--data", fixture.data)
    XCTAssertEqual(created.code, .success, created.error)
    let attributes = try fixture.file("a.json", #"{"id":"x","title":"Boss","nickName":"a"}"#)
    XCTAssertEqual(
      fixture.run("user", "update", "ada", "--file", attributes, "--data", fixture.data).code, .success)
    let operations = try fixture.file("o.json", #"{"Operations":[{"op":"remove","path":"nickName"}]}"#)
    XCTAssertEqual(
      fixture.run("user", "update", "ada", "--file", operations, "--data", fixture.data).code, .success)
    let shown = fixture.run("user", "show", "ada", "--json", "--data", fixture.data)
    let json = try JSONParser.parse(Array(shown.output.utf8))
    XCTAssertEqual(json["title"], "Boss")
    XCTAssertNil(json["nickName"])
  }

  func testWhatIsNotToBeSetIsAUsageError() throws {
    let fixture = try CommandFixture(self)
    let file = try fixture.file("x.json", "[]")
    let broken = try fixture.file("y.json", "{")
    for words in [
      [], ["--set", "title"], ["--set", "=x"], ["--file", file], ["--file", broken],
      ["--set", "a=b", "--file", file],
    ] {
      let outcome = fixture.run(["user", "update", "ada", "--data", fixture.data] + words)
      XCTAssertEqual(outcome.code, .usage, "\(words): \(outcome.error)")
    }
  }

  func testAPathWithAnEqualsSignInItsFilterEndsBehindTheFilter() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    let created = fixture.run(
      "user", "create", "--set", "userName=a=b", "--set", "emails[type eq \"x=y\"].value=a@b=c", "--json",
      "--data",
      fixture.data)
    let json = try JSONParser.parse(Array(created.output.utf8))
    XCTAssertEqual(json["userName"], "a=b", created.error)
    XCTAssertEqual(json["emails"], [["value": "a@b=c", "type": "x=y"]])
  }
}
