import HTTP
import JSON
import Platform
import SCIM
import XCTest

@testable import Protocol

/// What a client reads that was set up with a wrong address.
final class EndpointErrorTests: XCTestCase {
  func testAPathThatIsNoEndpointIsToldTheBaseURLAndTheNearestEndpoint() throws {
    var settings = ServiceSettings()
    settings.publicBase = "https://scim.example.com/scim/v2"
    let fixture = try ServiceFixture(self, settings)
    for path in ["/scim/v2/User", "/scim/Users", "/api/scim/v2/Users"] {
      let answer = try fixture.send("GET", path)
      XCTAssertEqual(answer.status, .notFound)
      let detail = try answer.json()["detail"]?.stringValue ?? ""
      XCTAssertTrue(detail.contains("The base URL is https://scim.example.com/scim/v2."), detail)
      XCTAssertTrue(detail.contains("Did you mean https://scim.example.com/scim/v2/Users?"), detail)
    }
    let detail = try fixture.send("GET", "/Nope/ada").json()["detail"]?.stringValue ?? ""
    XCTAssertTrue(detail.contains("The base URL is"), detail)
    XCTAssertFalse(detail.contains("Did you mean"), detail)
    XCTAssertFalse(detail.contains("ada"), detail)
  }

  func testABaseURLWithASlashAtItsEndWorks() throws {
    let fixture = try ServiceFixture(self)
    XCTAssertEqual(try fixture.send("GET", "/scim/v2//Users").status, .ok)
    let created = try fixture.createUser("ada")
    let id = try XCTUnwrap(try created.json()["id"]?.stringValue)
    XCTAssertEqual(try fixture.send("GET", "/scim/v2//Users/\(id)").status, .ok)
  }

  func testAMalformedPercentEscapeIs400BeforeTheKeyIsAskedFor() throws {
    let fixture = try ServiceFixture(self)
    for path in ["/scim/v2/Users/%zz", "/%", "/Users/%FF"] {
      for method in ["GET", "PATCH", "DELETE", "POST"] {
        let head = try HTTPRequestHead(method: method, target: path, fields: [])
        let answer = try XCTUnwrap(
          fixture.service.refusal(of: head, peer: PeerAddress(ipv4: [192, 0, 2, 1])), path)
        XCTAssertEqual(answer.status, .badRequest, path)
      }
    }
  }

  /// Whatever is wrong with the body: what is not there cannot be changed.
  func testAResourceThatIsNotThereIs404WhateverTheBodySays() throws {
    let fixture = try ServiceFixture(self)
    let id = try XCTUnwrap(try fixture.createUser("ada").json()["id"]?.stringValue)
    let bodies = [
      "{}", "[]", "{\"schemas\":[\"\(SchemaURN.patchOp)\"],\"Operations\":[{\"op\":\"move\"}]}",
      "{\"schemas\":[\"\(SchemaURN.user)\"],\"userName\":5}",
    ]
    for method in ["PATCH", "PUT"] {
      for body in bodies {
        let missing = try fixture.send(method, "/Users/0b6f2f2e-6d0c-4a55-9d53-0c5f6d1f2a3b", body: body)
        XCTAssertEqual(missing.status, .notFound, "\(method) \(body)")
        XCTAssertEqual(try fixture.send(method, "/Users/\(id)", body: body).status, .badRequest, body)
        XCTAssertEqual(try fixture.send(method, "/Groups/\(id)", body: body).status, .notFound, body)
      }
      let malformed = try fixture.send(method, "/Users/0b6f2f2e-6d0c-4a55-9d53-0c5f6d1f2a3b", body: "{")
      XCTAssertEqual(malformed.status, .badRequest)
    }
  }

  func testABulkOperationOnAResourceThatIsNotThereIs404WhateverItsDataSays() throws {
    let fixture = try ServiceFixture(self)
    let body = """
      {"schemas":["\(SchemaURN.bulkRequest)"],"Operations":[
      {"method":"PATCH","path":"/Users/0b6f2f2e-6d0c-4a55-9d53-0c5f6d1f2a3b","data":{"x":1}},
      {"method":"PUT","path":"/Users/0b6f2f2e-6d0c-4a55-9d53-0c5f6d1f2a3b","data":{"x":1}}]}
      """
    let answer = try fixture.send("POST", "/Bulk", body: body).json()
    XCTAssertEqual(answer["Operations"]?.arrayValue?.map { $0["status"] }, ["404", "404"])
  }

  func testACreatedResourceSaysWhereItIsTwice() throws {
    let created = try ServiceFixture(self).createUser("ada")
    XCTAssertEqual(created.fields[.contentType], "application/scim+json")
    XCTAssertNotNil(created.fields[.location])
    XCTAssertEqual(created.fields[.contentLocation], created.fields[.location])
  }

  /// RFC 9110 §13.1.1, §13.1.2.
  func testAPreconditionThatFailsIs412ForEveryMethod() throws {
    let fixture = try ServiceFixture(self)
    let created = try fixture.createUser("ada")
    let id = try XCTUnwrap(try created.json()["id"]?.stringValue)
    let version = try XCTUnwrap(created.fields[.etag])
    let put = "{\"schemas\":[\"\(SchemaURN.user)\"],\"userName\":\"ada\",\"title\":\"x\"}"
    let patch =
      "{\"schemas\":[\"\(SchemaURN.patchOp)\"],\"Operations\":[{\"op\":\"add\",\"path\":\"title\",\"value\":\"x\"}]}"
    for (method, body) in [("PUT", put), ("PATCH", patch), ("DELETE", "")] {
      for tags in ["*", version, "\"other\", \(version)"] {
        let answer = try fixture.send(method, "/Users/\(id)", [("If-None-Match", tags)], body: body)
        XCTAssertEqual(answer.status.rawValue, 412, "\(method) \(tags)")
      }
      let missing = "/Users/0b6f2f2e-6d0c-4a55-9d53-0c5f6d1f2a3b"
      XCTAssertEqual(
        try fixture.send(method, missing, [("If-None-Match", "*")], body: body).status, .notFound)
    }
    XCTAssertEqual(try fixture.send("GET", "/Users/\(id)").fields[.etag], version)
    XCTAssertEqual(try fixture.send("GET", "/Users/\(id)", [("If-Match", "\"0\"")]).status.rawValue, 412)
    XCTAssertEqual(try fixture.send("GET", "/Users/\(id)", [("If-Match", version)]).status, .ok)
    XCTAssertEqual(try fixture.send("GET", "/Users/\(id)", [("If-Match", "*")]).status, .ok)
    XCTAssertEqual(
      try fixture.send("PATCH", "/Users/\(id)", [("If-None-Match", "\"0\"")], body: patch).status, .ok)
  }
}
