import Foundation
import JSON
import Platform
import SCIM
import Protocol
import Storage
import XCTest

@testable import scimd

/// Schemas of an administrator's own, on the command line.
final class SchemaCommandTests: XCTestCase {
  private var config: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("config")
  }

  private var schemas: String { config.appendingPathComponent("schemas").path }

  /// A data folder with one deleted device and one that is there; returns the deleted one's id.
  private func fill(_ fixture: CommandFixture) throws -> String {
    fixture.variables["SCIMD_SCHEMAS"] = schemas
    let store = try Store(
      folder: try DataFolder.open(fixture.data), catalog: try SchemaFolder(schemas).catalog(),
      options: StoreOptions(), environment: .system, report: { _ in })
    defer { store.close() }
    let directory = try store.directory(named: "default").get()
    let device = try XCTUnwrap(store.catalog.type(named: "Device"))
    let user = try XCTUnwrap(store.catalog.type(named: "User"))
    let context = RequestContext(key: "", profile: "generic", requestID: "", remote: "", operation: "")
    var id = ""
    for serial in ["S1", "S2"] {
      _ = directory.write(context) { tx throws(SCIMError) in
        let made = try tx.create(
          device, Document(["displayName": .string(serial), "serialNumber": .string(serial)]), members: [],
          skipsUnknown: false)
        if id.isEmpty { id = made.text }
        return made
      }.whenDurable()
    }
    _ = directory.write(context) { tx throws(SCIMError) in
      try tx.create(user, Document(["userName": "Ada"]), members: [], skipsUnknown: false)
    }.whenDurable()
    _ = directory.write(context) { tx throws(SCIMError) in
      try tx.delete(try tx.resource(device, id))
      return nil
    }.whenDurable()
    return id
  }

  func testTheExampleFolderCanBeServed() throws {
    let fixture = try CommandFixture(self)
    let outcome = fixture.run("schema", "check", schemas)
    XCTAssertEqual(outcome.code, .success, outcome.error)
    XCTAssertTrue(outcome.output.contains("Device         /Devices"), outcome.output)
    let json = try JSONParser.parse(Array(fixture.run("schema", "check", schemas, "--json").output.utf8))
    XCTAssertEqual(json["sound"], true)
    XCTAssertEqual(json["resourceTypes"]?.arrayValue?.map { $0["name"] }, ["User", "Device"])
    XCTAssertEqual(json["problems"], [])
  }

  func testEverythingThatIsWrongIsNamedWithFileAndPointer() throws {
    let fixture = try CommandFixture(self)
    _ = try fixture.file("a.json", #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":5}"#)
    _ = try fixture.file("b.json", "{")
    _ = try fixture.file("README.txt", "not a schema")
    for words in [["schema", "check", fixture.folder], ["store", "dump", "--schemas", fixture.folder]] {
      try FileManager.default.createDirectory(atPath: fixture.data, withIntermediateDirectories: true)
      let outcome = fixture.run(words + (words[0] == "store" ? ["--data", fixture.data] : []))
      XCTAssertTrue([.configuration, .cannotCreate, .failure].contains(outcome.code), outcome.error)
      if words[0] == "schema" {
        XCTAssertEqual(outcome.code, .configuration)
        XCTAssertTrue(outcome.error.contains("b.json: not valid JSON"), outcome.error)
      }
    }
    _ = try fixture.file("b.json", "{}")
    let outcome = fixture.run("schema", "check", fixture.folder)
    XCTAssertTrue(outcome.error.contains("a.json, /id: must be text"), outcome.error)
    XCTAssertTrue(outcome.error.contains("b.json, /schemas: must list"), outcome.error)
    let json = fixture.run("schema", "check", fixture.folder, "--json")
    XCTAssertEqual(json.code, .configuration)
    let problems = try JSONParser.parse(Array(json.output.utf8))["problems"]?.arrayValue ?? []
    XCTAssertEqual(problems.map { $0["file"] }, ["a.json", "b.json"])
    XCTAssertEqual(problems.first?["pointer"], "/id")
  }

  func testAFolderThatIsMissingOrEmptyIsRefused() throws {
    let fixture = try CommandFixture(self)
    for folder in [fixture.folder, fixture.folder + "/none"] {
      XCTAssertEqual(fixture.run("schema", "check", folder).code, .configuration)
      let serve = fixture.run(
        "serve", "--data", fixture.data, "--listen", "127.0.0.1:0", "--schemas", folder)
      XCTAssertEqual(serve.code, .configuration, serve.error)
    }
  }

  func testOfflineCommandsRefuseADataFolderWhoseSchemasTheyAreNotTold() throws {
    let fixture = try CommandFixture(self)
    let id = try fill(fixture)
    let commands = [
      ["store", "dump"], ["store", "info"], ["resource", "history", "Device", id],
      ["resource", "list", "Devices"],
      ["store", "backup", fixture.folder + "/b.jsonl"],
    ]
    for words in commands {
      let known = fixture.run(words + ["--data", fixture.data])
      XCTAssertEqual(known.code, .success, "\(words): \(known.error)")
    }
    fixture.variables = [:]
    try FileManager.default.removeItem(atPath: fixture.folder + "/b.jsonl")
    for words in commands where words[0] != "resource" {
      let unknown = fixture.run(words + ["--data", fixture.data])
      XCTAssertEqual(unknown.code, .configuration, "\(words)")
      XCTAssertTrue(unknown.error.contains("\"Device\""), unknown.error)
      XCTAssertTrue(unknown.error.contains("--schemas"), unknown.error)
    }
    XCTAssertEqual(fixture.run("store", "verify", "--data", fixture.data).code, .success)
  }

  func testABackupOfResourcesFromFilesIsRestoredWithTheirSchemasOnly() throws {
    let fixture = try CommandFixture(self)
    _ = try fill(fixture)
    let backup = fixture.folder + "/b.jsonl"
    XCTAssertEqual(fixture.run("store", "backup", backup, "--data", fixture.data).code, .success)
    let restored = fixture.folder + "/restored"
    let outcome = fixture.run("store", "restore", backup, "--data", restored)
    XCTAssertEqual(outcome.code, .success, outcome.error)
    XCTAssertEqual(fixture.run("store", "diff", fixture.data, restored).code, .success)
    fixture.variables = [:]
    let refused = fixture.run("store", "restore", backup, "--data", fixture.folder + "/other")
    XCTAssertEqual(refused.code, .configuration, refused.error)
  }

  func testADeletedResourceOfAnyTypeIsListedAndRestored() throws {
    let fixture = try CommandFixture(self)
    let id = try fill(fixture)
    for type in ["Device", "device", "Devices", "/Devices"] {
      let list = fixture.run("resource", "list", type, "--deleted", "--data", fixture.data)
      XCTAssertTrue(list.output.contains(id), list.output + list.error)
    }
    let restored = fixture.run("resource", "restore", "Device", id, "--data", fixture.data)
    XCTAssertEqual(restored.output, "Restored resource \(id) (S1).\n", restored.error)
    XCTAssertEqual(
      try JSONParser.parse(
        Array(fixture.run("resource", "list", "Device", "--data", fixture.data, "--json").output.utf8))[
          "items"]?.arrayValue?.count, 2)
    let unknown = fixture.run("resource", "list", "Nope", "--data", fixture.data)
    XCTAssertTrue(unknown.error.contains("User, Group, Device"), unknown.error)
    XCTAssertEqual(fixture.run("resource", "list", "a/b", "--data", fixture.data).code, .failure)
  }

  func testAKeyBelongsToAUserWhoIsNamedByIDOrUserName() throws {
    let fixture = try CommandFixture(self)
    _ = try fill(fixture)
    let made = fixture.run(
      "key", "create", "--name", "k", "--user", "ADA", "--data", fixture.data, "--json")
    XCTAssertEqual(made.code, .success, made.error)
    let id = try XCTUnwrap(try JSONParser.parse(Array(made.output.utf8))["user"]?.stringValue)
    XCTAssertEqual(
      fixture.run("key", "create", "--name", "k", "--user", id, "--data", fixture.data).code, .success)
    let list = fixture.run("key", "list", "--data", fixture.data).output
    XCTAssertTrue(list.contains("USER"), list)
    XCTAssertTrue(list.contains(id), list)
    for words in [
      ["--user", "nobody"], ["--user", "ada", "--directory", "other", "--new-directory"], ["--user", ""],
    ] {
      let refused = fixture.run(["key", "create", "--name", "k", "--data", fixture.data] + words)
      XCTAssertEqual(refused.code, .usage, refused.error)
      XCTAssertTrue(refused.error.contains("has no user"), refused.error)
    }
    XCTAssertEqual(
      fixture.run("key", "list", "--data", fixture.data, "--json").output.contains("nobody"), false)
  }

  func testTheExampleOfRolesLoadsAndAWrongFileIsRefused() throws {
    XCTAssertNoThrow(try RoleFile(config.appendingPathComponent("roles.json").path).list())
    let fixture = try CommandFixture(self)
    for (text, place) in [("{", "not valid JSON"), (#"{"roles":[{}]}"#, "/roles/0"), ("[]", "object")] {
      let path = try fixture.file("roles.json", text)
      let outcome = fixture.run("serve", "--data", fixture.data, "--listen", "127.0.0.1:0", "--roles", path)
      XCTAssertEqual(outcome.code, .configuration)
      XCTAssertTrue(outcome.error.contains(place), outcome.error)
    }
  }
}
