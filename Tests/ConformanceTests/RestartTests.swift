import Client
import Foundation
import JSON
import Storage
import XCTest

/// A server of its own that is stopped and started again on the same folder.
final class RestartTests: XCTestCase {
  private let core = "urn:ietf:params:scim:schemas:core:2.0:"

  func testEverythingIsThereAfterARestart() throws {
    let folder = try temporaryFolder()
    let first = try LocalServer(folder: folder)
    let key = try first.key()
    var client = try HTTPClient(base: first.root + "/scim/v2", token: key)
    let ada = try create(client, "/Users", ["schemas": [.string(core + "User")], "userName": "ada"])
    let bob = try create(client, "/Users", ["schemas": [.string(core + "User")], "userName": "bob"])
    let crew = try create(
      client, "/Groups",
      [
        "schemas": [.string(core + "Group")], "displayName": "crew",
        "members": [["value": .string(ada)], ["value": .string(bob)]],
      ])
    XCTAssertEqual(try client.send(method: "DELETE", path: "/Users/\(bob)").status, 204)
    let paths = ["/Users/\(ada)", "/Groups/\(crew)"]
    let before = try paths.map { try representation(client, $0) }
    client.disconnect()
    XCTAssertTrue(first.stop())

    let second = try LocalServer(folder: folder)
    client = try HTTPClient(base: second.root + "/scim/v2", token: key)
    XCTAssertEqual(try paths.map { try representation(client, $0) }, before)
    XCTAssertEqual(try client.send(method: "GET", path: "/Users/\(bob)").status, 404)
    XCTAssertEqual(try client.send(method: "GET", path: "/Users").json()["totalResults"], 1)
    XCTAssertEqual(try representation(client, "/Groups/\(crew)")["members"]?.arrayValue?.count, 1)
    let again = try client.send(
      method: "POST", path: "/Users",
      body: (["schemas": [.string(core + "User")], "userName": "ADA"] as JSONValue).serialized())
    XCTAssertEqual(again.status, 409)
    client.disconnect()
    XCTAssertTrue(second.stop())
  }

  func testOneFolderIsServedOnce() throws {
    let folder = try temporaryFolder()
    let server = try LocalServer(folder: folder)
    XCTAssertThrowsError(try LocalServer(folder: folder)) { XCTAssertTrue($0 is DataFolderError, "\($0)") }
    XCTAssertTrue(server.stop())
  }

  func testReadyzTurnsTo503WhenTheServerDrainsAndLivezDoesNot() throws {
    let server = try LocalServer(folder: try temporaryFolder())
    let client = try HTTPClient(base: server.root, token: nil)
    XCTAssertEqual(try client.send(method: "GET", path: "/readyz").status, 200)
    server.beginDraining()
    XCTAssertEqual(try client.send(method: "GET", path: "/readyz").status, 503)
    XCTAssertEqual(try client.send(method: "GET", path: "/livez").status, 200)
    client.disconnect()
    XCTAssertTrue(server.stop())
  }

  private func temporaryFolder() throws -> String {
    let folder = NSTemporaryDirectory() + "scimd-restart-" + UUID().uuidString
    addTeardownBlock { try? FileManager.default.removeItem(atPath: folder) }
    return folder
  }

  private func create(_ client: HTTPClient, _ endpoint: String, _ body: JSONValue) throws -> String {
    let response = try client.send(method: "POST", path: endpoint, body: body.serialized())
    XCTAssertEqual(response.status, 201)
    return try XCTUnwrap(try response.json()["id"]?.stringValue)
  }

  /// The resource without its links, which name the port.
  private func representation(_ client: HTTPClient, _ path: String) throws -> JSONValue {
    let response = try client.send(method: "GET", path: path)
    XCTAssertEqual(response.status, 200, path)
    let text = String(decoding: response.body, as: UTF8.self)
      .replacingOccurrences(of: client.base.authority, with: "HOST")
    return try JSONParser.parse(Array(text.utf8))
  }
}
