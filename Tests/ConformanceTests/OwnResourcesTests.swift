import Client
import Exchange
import JSON
import XCTest

@testable import Conformance

/// A run writes to nothing but what it has made.
final class OwnResourcesTests: XCTestCase {
  private var own = OwnResources(base: ClientBase(unixPath: "/s", prefix: "/scim/v2"), run: "t1234")

  func testWhatIsNotTheRunsIsNotWrittenTo() {
    for method in ["PUT", "PATCH", "DELETE"] {
      XCTAssertNotNil(refusal(method, "/Users/17"), method)
      XCTAssertNotNil(refusal(method, "/Users"), method)
      XCTAssertNotNil(refusal(method, "/"), method)
      XCTAssertNil(refusal(method, "/Users/no-such-t1234"), method)
    }
    XCTAssertNil(refusal("GET", "/Users/17"))
    XCTAssertNil(refusal("POST", "/Users"))
  }

  func testWhatTheRunMadeIsWrittenToUnderItsOwnPathOnly() {
    note("POST", "/Users?attributes=id", 201, ["id": "a b"])
    XCTAssertNil(refusal("DELETE", "/Users/a%20b?x=y"))
    XCTAssertNotNil(refusal("DELETE", "/Groups/a%20b"))
    XCTAssertNotNil(refusal("DELETE", "/Users/A%20b"))
    XCTAssertEqual(own.present.map(\.path), ["/Users/a%20b"])
    note("DELETE", "/Users/a%20b", 204, nil)
    XCTAssertEqual(own.present.map(\.path), [])
    XCTAssertNil(refusal("PUT", "/Users/a%20b"))
  }

  func testALocationTellsWhatAnAnswerWithoutIdMade() {
    note("POST", "/Users", 201, nil, location: "https://elsewhere/scim/v2/Users/7")
    XCTAssertEqual(own.present.map(\.path), ["/Users/7"])
    note("POST", "/Users", 201, nil)
    XCTAssertEqual(own.untraced.count, 1)
  }

  func testWhatABulkJobMadeIsTheRuns() {
    note(
      "POST", "/Bulk", 200,
      ["Operations": [["method": "POST", "status": "201", "location": "http://h/scim/v2/Users/9"]]])
    XCTAssertEqual(own.present.map(\.path), ["/Users/9"])
    XCTAssertNil(bulkRefusal("DELETE", "/Users/9"))
    XCTAssertNil(bulkRefusal("PATCH", "/Users/bulkId:x"))
    XCTAssertNotNil(bulkRefusal("DELETE", "/Users/17"))
  }

  func testASearchMakesNothing() {
    note("POST", "/Users/.search", 200, ["id": "x", "Resources": []])
    XCTAssertEqual(own.present.count, 0)
  }

  func testAnIntrusiveRunReachesCollectionsAndDiscoveryButNoForeignResource() {
    for path in ["/Users", "/Users/.search", "/Schemas/urn:x", "/ServiceProviderConfig"] {
      XCTAssertNil(own.refusal(of: request("DELETE", path), isIntrusive: true), path)
    }
    XCTAssertNotNil(own.refusal(of: request("DELETE", "/Users/17"), isIntrusive: true))
  }

  private func request(_ method: String, _ path: String, _ body: JSONValue? = nil) -> WireRequest {
    WireRequest(method: method, path: path, fields: [], body: body?.serialized(), key: .run)
  }

  private func refusal(_ method: String, _ path: String) -> String? {
    own.refusal(of: request(method, path), isIntrusive: false)
  }

  private func bulkRefusal(_ method: String, _ path: String) -> String? {
    let operations: JSONValue = [["method": .string(method), "path": .string(path)]]
    return own.refusal(of: request("POST", "/Bulk", ["Operations": operations]), isIntrusive: false)
  }

  private func note(
    _ method: String, _ path: String, _ status: Int, _ body: JSONValue?, location: String? = nil
  ) {
    let response = ClientResponse(
      status: status, fields: location.map { [("Location", $0)] } ?? [], body: body?.serialized() ?? [])
    own.note(request(method, path), Answer(response))
  }
}
