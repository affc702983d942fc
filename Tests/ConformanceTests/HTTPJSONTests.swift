import Client
import Foundation
import JSON
import XCTest

/// JSON bodies over the wire: the strict reader's rules end as SCIM errors, and the connection lives on.
final class HTTPJSONTests: ConformanceTestCase {
  func testInvalidJSONIsInvalidSyntaxAndTheConnectionStaysOpen() throws {
    let client = try server().client()
    for (name, bytes) in try texts("refuse") {
      let response = try post(bytes, with: client)
      try assertError(response, 400, kind: "invalidSyntax")
      XCTAssertNil(response.field("Connection"), name)
    }
  }

  func testValidJSONIsNeverATrapOrAServerError() throws {
    let client = try server().client()
    for (name, bytes) in try texts("accept") {
      let response = try post(bytes, with: client)
      if response.status == 201, let id = try response.json()["id"]?.stringValue {
        _ = try send("DELETE", "/Users/\(id)")
        continue
      }
      XCTAssertEqual(response.status, 400, name)
      XCTAssertNotNil(try response.json()["scimType"]?.stringValue, name)
    }
  }

  func testDeepNestingIsRefused() throws {
    for text in [
      String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
      String(repeating: "[", count: 50_000) + String(repeating: "]", count: 50_000),
    ] {
      try assertError(try post(Array(text.utf8)), 400, kind: "invalidSyntax")
    }
  }

  func testRepeatedNamesAreRefusedHoweverTheyAreSpelt() throws {
    for text in [
      #"{"userName":"a","userName":"b"}"#, #"{"userName":"a","\u0075serName":"b"}"#,
      #"{"userName":"a","USERNAME":"b"}"#, #"{"userName":"a","name":{"givenName":"a","GivenName":"b"}}"#,
    ] {
      let response = try post(Array(text.utf8))
      try assertError(response, 400, kind: try response.json()["scimType"]?.stringValue)
    }
  }

  func testNULInAStringIsRefusedOrKept() throws {
    let name = unique()
    let response = try post(body("userName", #"\#(name)\u0000b"#))
    if response.status == 201 {
      let id = try XCTUnwrap(try response.json()["id"]?.stringValue)
      XCTAssertEqual(try send("GET", "/Users/\(id)").json()["userName"], .string(name + "\u{0}b"))
      _ = try send("DELETE", "/Users/\(id)")
    } else {
      try assertError(response, 400, kind: "invalidValue")
    }
  }

  func testHugeNumbersAreRefusedOrEchoedWithoutLoss() throws {
    for number in ["1e400", "1e999999999999", String(repeating: "9", count: 4000), "9007199254740993"] {
      let text = """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"\(unique())","x":\(number)}
        """
      let response = try post(Array(text.utf8))
      XCTAssertTrue([201, 400].contains(response.status), number)
      if response.status == 201, let id = try response.json()["id"]?.stringValue {
        _ = try send("DELETE", "/Users/\(id)")
      }
    }
  }

  func testOtherEncodingsAreRefused() throws {
    let text = #"{"userName":"a"}"#
    var bodies: [[UInt8]] = [[0xef, 0xbb, 0xbf] + Array(text.utf8)]
    for encoding in [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32] {
      bodies.append(Array(try XCTUnwrap(text.data(using: encoding))))
    }
    for body in bodies { try assertError(try post(body), 400, kind: "invalidSyntax") }
  }

  func testLargeBodiesAreServedOrRefused() throws {
    let keys = "{" + (0..<60_000).map { #""k\#($0)":\#($0)"# }.joined(separator: ",") + "}"
    let marks = body("userName", "a" + String(repeating: "\u{301}", count: 20_000))
    let long = body("displayName", String(repeating: "a", count: 900_000))
    for body in [Array(keys.utf8), marks, long] {
      let response = try post(body)
      XCTAssertTrue((200..<500).contains(response.status), "\(response.status)")
      if response.status == 201, let id = try response.json()["id"]?.stringValue {
        _ = try send("DELETE", "/Users/\(id)")
      }
    }
  }

  func testWhatIsNoObjectIsRefused() throws {
    for text in ["", " \r\n", "{} {}", "{,}", "{/**/}", "{'a':1}", "null", "[]", "1", "\"a\""] {
      let response = try post(Array(text.utf8))
      try assertError(response, 400, kind: try response.json()["scimType"]?.stringValue)
    }
  }

  func testMediaTypes() throws {
    for (type, status) in [
      ("application/scim+json", 201), ("application/scim+json; charset=utf-8", 201),
      ("application/json", 201),
      ("text/plain", 415), ("application/scim+json; charset=utf-16", 415), ("application/xml", 415),
    ] {
      let response = try post(body("userName", unique()), fields: [("Content-Type", type)])
      XCTAssertEqual(response.status, status, type)
      if response.status == 201, let id = try response.json()["id"]?.stringValue {
        _ = try send("DELETE", "/Users/\(id)")
      }
    }
  }

  func testLineBreaksInAValueNeverReachAField() throws {
    let name = unique()
    let response = try post(body("userName", #"\#(name)\r\nX-Evil: 1"#))
    XCTAssertNil(response.field("X-Evil"))
    for field in response.fields {
      XCTAssertTrue(field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }, field.name)
    }
    if response.status == 201, let id = try response.json()["id"]?.stringValue {
      _ = try send("DELETE", "/Users/\(id)")
    }
  }

  func testNoResponseNamesTheServerAndAuthenticatedOnesAreNotStored() throws {
    for (method, path) in [("GET", "/Users"), ("GET", "/ServiceProviderConfig"), ("GET", "/nothing")] {
      let response = try send(method, path)
      XCTAssertNil(response.field("Server"))
      XCTAssertNil(response.field("X-Powered-By"))
      XCTAssertNotNil(response.field("Date"), path)
      XCTAssertEqual(response.field("Cache-Control"), "no-store", path)
      XCTAssertEqual(response.field("X-Content-Type-Options"), "nosniff", path)
    }
    let refused = try server().client().send(method: "PUT", path: "/Users", body: Array("{}".utf8))
    XCTAssertEqual(refused.status, 405)
    XCTAssertNotNil(refused.field("Allow"))
    let unknown = try server().client(token: "scim_wrong").send(
      method: "GET", path: "/Users")
    XCTAssertEqual(unknown.status, 401)
    XCTAssertTrue(unknown.field("WWW-Authenticate")?.hasPrefix("Bearer") == true)
  }

  private func body(_ name: String, _ value: String) -> [UInt8] {
    let user = name == "userName" ? "" : #""userName":"\#(unique())","#
    return Array(
      #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],\#(user)"\#(name)":"\#(value)"}"#.utf8)
  }

  private func post(
    _ body: [UInt8], fields: [(String, String)] = [], with client: HTTPClient? = nil
  ) throws -> ClientResponse {
    try (try client ?? server().client()).send(method: "POST", path: "/Users", fields: fields, body: body)
  }

  /// The texts that the JSON reader is tested with.
  private func texts(_ kind: String) throws -> [(String, [UInt8])] {
    let folder = URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("JSONTests/Fixtures").appendingPathComponent(kind)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
      (name, Array(try Data(contentsOf: folder.appendingPathComponent(name))))
    }
  }
}
