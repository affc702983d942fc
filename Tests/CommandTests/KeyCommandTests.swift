import Foundation
import JSON
import Platform
import Credentials
import Storage
import SCIM
import XCTest

@testable import scimd

final class KeyCommandTests: XCTestCase {
  private func json(_ outcome: CommandFixture.Outcome) throws -> JSONValue {
    XCTAssertEqual(outcome.error, "")
    return try JSONParser.parse(Array(outcome.output.utf8))
  }

  func testACreatedKeyIsPrintedOnceAndOpensTheStore() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    let outcome = fixture.run(
      "key", "create", "--name", "Okta", "--profile", "okta", "--data", fixture.data, "--json")
    XCTAssertEqual(outcome.code, .success)
    let key = try json(outcome)
    XCTAssertEqual(key["name"], "Okta")
    XCTAssertEqual(key["profile"], "okta")
    // 90 days from the clock of the fixture.
    XCTAssertEqual(key["expires"], "2027-04-15T08:00:00.000Z")
    let secret = try XCTUnwrap(key["key"]?.stringValue)
    let store = try Store(
      folder: try DataFolder.open(fixture.data), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: .system, report: { _ in })
    let keys = try KeyRing(store)
    store.close()
    guard case .valid(let found) = keys.authenticate(Array(secret.utf8)[...]) else {
      return XCTFail("the printed key does not work")
    }
    XCTAssertEqual(found.id, key["id"]?.stringValue)
    let list = fixture.run("key", "list", "--data", fixture.data)
    XCTAssertFalse(list.output.contains(secret))
    XCTAssertTrue(list.output.contains("Okta"))
  }

  func testTheTextOfACreatedKeyHoldsTheSecret() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    let outcome = fixture.run("key", "create", "--name", "a", "--data", fixture.data)
    XCTAssertNotNil(outcome.output.range(of: "scim_[0-9A-Za-z]{49}", options: .regularExpression))
    XCTAssertTrue(outcome.output.contains("Expires    2027-04-15T08:00:00.000Z"), outcome.output)
  }

  func testExpiryIsCountedFromNow() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    _ = fixture.run("directory", "update", "default", "--key-max-days", "0", "--data", fixture.data)
    func expires(_ text: String) throws -> JSONValue? {
      try json(
        fixture.run("key", "create", "--name", "a", "--expires", text, "--data", fixture.data, "--json"))[
          "expires"]
    }
    XCTAssertEqual(try expires("90d"), "2027-04-15T08:00:00.000Z")
    XCTAssertEqual(try expires("12h"), "2027-01-15T20:00:00.000Z")
    XCTAssertEqual(try expires("1w"), "2027-01-22T08:00:00.000Z")
    XCTAssertEqual(try expires("6mo"), "2027-07-15T08:00:00.000Z")
    XCTAssertEqual(try expires("1y"), "2028-01-15T08:00:00.000Z")
    XCTAssertEqual(try expires("100y"), "2127-01-15T08:00:00.000Z")
    XCTAssertEqual(try expires("2028-02-29"), "2028-02-29T00:00:00.000Z")
    XCTAssertEqual(try expires("2028-02-29T12:00:00+02:00"), "2028-02-29T10:00:00.000Z")
    XCTAssertEqual(try expires("never"), .null)
  }

  func testATimeThatIsNoneIsAUsageError() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    for text in [
      "", "soon", "90", "0d", "-1d", "99999999999999999999d", "0y", "101y", "1201mo", "-1y", "mo", "y",
      "2027-02-30", "2020-01-01",
    ] {
      let outcome = fixture.run("key", "create", "--name", "a", "--expires=\(text)", "--data", fixture.data)
      XCTAssertEqual(outcome.code, .usage, text)
      XCTAssertTrue(outcome.error.contains("expires"), outcome.error)
    }
  }

  func testASecretFileTakesTheSecretForItsOwnerAloneAndIsNeverOverwritten() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    for (command, name) in [("key", "a.key"), ("connection", "b.key")] {
      let path = fixture.folder + "/" + name
      let words =
        [command, "create", "--name", "x", "--secret-file", path, "--data", fixture.data]
        + (command == "connection" ? ["--provider", "okta"] : [])
      XCTAssertEqual(fixture.run(words + ["--provider=nope", "--profile=nope"]).code, .usage)
      XCTAssertFalse(FileSystem.exists(path), "a file is left although no key was made")
      let outcome = fixture.run(words)
      XCTAssertEqual(outcome.code, .success, outcome.error)
      XCTAssertFalse(outcome.output.contains("scim_"), outcome.output)
      XCTAssertTrue(outcome.output.contains("in \(path)"), outcome.output)
      XCTAssertEqual(FileSystem.mode(of: path), 0o600)
      XCTAssertTrue(try FileSystem.readFile(path).starts(with: Array("scim_".utf8)))
      let again = fixture.run(words)
      XCTAssertEqual(again.code, .cannotCreate)
      XCTAssertTrue(again.error.contains("File exists"), again.error)
    }
    let keys = try json(fixture.run("key", "list", "--json", "--data", fixture.data))
    XCTAssertEqual(keys["items"]?.arrayValue?.count, 2, "no key is made for a file that cannot be written")
    let path = fixture.folder + "/c.key"
    let answer = try json(
      fixture.run("key", "create", "--name", "x", "--json", "--secret-file", path, "--data", fixture.data))
    XCTAssertNil(answer["key"])
  }

  func testRevokingAKeyASecondTimeSaysSinceWhenItIsRevoked() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    let key = try json(fixture.run("key", "create", "--name", "a", "--data", fixture.data, "--json"))
    let id = try XCTUnwrap(key["id"]?.stringValue)
    XCTAssertEqual(
      fixture.run("key", "revoke", id, "--data", fixture.data).output, "Revoked \(id) (a).\n")
    fixture.now += 60_000
    let again = fixture.run("key", "revoke", id, "--data", fixture.data)
    XCTAssertEqual(again.code, .success)
    XCTAssertEqual(again.output, "\(id) (a) was revoked already, at 2027-01-15T08:00:00.000Z.\n")
  }

  func testARevokedKeyIsListedAsSuch() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    let key = try json(fixture.run("key", "create", "--name", "a", "--data", fixture.data, "--json"))
    let id = try XCTUnwrap(key["id"]?.stringValue)
    let revoked = fixture.run("key", "revoke", id, "--data", fixture.data)
    XCTAssertEqual(revoked.output, "Revoked \(id) (a).\n")
    let list = try json(fixture.run("key", "list", "--data", fixture.data, "--json"))
    XCTAssertEqual(list["items"]?.arrayValue?.first?["status"], "revoked")
  }

  func testRevokingAnUnknownKeyFails() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    _ = fixture.run("key", "create", "--name", "a", "--data", fixture.data)
    let outcome = fixture.run("key", "revoke", "key_none", "--data", fixture.data)
    XCTAssertEqual(outcome.code, .failure)
    XCTAssertTrue(outcome.error.contains("scimd key list"), outcome.error)
    XCTAssertEqual(fixture.run("key", "revoke", "a/b", "--data", fixture.data).code, .failure)
  }

  func testAnUnknownProfileIsAUsageErrorThatNamesTheKnownOnes() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    let outcome = fixture.run("key", "create", "--name", "a", "--profile", "x", "--data", fixture.data)
    XCTAssertEqual(outcome.code, .usage)
    XCTAssertTrue(outcome.error.contains("okta, entra"), outcome.error)
  }

  func testAFolderHeldByAnotherProcessIsExitCode75() throws {
    let fixture = try CommandFixture(self)
    let held = try DataFolder.open(fixture.data)
    defer { held.close() }
    let outcome = fixture.run("key", "create", "--name", "a", "--data", fixture.data)
    XCTAssertEqual(outcome.code, .locked)
    XCTAssertTrue(outcome.error.contains(fixture.data), outcome.error)
  }

  func testAFolderThatIsMissingIsNotMadeByAnyCommandOnKeys() throws {
    let fixture = try CommandFixture(self)
    XCTAssertEqual(fixture.run("key", "create", "--name", "a", "--data", fixture.data).code, .failure)
    XCTAssertEqual(fixture.run("key", "list", "--data", fixture.data).code, .failure)
    XCTAssertEqual(fixture.run("key", "revoke", "key_a", "--data", fixture.data).code, .failure)
    XCTAssertFalse(FileManager.default.fileExists(atPath: fixture.data))
  }

  func testADamagedKeyFileIsExitCode65AndNamesTheByte() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    _ = fixture.run("key", "create", "--name", "a", "--data", fixture.data)
    _ = try fixture.file("data/keys.json", "{\"format\": 1,")
    for words in [["key", "list"], ["key", "create", "--name", "b"], ["store", "verify"]] {
      let outcome = fixture.run(words + ["--data", fixture.data])
      XCTAssertEqual(outcome.code, .dataCorrupt, "\(words)")
      XCTAssertTrue(outcome.error.contains("keys.json"), outcome.error)
      XCTAssertTrue(outcome.error.contains("byte 13"), outcome.error)
    }
  }

  func testTheFirstKeyIsMadeOnlyForAFolderThatNeverHadOne() throws {
    let fixture = try CommandFixture(self)
    let store = try Store(
      folder: try DataFolder.open(fixture.data), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: .system, report: { _ in })
    defer { store.close() }
    let keys = try KeyRing(store)
    let first = try XCTUnwrap(try RunningServer.makeFirstKey(store, keys))
    XCTAssertNil(try RunningServer.makeFirstKey(store, keys))
    _ = try KeyAdministration(store, keys).revoke(first.key.id)
    XCTAssertNil(try RunningServer.makeFirstKey(store, keys))
  }
}
