import Client
import Exchange
import Foundation
import JSON
import SCIM
import XCTest

/// Servers with schemas, resource types and roles from files, and keys that belong to users.
final class OwnSchemaTests: XCTestCase {
  private var root: URL {
    URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  private var fixtures: URL { root.appendingPathComponent("Tests/ConformanceTests/Fixtures/own") }

  private func start(schemas: String? = nil, roles: String? = nil) throws -> LocalServer {
    let server = try LocalServer(
      folder: NSTemporaryDirectory() + "scimd-own-" + UUID().uuidString, schemas: schemas, roles: roles)
    addTeardownBlock {
      XCTAssertTrue(server.stop())
      try? FileManager.default.removeItem(atPath: server.folder)
    }
    return server
  }

  private func client(_ server: LocalServer, _ token: String) throws -> HTTPClient {
    try HTTPClient(base: server.root + "/scim/v2", token: token)
  }

  private func play(
    _ name: String, _ client: HTTPClient, run: String = "1", file: StaticString = #filePath,
    line: UInt = #line
  ) throws {
    let path = fixtures.appendingPathComponent(name + ".json")
    let script = try ExchangeScript(try JSONParser.parse(Array(try Data(contentsOf: path))))
    let report = ExchangeRunner(client: client, run: run).run(script)
    XCTAssertEqual(report.steps.count, script.steps.count, file: file, line: line)
    for failure in report.failures { XCTFail("\(name)\n\(failure)", file: file, line: line) }
    client.disconnect()
  }

  func test_SUITE03_AResourceTypeFromFilesBehavesLikeThoseOfTheRFC() throws {
    let server = try start(schemas: fixtures.appendingPathComponent("schemas").path)
    try play("test-resource-script", try client(server, try server.key()))
  }

  func test_DRAFTroles_RolesAndEntitlementsAreListedFromTheExampleFile() throws {
    let server = try start(roles: root.appendingPathComponent("config/roles.json").path)
    try play("roles-script", try client(server, try server.key()))
  }

  func test_DRAFTroles_WithoutAFileThereIsNothing() throws {
    let server = try start()
    let client = try client(server, try server.key())
    for path in ["/Roles", "/Entitlements", "/ResourceTypes/Role"] {
      XCTAssertEqual(try client.send(method: "GET", path: path).status, 404, path)
    }
    let configuration = try client.send(method: "GET", path: "/ServiceProviderConfig").json()
    XCTAssertNil(configuration["roles"])
    XCTAssertNil(configuration["entitlements"])
    client.disconnect()
  }

  func test_7644_3_11_MeIsTheUserOfTheKey() throws {
    let server = try start()
    let admin = try client(server, try server.key())
    let made = try admin.send(
      method: "POST", path: "/Users",
      body: (["schemas": [.string(SchemaURN.user)], "userName": "me.1"] as JSONValue).serialized())
    XCTAssertEqual(made.status, 201)
    try play("me-script", try client(server, try server.key(user: "ME.1")))
    for method in ["GET", "PUT", "PATCH", "DELETE", "POST"] {
      let response = try admin.send(method: method, path: "/Me", body: Array("{}".utf8))
      XCTAssertEqual(response.status, 501, "\(method) with a key of nobody")
      XCTAssertEqual(try response.json()["status"], "501")
    }
    admin.disconnect()
    XCTAssertThrowsError(try server.key(user: "nobody"))
    XCTAssertThrowsError(try server.key(directory: "other", user: "me.1"), "a user of another directory")
  }

  func testTheExampleFilesDefineDevicesAndBadges() throws {
    let folder = root.appendingPathComponent("config/schemas").path
    let server = try start(schemas: folder)
    let client = try client(server, try server.key())
    let types = try client.send(method: "GET", path: "/ResourceTypes").json()["Resources"]?.arrayValue ?? []
    XCTAssertEqual(types.map { $0["name"]?.stringValue }, ["User", "Group", "Device"])
    for type in types {
      let extensions = type["schemaExtensions"]?.arrayValue?.compactMap { $0["schema"]?.stringValue } ?? []
      for urn in [type["schema"]?.stringValue ?? ""] + extensions {
        XCTAssertEqual(try client.send(method: "GET", path: "/Schemas/\(urn)").status, 200, urn)
      }
    }
    let body: JSONValue = [
      "schemas": ["urn:example:scim:schemas:2.0:Device"], "displayName": "Laptop", "serialNumber": "S1",
      "urn:example:scim:schemas:extension:2.0:Warranty": ["expires": "2030-01-01T00:00:00Z"],
    ]
    XCTAssertEqual(try client.send(method: "POST", path: "/Devices", body: body.serialized()).status, 201)
    XCTAssertEqual(try client.send(method: "POST", path: "/Devices", body: body.serialized()).status, 409)
    client.disconnect()
  }

  func testResourcesOfFilesAreThereAfterARestart() throws {
    let schemas = fixtures.appendingPathComponent("schemas").path
    let folder = NSTemporaryDirectory() + "scimd-own-" + UUID().uuidString
    addTeardownBlock { try? FileManager.default.removeItem(atPath: folder) }
    let first = try LocalServer(folder: folder, schemas: schemas)
    let token = try first.key()
    var client = try client(first, token)
    let body: JSONValue = [
      "schemas": ["urn:example:scim:test:2.0:TestResource"], "requiredValue": "r", "uniqueNumber": 1,
      "urn:example:scim:test:extension:2.0:Required": ["code": "c"],
    ]
    let made = try client.send(method: "POST", path: "/TestResources", body: body.serialized())
    XCTAssertEqual(made.status, 201)
    client.disconnect()
    XCTAssertTrue(first.stop())
    XCTAssertThrowsError(try LocalServer(folder: folder))
    let second = try LocalServer(folder: folder, schemas: schemas)
    client = try self.client(second, token)
    let found = try client.send(method: "GET", path: "/TestResources").json()
    XCTAssertEqual(found["Resources"]?.arrayValue?.first?["id"], try made.json()["id"])
    XCTAssertEqual(
      try client.send(method: "POST", path: "/TestResources", body: body.serialized()).status, 409)
    client.disconnect()
    XCTAssertTrue(second.stop())
  }
}
