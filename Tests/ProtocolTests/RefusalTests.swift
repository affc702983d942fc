import HTTP
import JSON
import Platform
import XCTest

@testable import Credentials
@testable import Protocol

/// What is refused before a byte of the body is read.
final class RefusalTests: XCTestCase {
  private func refusal(
    _ fixture: ServiceFixture, _ method: String, _ target: String, _ fields: [(String, String)]
  )
    throws -> HTTPResponse?
  {
    let head = try HTTPRequestHead(method: method, target: target, fields: fields + [("Content-Length", "5")])
    return fixture.service.refusal(of: head, peer: PeerAddress(ipv4: [127, 0, 0, 1]))
  }

  func testNobodyUploadsWithoutAKey() throws {
    let fixture = try ServiceFixture(self)
    let refused = try XCTUnwrap(try refusal(fixture, "POST", "/Users", []))
    XCTAssertEqual(refused.status, .unauthorized)
    XCTAssertNotNil(refused.fields[.wwwAuthenticate])
    XCTAssertNotNil(refused.fields[.requestId])
  }

  func testAWrongPathMethodOrTypeNeedsNoBody() throws {
    let fixture = try ServiceFixture(self)
    let key = ("Authorization", "Bearer \(fixture.key.secret)")
    let cases: [(String, String, [(String, String)], Int)] = [
      ("POST", "/Nope", [key], 404), ("POST", "/Users/x", [key], 405), ("GET", "/Bulk", [key], 405),
      ("POST", "/v1/Users", [key], 400), ("POST", "/Users", [key, ("Content-Type", "text/xml")], 415),
      ("PATCH", "/Users/x", [key, ("Content-Encoding", "gzip")], 415),
    ]
    for (method, target, fields, status) in cases {
      let refused = try XCTUnwrap(try refusal(fixture, method, target, fields), target)
      XCTAssertEqual(refused.status.rawValue, status, target)
      XCTAssertEqual(try refused.json()["status"], .string("\(status)"), target)
    }
  }

  func testWhatMayBeRightIsRead() throws {
    let fixture = try ServiceFixture(self)
    let key = ("Authorization", "Bearer \(fixture.key.secret)")
    XCTAssertNil(try refusal(fixture, "POST", "/Users", [key]))
    XCTAssertNil(try refusal(fixture, "PATCH", "/Users/none", [key]))
    XCTAssertEqual(try fixture.logLines().count, 0)
  }

  func testErrorsOfTheHTTPLayerNameTheirRequest() throws {
    let fixture = try ServiceFixture(self)
    let response = fixture.service.response(
      to: .bodyTooLarge(limit: 5), peer: try XCTUnwrap(PeerAddress(text: "192.0.2.1")))
    XCTAssertEqual(response.status, .contentTooLarge)
    let id = try XCTUnwrap(response.fields[.requestId])
    XCTAssertTrue(try response.json()["detail"]?.stringValue?.contains(id) == true)
    XCTAssertTrue(try response.json()["detail"]?.stringValue?.contains("5 bytes") == true)
  }

  func testARevokedKeyIsRefusedAtOnce() throws {
    let fixture = try ServiceFixture(self)
    XCTAssertEqual(try fixture.send("GET", "/Users").status, .ok)
    _ = try fixture.keys.revoke(fixture.key.key.id)
    XCTAssertEqual(try fixture.send("GET", "/Users").status, .unauthorized)
  }
}
