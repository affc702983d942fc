import Client
import Foundation
import JSON
import Exchange
import XCTest

/// Plays scripts and single requests against the server under test.
class ConformanceTestCase: XCTestCase {
  private var clients: [String: HTTPClient] = [:]
  private var made: [(profile: String, path: String)] = []

  override func tearDownWithError() throws {
    for (profile, path) in made.reversed() { _ = try send("DELETE", path, profile: profile) }
    made = []
    clients = [:]
  }

  func server() throws -> ServerUnderTest { try ServerUnderTest.shared.get() }

  /// Letters and digits unlike those of every other call.
  func unique() -> String { String(UUID().uuidString.filter { $0 != "-" }.lowercased().prefix(16)) }

  /// Plays a script with a key of its profile and reports every step that failed.
  func play(
    _ script: ExchangeScript, base: String? = nil, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let server = try server()
    let client = try server.client(base: base, token: try server.token(script.profile))
    let report = ExchangeRunner(client: client, run: unique()).run(script)
    XCTAssertEqual(report.steps.count, script.steps.count, file: file, line: line)
    for failure in report.failures { XCTFail("\(script.name)\n\(failure)", file: file, line: line) }
  }

  func send(
    _ method: String, _ path: String, _ body: JSONValue? = nil, fields: [(String, String)] = [],
    profile: String = "generic"
  ) throws -> ClientResponse {
    let client = try clients[profile] ?? server().client(profile)
    clients[profile] = client
    return try client.send(method: method, path: path, fields: fields, body: body?.serialized())
  }

  /// Creates a resource and deletes it when the test ends; returns its id.
  func create(_ endpoint: String, _ body: JSONValue, profile: String = "generic") throws -> String {
    let response = try send("POST", endpoint, body, profile: profile)
    XCTAssertEqual(response.status, 201, String(decoding: response.body, as: UTF8.self))
    let id = try XCTUnwrap(try response.json()["id"]?.stringValue)
    made.append((profile, "\(endpoint)/\(id)"))
    return id
  }

  func user(_ name: String) -> JSONValue {
    ["schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": .string(name)]
  }

  /// Checks that an answer is a SCIM error of this status (RFC 7644 §3.12) and returns its detail.
  @discardableResult
  func assertError(
    _ response: ClientResponse, _ status: Int, kind: String? = nil, file: StaticString = #filePath,
    line: UInt = #line
  ) throws -> String {
    XCTAssertEqual(response.status, status, file: file, line: line)
    let type = response.field("Content-Type") ?? ""
    XCTAssertTrue(type.hasPrefix("application/scim+json"), type, file: file, line: line)
    let body = try response.json()
    XCTAssertEqual(body["schemas"], ["urn:ietf:params:scim:api:messages:2.0:Error"], file: file, line: line)
    XCTAssertEqual(body["status"], .string("\(status)"), file: file, line: line)
    XCTAssertEqual(body["scimType"]?.stringValue, kind, file: file, line: line)
    let detail = body["detail"]?.stringValue ?? ""
    XCTAssertFalse(detail.isEmpty, file: file, line: line)
    return detail
  }
}
