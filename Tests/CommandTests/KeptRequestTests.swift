import Client
import Foundation
import Insight
import JSON
import Platform
import XCTest

@testable import scimd

/// What the ring keeps of requests to a real server.
final class KeptRequestTests: XCTestCase {
  private static let user = "urn:ietf:params:scim:schemas:core:2.0:User"
  private static let patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

  private func entries(_ server: ServedFolder, _ directory: String = "default") throws -> [JSONValue] {
    server.stop()
    let folder = "\(server.fixture.data)/requests/\(directory)"
    return try FileSystem.list(folder).flatMap { name in
      try FileSystem.readFile("\(folder)/\(name)").split(separator: 0x0A).map {
        try JSONParser.parse(Array($0))
      }
    }
  }

  private static func person(_ values: String) -> JSONValue {
    [
      "schemas": [.string(user)], "userName": "ada@example.com", "password": .string(values + "-password"),
      "name": ["givenName": .string(values + "-given"), "familyName": .string(values + "-family")],
      "emails": [["value": .string(values + "@example.com"), "type": .string(values + "-type")]],
      "unknown": .string(values + "-unknown"), "active": true,
    ]
  }

  private static func operations(_ operations: JSONValue...) -> JSONValue {
    ["schemas": [.string(patch)], "Operations": .array(operations)]
  }

  /// Requests with the value in every place that takes one, understood and not.
  private func send(_ value: String, _ server: ServedFolder, _ key: String) throws {
    let made = try server.ask("POST", "/scim/v2/Users", key, Self.person(value))
    let id = try XCTUnwrap(try made.json()["id"]?.stringValue)
    let users = "/scim/v2/Users"
    for query in [
      "filter=title%20eq%20%22\(value)%22", "filter=\(value)", "filter=userName%20\(value)%20%22a%22",
      "filter=title%20eq%20\(value)", "filter=emails%5Btype%20eq%20%22\(value)%22%5D", "count=\(value)",
      "filter=title%20eq%20%22a%22%20and%20title%20co%20%22\(value)", "sortBy=title%20\(value)",
      "cursor=\(value)",
    ] {
      _ = try server.ask("GET", "\(users)?\(query)", key)
    }
    _ = try server.ask("GET", "\(users)/\(value)", key)
    _ = try server.ask("GET", "/scim/v2/\(value)", key)
    for operation: JSONValue in [
      ["op": "replace", "path": "title", "value": .string(value)],
      ["op": "replace", "path": "active", "value": .string(value)],
      ["op": "replace", "path": .string("emails[type eq \"\(value)\"].value"), "value": .string(value)],
      ["op": "replace", "path": .string("emails[type eq \"\(value)\"].none"), "value": .string(value)],
      ["op": "replace", "path": .string("emails[type eq \"\(value)"), "value": .string(value)],
      ["op": "replace", "value": ["title": .string(value), "none": .string(value)]],
      ["op": .string("\(value) \(value)"), "path": "title", "value": .string(value)],
      ["op": "replace", "path": "name", "value": ["givenName": [.string(value)]]],
    ] {
      _ = try server.ask("PATCH", "\(users)/\(id)", key, Self.operations(operation))
    }
    _ = try server.ask("PUT", "\(users)/\(id)", key, Self.person(value + "2"))
    _ = try server.ask("POST", "\(users)/.search", key, ["filter": .string("title eq \"\(value)\"")])
    _ = try server.ask(
      "POST", "/scim/v2/Bulk", key,
      [
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
          ["method": "POST", "bulkId": .string(value), "path": "/Users", "data": Self.person(value)],
          ["method": "DELETE", "path": .string("/Users/\(value)")],
          ["method": "DELETE", "path": .string("/\(value)/\(value)")],
        ],
      ])
    _ = try server.ask("POST", users, key, ["schemas": [.string(value)], "title": [.string(value)]])
    _ = try server.ask("DELETE", "\(users)/\(id)", key)
  }

  func testValue_ThatIsMaskedIsInNoFile() throws {
    for (values, isShown) in [(RequestValues.masked, false), (.none, false), (.all, true)] {
      let server = try ServedFolder(self) { $0.requestValues = values }
      let key = try server.key([])
      try send("canary", server, key)
      let text = try entries(server).map { $0.serializedText.lowercased() }
      let leaks = text.filter { $0.contains("canary") }
      XCTAssertEqual(leaks.isEmpty, !isShown, "\(values): \(leaks.joined(separator: "\n"))")
      XCTAssertFalse(text.contains { $0.contains("canary-password") }, "a password is kept")
      XCTAssertEqual(text.contains { $0.contains("ada@example.com") }, values != .none)
      XCTAssertGreaterThan(text.count, 20)
    }
  }

  func testSecret_IsInNoFileWhereverItWasSent() throws {
    let server = try ServedFolder(self) { $0.requestValues = .all }
    let key = try server.key([])
    try send(key, server, key)
    let client = try HTTPClient(base: "http://127.0.0.1:\(server.running.port)", token: key)
    _ = try client.send(method: "GET", path: "/scim/v2/Users", fields: [("User-Agent", key)])
    _ = try server.ask("GET", "/scim/v2/Users", String(key.dropLast()))
    _ = try server.ask("GET", "/admin/v1/keys", String(key.dropLast()) + "x")
    let body = String(key.dropFirst(10).dropLast(10))
    for directory in ["default", "_system"] {
      for entry in try entries(server, directory) {
        XCTAssertFalse(entry.serializedText.contains(body), "\(entry)")
      }
    }
  }

  func testWrite_SaysWhatWasUnderstoodAndWhatChanged() throws {
    let server = try ServedFolder(self)
    let key = try server.key([])
    let made = try server.ask("POST", "/scim/v2/Users", key, Self.person("x"))
    let id = try XCTUnwrap(try made.json()["id"]?.stringValue)
    let deactivation = Self.operations(["op": "Replace", "path": "active", "value": "False"])
    _ = try server.ask("PATCH", "/scim/v2/Users/\(id)", key, deactivation)
    _ = try server.ask("PATCH", "/scim/v2/Users/\(id)", key, deactivation)
    let entries = try entries(server)
    XCTAssertEqual(entries.count, 3)
    XCTAssertEqual(entries[0]["ignored"], ["unknown"])
    XCTAssertEqual(entries[0]["changes"], [["created": "User", "id": .string(id)]])
    XCTAssertEqual(entries[0]["body"]?["userName"], "ada@example.com")
    XCTAssertEqual(entries[1]["resource"], .string(id))
    XCTAssertEqual(entries[1]["body"], [["op": "replace", "path": "active", "value": "False"]])
    XCTAssertEqual(entries[1]["rules"], ["operationCase", "booleanText"])
    XCTAssertEqual(
      entries[1]["changes"],
      [
        [
          "changed": "User", "id": .string(id),
          "attributes": [["name": "active", "before": true, "after": false]],
        ]
      ])
    XCTAssertNotNil(entries[1]["record"]?.integerValue)
    XCTAssertEqual(entries[2]["status"], 200)
    XCTAssertNil(entries[2]["record"], "understood, nothing changed")
  }

  func testRequest_WithARefusedKeyIsInTheRingOfItsDirectoryAndOfAnUnknownOneInThatOfTheSystem() throws {
    let server = try ServedFolder(self)
    let key = try server.made([])
    XCTAssertEqual(server.run("key", "revoke", key.id).code, .success)
    _ = try server.ask("GET", "/scim/v2/Users", key.secret)
    _ = try server.ask("GET", "/scim/v2/Users", String(key.secret.dropLast()))
    _ = try server.ask("GET", "/scim/v2/Users", "scim_" + String(repeating: "a", count: 49))
    _ = try server.ask("GET", "/scim/v2/Users", nil)
    let own = try entries(server)
    XCTAssertEqual(own.map { $0["refused"]?["reason"] }, ["revoked"])
    XCTAssertEqual(own[0]["key"], .string(key.id))
    let others = try entries(server, "_system")
    XCTAssertEqual(others.map { $0["refused"]?["reason"] }, ["malformed", "malformed", "none"])
    XCTAssertEqual(others[0]["refused"]?["length"], 53)
    XCTAssertEqual(others[1]["refused"]?["length"], 54)
  }

  func testPerson_WhoIsErasedIsInNoEntryAnyMore() throws {
    let server = try ServedFolder(self) { $0.requestValues = .all }
    let key = try server.key([])
    func make(_ name: String) throws -> String {
      let made = try server.ask(
        "POST", "/scim/v2/Users", key,
        ["schemas": [.string(Self.user)], "userName": .string(name), "title": .string("title of \(name)")])
      return try XCTUnwrap(try made.json()["id"]?.stringValue)
    }
    let (ada, bob) = (try make("Ada@Example.com"), try make("bob@example.com"))
    for name in ["ada.lovelace@example.com", "ada3@example.com"] {
      let rename = Self.operations(["op": "replace", "path": "userName", "value": .string(name)])
      XCTAssertEqual(try server.ask("PATCH", "/scim/v2/Users/\(ada)", key, rename).status, 200)
    }
    for name in ["Ada%40Example.com", "ada.lovelace%40example.com", "bob%40example.com"] {
      _ = try server.ask("GET", "/scim/v2/Users?filter=userName%20eq%20%22\(name)%22", key)
    }
    _ = try server.ask("GET", "/scim/v2/Users/\(ada)", key)
    _ = try server.ask("DELETE", "/scim/v2/Users/\(ada)", key)
    XCTAssertEqual(server.run("user", "erase", ada, "--yes").code, .success)
    let entries = try entries(server)
    let text = entries.map { $0.serializedText.lowercased() }.joined(separator: "\n")
    // Hexadecimal ids can contain "ada".
    for part in ["ada@", "ada.", "ada%", "lovelace"] { XCTAssertFalse(text.contains(part), text) }
    XCTAssertFalse(text.contains(ada), text)
    XCTAssertEqual(entries.count { $0["erased"] == true }, 7, text)
    XCTAssertEqual(entries.count { $0.serializedText.contains("bob@example.com") }, 2)
    XCTAssertTrue(text.contains(bob))
  }

  func testDirectory_ThatIsDeletedTakesItsRequestsAlong() throws {
    let server = try ServedFolder(self)
    XCTAssertEqual(server.run("directory", "create", "gone").code, .success)
    _ = try server.ask("GET", "/scim/v2/Users", try server.key(["--directory", "gone"]))
    while !FileSystem.exists("\(server.fixture.data)/requests/gone") { usleep(10_000) }
    XCTAssertEqual(server.run("directory", "delete", "gone").code, .success)
    XCTAssertFalse(FileSystem.exists("\(server.fixture.data)/requests/gone"))
  }

  func testProbe_IsNotARequestOfAnybody() throws {
    let server = try ServedFolder(self)
    _ = try server.ask("GET", "/livez", nil)
    _ = try server.ask("GET", "/readyz", nil)
    server.stop()
    XCTAssertFalse(FileSystem.exists("\(server.fixture.data)/requests"))
  }

  func testRing_IsOffForNoEntries() throws {
    let server = try ServedFolder(self) {
      $0.requestEntries = 0
      $0.requestDays = 1
    }
    _ = try server.ask("GET", "/scim/v2/Users", try server.key([]))
    server.stop()
    XCTAssertFalse(FileSystem.exists("\(server.fixture.data)/requests"))
  }
}
