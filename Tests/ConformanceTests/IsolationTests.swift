import Client
import JSON
import XCTest

/// Two keys of two directories: neither sees anything of the other.
final class IsolationTests: ConformanceTestCase {
  private let missing = "00000000-0000-4000-8000-000000000000"

  override func setUpWithError() throws { _ = try server().token("other") }

  /// The body without what differs from request to request and from path to path.
  private func comparable(_ response: ClientResponse, id: String) throws -> String {
    let request = try XCTUnwrap(response.field("X-Request-Id"))
    return String(decoding: response.body, as: UTF8.self)
      .replacingOccurrences(of: request, with: "REQUEST").replacingOccurrences(of: id, with: "ID")
  }

  func testAnotherDirectorysIdIsTheSame404AsAMissingOne() throws {
    let id = try create("/Users", user("ada.\(unique())"))
    let patch: JSONValue = [
      "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      "Operations": [["op": "replace", "path": "title", "value": "x"]],
    ]
    let requests: [(String, JSONValue?)] = [
      ("GET", nil), ("PUT", user("x.\(unique())")), ("PATCH", patch), ("DELETE", nil),
    ]
    for (method, body) in requests {
      let foreign = try send(method, "/Users/\(id)", body, profile: "other")
      let absent = try send(method, "/Users/\(missing)", body, profile: "other")
      try assertError(foreign, 404)
      XCTAssertEqual(try comparable(foreign, id: id), try comparable(absent, id: missing), method)
      let names = { (response: ClientResponse) in response.fields.map(\.name) }
      XCTAssertEqual(names(foreign), names(absent), method)
    }
    XCTAssertEqual(try send("GET", "/Users/\(id)").status, 200)
  }

  func testNamesAreUniqueInOneDirectoryOnly() throws {
    let name = "ada.\(unique())"
    _ = try create("/Users", user(name))
    _ = try create("/Users", user(name), profile: "other")
    try assertError(try send("POST", "/Users", user(name)), 409, kind: "uniqueness")
  }

  func testSearchesStayInTheirDirectory() throws {
    let name = "ada.\(unique())"
    _ = try create("/Users", user(name))
    for path in ["/Users?filter=userName%20eq%20%22\(name)%22", "/?filter=userName%20sw%20%22\(name)%22"] {
      XCTAssertEqual(try send("GET", path).json()["totalResults"], 1, path)
      XCTAssertEqual(try send("GET", path, profile: "other").json()["totalResults"], 0, path)
    }
  }

  func testAnotherDirectorysUserCannotBeAMember() throws {
    let id = try create("/Users", user("ada.\(unique())"))
    let group: JSONValue = [
      "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "x",
      "members": [["value": .string(id)]],
    ]
    try assertError(try send("POST", "/Groups", group, profile: "other"), 400, kind: "invalidValue")
  }
}
