import Client
import XCTest

/// What scripts cannot say: requests without a key and with two of them.
final class AuthenticationTests: ConformanceTestCase {
  private func withoutKey(
    _ path: String, fields: [(String, String)] = [], base: String? = nil
  ) throws -> ClientResponse {
    let client = try server().client(base: base, token: nil)
    return try client.send(method: "GET", path: path, fields: fields)
  }

  /// RFC 6750 §3: without credentials the challenge names no error.
  func testWithoutAKeyTheChallengeNamesNoError() throws {
    let response = try withoutKey("/Users")
    try assertError(response, 401)
    XCTAssertEqual(response.field("WWW-Authenticate"), "Bearer realm=\"scim\"")
  }

  func testAKeyInTheQueryIsNoKey() throws {
    let token = try server().token()
    try assertError(try withoutKey("/Users?access_token=\(token)"), 401)
  }

  func testTwoAuthorizationFieldsAreRefused() throws {
    let value = "Bearer \(try server().token())"
    let response = try withoutKey("/Users", fields: [("Authorization", value), ("Authorization", value)])
    try assertError(response, 400)
  }

  func testTheConfigurationNeedsNoKey() throws {
    XCTAssertEqual(try withoutKey("/ServiceProviderConfig").status, 200)
  }

  func testHealthNeedsNoKey() throws {
    let root = try server().root()
    XCTAssertEqual(try withoutKey("/livez", base: root).status, 200)
    XCTAssertEqual(try withoutKey("/readyz", base: root).status, 200)
  }

  func testEveryAnswerNamesItsRequestAndErrorsDoSoInTheirDetail() throws {
    let good = try send("GET", "/Users?count=0")
    let first = try XCTUnwrap(good.field("X-Request-Id"))
    let bad = try send("GET", "/Users/none")
    let second = try XCTUnwrap(bad.field("X-Request-Id"))
    XCTAssertNotEqual(first, second)
    XCTAssertTrue(try assertError(bad, 404).contains(second))
  }

  func testAnswersAreNotCached() throws {
    let response = try send("GET", "/Users?count=0")
    XCTAssertEqual(response.field("Cache-Control"), "no-store")
    XCTAssertEqual(response.field("X-Content-Type-Options"), "nosniff")
  }
}
