import Client
import JSON
import Platform
import SCIM
import XCTest

@testable import scimd

/// What a client sends that no schema has is counted by connection or key, shown, and can be kept from then on.
final class SchemaSuggestTests: XCTestCase {
  private static let user = "urn:ietf:params:scim:schemas:core:2.0:User"
  private static let more = "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User"

  private func post(_ server: ServedFolder, _ key: String, _ name: String, _ more: JSONValue) throws {
    let body: JSONValue = .object([
      "schemas": [.string(Self.user)], "userName": .string(name), "nick2": "x",
    ])
    var object = try XCTUnwrap(body.objectValue)
    object[Self.more] = more
    XCTAssertEqual(try server.ask("POST", "/scim/v2/Users", key, .object(object)).status, 201)
  }

  private func connection(_ server: ServedFolder) throws -> String {
    let made = server.run("connection", "create", "--name", "Entra", "--provider", "entra", "--json")
    return try XCTUnwrap(JSONParser.parse(Array(made.output.utf8))["key"]?.stringValue, made.error)
  }

  private func rows(_ server: ServedFolder, _ sender: String) throws -> [String] {
    let outcome = server.run("schema", "suggest", sender, "--json")
    let items = try JSONParser.parse(Array(outcome.output.utf8))["items"]?.arrayValue
    return try XCTUnwrap(items, outcome.error).map { item in
      "\(item["name"]?.stringValue ?? "") \(item["type"]?.stringValue ?? "null") \(item["count"]?.integerValue ?? 0)"
    }
  }

  func testWhatIsNotKeptIsCountedShownAndKeptOnceTheSuggestedFilesAreServed() throws {
    let server = try ServedFolder(self)
    let key = try connection(server)
    try post(server, key, "ada", ["tag": "secret-value", "site": ["city": "secret-value"]])
    try post(server, key, "bob", ["tag": 7])
    XCTAssertEqual(
      try rows(server, "Entra"), ["nick2 string 2", "tag string 2", "site complex 1", "site.city string 1"])
    let shown = server.run("connection", "show", "Entra").output
    XCTAssertTrue(shown.contains("Not stored"), shown)
    XCTAssertTrue(shown.contains("\(Self.more):tag"), shown)
    let patch: JSONValue = [
      "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      "Operations": [["op": "add", "path": .string(Self.more + ":tag"), "value": "w"]],
    ]
    let found = try server.ask("GET", "/scim/v2/Users?filter=userName%20eq%20%22ada%22", key).json()
    let id = try XCTUnwrap(found["Resources"]?.arrayValue?.first?["id"]?.stringValue)
    let refused = try server.ask("PATCH", "/scim/v2/Users/\(id)", key, patch)
    XCTAssertEqual(refused.status, 400)
    XCTAssertTrue(String(decoding: refused.body, as: UTF8.self).contains("`scimd schema suggest`"))
    let folder = server.fixture.folder + "/schemas"
    let written = server.run("schema", "suggest", "Entra", "--to", folder)
    XCTAssertEqual(written.code, .success, written.error)
    XCTAssertTrue(written.error.contains("nick2 is outside an extension"), written.error)
    XCTAssertEqual(server.run("schema", "suggest", "Entra", "--to", folder).code, .cannotCreate)
    server.stop()
    for file in try FileSystem.list(server.fixture.data + "/directories/default") {
      let text = String(
        decoding: try FileSystem.readFile(server.fixture.data + "/directories/default/" + file), as: UTF8.self
      )
      XCTAssertFalse(text.contains("secret-value"), file)
    }
    let again = try ServedFolder(self, fixture: server.fixture) { $0.schemas = folder }
    XCTAssertEqual(try again.ask("PATCH", "/scim/v2/Users/\(id)", key, patch).json()[Self.more]?["tag"], "w")
  }

  /// More work than is done while the lock is held.
  func testWhatALargeBulkRequestSendsIsCountedToo() throws {
    let server = try ServedFolder(self)
    let key = try connection(server)
    let operations: [JSONValue] = (0..<900).map { number in
      [
        "method": "POST", "path": "/Users", "bulkId": .string("\(number)"),
        "data": [
          "schemas": [.string(Self.user)], "userName": .string("user\(number)"), "nick2": "x",
          "displayName": .string(String(repeating: "a", count: 1000)),
        ],
      ]
    }
    let answer = try server.ask(
      "POST", "/scim/v2/Bulk", key,
      [
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": .array(operations),
      ])
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(try rows(server, "Entra"), ["nick2 string 900"])
    try post(server, key, "ada", ["tag": true])
    server.stop()
    let again = try ServedFolder(self, fixture: server.fixture) { _ in }
    XCTAssertEqual(try rows(again, "Entra"), ["nick2 string 901", "tag boolean 1"])
  }

  func testAKeyWithoutAConnectionIsCountedByItself() throws {
    let server = try ServedFolder(self)
    let (one, other) = (try server.made([]), try server.made([]))
    try post(server, one.secret, "ada", ["tag": true])
    XCTAssertEqual(try rows(server, one.id), ["nick2 string 1", "tag boolean 1"])
    XCTAssertEqual(try rows(server, other.id), [])
    XCTAssertTrue(server.run("schema", "suggest", other.id).output.contains("are defined by a schema"))
    XCTAssertEqual(server.run("schema", "suggest", "nobody").code, .failure)
  }

  func testNamesOfAClientsOwnMakingAreBounded() throws {
    let server = try ServedFolder(self)
    let key = try server.made([])
    for round in 0..<6 {
      var more = JSONObject()
      for number in 0..<60 { more["a\(round)x\(number)"] = .integer(1) }
      try post(server, key.secret, "user\(round)", .object(more))
    }
    XCTAssertEqual(try rows(server, key.id).count, 200)
  }

  func testTheSuggestedFilesReplaceAResourceTypeThatThereIsAndKeepTheOthers() throws {
    let server = try ServedFolder(self) { $0.schemas = Self.example }
    let key = try server.made([])
    try post(
      server, key.secret, "ada",
      [
        "tag": "x", "2": 1, "codes": ["a", 1], "TAG": 1, "id": "x", "deep": ["in": ["side": 1]],
        "site": ["a": 1, "A": 2, "b": ["c": 1]],
      ])
    var odd: JSONObject = ["schemas": [.string(Self.user)], "userName": "odd"]
    odd["urn:not a urn:x"] = ["a": 1]
    odd["urn:ietf:params:scim:api:x"] = ["a": 1]
    XCTAssertEqual(try server.ask("POST", "/scim/v2/Users", key.secret, .object(odd)).status, 201)
    let folder = server.fixture.folder + "/schemas"
    let outcome = server.run("schema", "suggest", key.id, "--to", folder, "--schemas", Self.example)
    XCTAssertEqual(outcome.code, .success, outcome.error)
    for note in [
      ":2: an attribute cannot have this name", ":TAG: an attribute cannot have this name",
      ":id: an attribute cannot have this name", ":deep came without sub-attributes",
      "urn:not a urn:x:a: a schema cannot",
      "urn:ietf:params:scim:api:x:a: a schema cannot",
    ] {
      XCTAssertTrue(outcome.error.contains(note), "\(note) is missing in \(outcome.error)")
    }
    let catalog = try StoreAccess.catalog(
      {
        var configuration = Configuration()
        configuration.schemas = folder
        return configuration
      }())
    let type = try XCTUnwrap(catalog.types.first { $0.name == "User" })
    XCTAssertEqual(
      type.extensions.map(\.schema.id).filter {
        $0 != "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
      },
      ["urn:example:scim:schemas:extension:2.0:Badge", Self.more])
    XCTAssertTrue(catalog.types.contains { $0.name == "Device" })
  }

  private static var example: String {
    "\(#filePath)".split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/config/schemas"
  }
}
