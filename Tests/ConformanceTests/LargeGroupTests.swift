import Client
import JSON
import XCTest

/// A group with more than a thousand members: PATCH leaves them out of its answer.
final class LargeGroupTests: ConformanceTestCase {
  private static let size = 1001

  func testPATCHOfALargeGroupAnswersWithoutItsMembers() throws {
    let run = unique()
    let members: [JSONValue] = try (0..<Self.size).map {
      ["value": .string(try create("/Users", user("u\($0).\(run)")))]
    }
    // RFC 7643 §5: never more on a page than the configuration tells.
    let configuration = try send("GET", "/ServiceProviderConfig").json()
    let most = try XCTUnwrap(configuration["filter"]?["maxResults"]?.integerValue)
    let page = try send("GET", "/Users?count=1000000&attributes=id").json()
    XCTAssertEqual(page["itemsPerPage"]?.integerValue, min(most, page["totalResults"]?.integerValue ?? 0))
    XCTAssertEqual(page["Resources"]?.arrayValue?.count, page["itemsPerPage"]?.integerValue.map { Int($0) })
    let group = try create(
      "/Groups", ["schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": .string(run)])

    let filled = try patch(group, ["op": "add", "path": "members", "value": .array(members)])
    XCTAssertNil(filled["members"])
    XCTAssertEqual(filled["displayName"], .string(run))
    let asked = try patch(
      group, ["op": "replace", "path": "externalId", "value": "x"], query: "?attributes=members.value")
    XCTAssertEqual(asked["members"]?.arrayValue?.count, Self.size)
    let whole = try send("GET", "/Groups/\(group)").json()
    XCTAssertEqual(whole["members"]?.arrayValue?.count, Self.size)

    let last = try XCTUnwrap(members.last?["value"]?.stringValue)
    let smaller = try patch(group, ["op": "remove", "path": .string("members[value eq \"\(last)\"]")])
    XCTAssertEqual(smaller["members"]?.arrayValue?.count, Self.size - 1)
  }

  private func patch(_ group: String, _ operation: JSONValue, query: String = "") throws -> JSONValue {
    let body: JSONValue = [
      "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation],
    ]
    let response = try send("PATCH", "/Groups/\(group)\(query)", body)
    XCTAssertEqual(response.status, 200)
    return try response.json()
  }
}
