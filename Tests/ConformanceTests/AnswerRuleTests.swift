import Client
import Exchange
import XCTest

@testable import Conformance

/// The rules for every answer, on answers as bytes.
final class AnswerRuleTests: XCTestCase {
  private let scim = ("Content-Type", "application/scim+json;charset=utf-8")
  private let error = "urn:ietf:params:scim:api:messages:2.0:Error"

  func testAGoodAnswerBreaksNoRule() {
    XCTAssertEqual(
      broken(
        201, [scim, ("Location", "/U/1"), ("ETag", "W/\"1\"")],
        #"{"schemas":["u"],"id":"1","meta":{"resourceType":"User","location":"/U/1","version":"W/\"1\""}}"#,
        method: "POST"), [])
    XCTAssertEqual(broken(404, [scim], #"{"schemas":["\#(error)"],"status":"404"}"#), [])
    XCTAssertEqual(broken(204, [], ""), [])
    XCTAssertEqual(broken(404, [], "", method: "HEAD"), [])
    XCTAssertEqual(
      broken(200, [scim], #"{"schemas":["l"],"Resources":[{"id":"1"}]}"#, path: "/Users?attributes=id"), [])
  }

  func testEachRuleFindsWhatBreaksIt() {
    let user = #"{"schemas":["u"],"id":"1","meta":{"resourceType":"User","location":"/U/1","version":"1"}}"#
    XCTAssertEqual(broken(200, [("Content-Type", "text/json")], user), ["7644-3.1-01"])
    XCTAssertEqual(broken(200, [scim], #"{"id":"1"}"#), ["7644-3.1-02"])
    XCTAssertEqual(broken(200, [scim], #"{"schemas":["l"],"Resources":[{"id":"1"}]}"#), ["7644-3.1-02"])
    XCTAssertEqual(broken(404, [], ""), ["7644-3.12-01"])
    XCTAssertEqual(broken(404, [scim], #"{"schemas":["\#(error)"],"status":404}"#), ["7644-3.12-01"])
    XCTAssertEqual(broken(201, [scim, ("Location", "/U/2")], user, method: "POST"), ["7644-3.3-06"])
    XCTAssertEqual(broken(200, [scim, ("Content-Location", "/U/2")], user), ["7643-3.1-13"])
    XCTAssertEqual(broken(200, [scim, ("ETag", "\"1\"")], user), ["7644-3.14-02"])
    XCTAssertEqual(
      broken(200, [scim], #"{"schemas":["u"],"meta":{"resourceType":"User"}}"#), ["7643-3.1-02"])
    XCTAssertEqual(broken(200, [scim], #"{"schemas":["u"],"id":"1","password":"*"}"#), ["7643-4.1.1-03"])
    XCTAssertEqual(
      broken(400, [scim], #"{"schemas":["\#(error)"],"status":"400","detail":"bad: secret9"}"#),
      ["7643-4.1.1-03"])
  }

  private func broken(
    _ status: Int, _ fields: [(String, String)], _ body: String, method: String = "GET",
    path: String = "/Users"
  ) -> [String] {
    let request = WireRequest(method: method, path: path, fields: [], body: nil, key: .run)
    let answer = Answer(
      ClientResponse(
        status: status, fields: fields.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8)))
    return AnswerRule.all(password: "secret9").filter { $0.violation(request, answer) != nil }.map(\.id)
  }
}
