import Client
import JSON
import Platform
import XCTest

/// What the HTTP layer refuses comes as a SCIM error too, with the id of its request (RFC 7644 §3.12).
final class FramingTests: ConformanceTestCase {
  private let host = "Host: localhost\r\n"

  func testMalformedRequestLine() throws { try expect(400, "GET  /Users HTTP/1.1\r\n\(host)\r\n") }

  func testMissingHost() throws { try expect(400, "GET /Users HTTP/1.1\r\n\r\n") }

  func testSpaceBeforeColon() throws { try expect(400, "GET /Users HTTP/1.1\r\n\(host)A : b\r\n\r\n") }

  func testTwoContentLengths() throws {
    try expect(400, "POST /Users HTTP/1.1\r\n\(host)Content-Length: 1\r\nContent-Length: 2\r\n\r\n")
  }

  func testLengthAndChunks() throws {
    try expect(400, "POST /Users HTTP/1.1\r\n\(host)Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
  }

  func testBodyTooLarge() throws {
    let key = try server().token()
    try expect(
      413,
      "POST /scim/v2/Users HTTP/1.1\r\n\(host)Authorization: Bearer \(key)\r\n"
        + "Content-Type: application/scim+json\r\nContent-Length: 99999999999\r\n\r\n")
  }

  func testTargetTooLong() throws {
    let target = "/" + String(repeating: "a", count: 20_000)
    try expect(414, "GET \(target) HTTP/1.1\r\n\(host)\r\n")
  }

  func testUnknownExpectation() throws {
    try expect(417, "POST /Users HTTP/1.1\r\n\(host)Expect: tea\r\nContent-Length: 1\r\n\r\n")
  }

  func testFieldsTooLarge() throws {
    let fields = (0..<200).map { "X-\($0): x\r\n" }.joined()
    try expect(431, "GET /Users HTTP/1.1\r\n\(host)\(fields)\r\n")
  }

  func testUnknownTransferCoding() throws {
    try expect(501, "POST /Users HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n")
  }

  func testAnotherVersionOfHTTP() throws { try expect(505, "GET /Users HTTP/2.0\r\n\(host)\r\n") }

  /// Sends the bytes as they are, reads until the server closes, and checks the first answer.
  private func expect(_ status: Int, _ text: String, line: UInt = #line) throws {
    guard case .tcp(let host, let port) = try ClientBase(try server().base).endpoint else {
      throw XCTSkip("the server does not listen on TCP")
    }
    let socket = try ClientSocket.connect(host: host, port: port, timeout: 5)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      rest = rest.dropFirst(try rest.withUnsafeBytes { try socket.send($0) })
    }
    var bytes: [UInt8] = []
    while try socket.receive(into: &bytes, atMost: 65_536) > 0 {}
    let answer = String(decoding: bytes, as: UTF8.self)
    let parts = answer.components(separatedBy: "\r\n\r\n")
    XCTAssertEqual(parts.count, 2, answer, line: line)
    XCTAssertTrue(answer.hasPrefix("HTTP/1.1 \(status) "), answer, line: line)
    XCTAssertTrue(
      parts[0].lowercased().contains("content-type: application/scim+json"), answer, line: line)
    let body = try JSONParser.parse(Array((parts.last ?? "").utf8))
    XCTAssertEqual(body["schemas"], ["urn:ietf:params:scim:api:messages:2.0:Error"], line: line)
    XCTAssertEqual(body["status"], .string("\(status)"), line: line)
    let named = parts[0].components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("x-request-id: ") }
    let id = try XCTUnwrap(named?.dropFirst("x-request-id: ".count), answer, line: line)
    XCTAssertTrue(body["detail"]?.stringValue?.contains(id) == true, answer, line: line)
  }
}
