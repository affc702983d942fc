import HTTP
import XCTest

final class RequestParserTests: XCTestCase {
  func testHeadKeepsNamesValuesAndOrder() throws {
    let driver = ParserDriver.run(
      "GET /Users/1?a=b&c HTTP/1.1\r\nHost: h:80\r\nX-A:  one \r\nx-a:two\r\nIf-Match: \"1\"\r\n\r\n")
    let head = try XCTUnwrap(driver.requests.first).head
    XCTAssertEqual(head.method, .get)
    XCTAssertEqual(text(head.path), "/Users/1")
    XCTAssertEqual(head.query.map(text), "a=b&c")
    XCTAssertEqual(text(head.target), "/Users/1?a=b&c")
    XCTAssertEqual(head.authority, "h:80")
    XCTAssertEqual(head.values(of: FieldName("X-A")).map(text), ["one", "two"])
    XCTAssertEqual(head[.ifMatch].map(text), "\"1\"")
    XCTAssertNil(head[.authorization])
    XCTAssertEqual(head.fields.map { text($0.name) }, ["Host", "X-A", "x-a", "If-Match"])
  }

  func testAbsoluteFormIsReducedAndItsAuthorityReplacesHost() throws {
    let driver = ParserDriver.run("GET HTTPS://a.example:1?q HTTP/1.1\r\nHost: b\r\n\r\n")
    let head = try XCTUnwrap(driver.requests.first).head
    XCTAssertEqual(text(head.path), "/")
    XCTAssertEqual(head.query.map(text), "q")
    XCTAssertEqual(head.authority, "a.example:1")
  }

  func testHeadFromTextIsTheSameAsFromTheWire() throws {
    let head = try HTTPRequestHead(method: "PATCH", target: "/a?b", fields: [("If-Match", "x")])
    XCTAssertEqual(head.method, .patch)
    XCTAssertEqual(text(head.path), "/a")
    XCTAssertEqual(head[.ifMatch].map(text), "x")
    XCTAssertThrowsError(try HTTPRequestHead(method: "GET", target: "a b"))
  }

  func testQueryMayHoldRawBracketsButNoRawQuote() {
    let brackets = ParserDriver.run("GET /ok?filter=emails[type%20eq%20x]|{} HTTP/1.1\r\nHost: h\r\n\r\n")
    XCTAssertEqual(brackets.outcome.statuses, [200])
    for text in ["/ok?filter=\"a\"", "/ok?<", "/[ok]", "/ok?a#b", "/ok?\u{E9}"] {
      XCTAssertEqual(ParserDriver.run("GET \(text) HTTP/1.1\r\nHost: h\r\n\r\n").error, .malformedTarget)
    }
  }

  func testRequestLineLimit() {
    var limits = HTTPLimits()
    limits.maxRequestLineBytes = 100
    assertLimit(limits, 100, .requestLineTooLong(limit: 100)) { count in
      "GET /\(fill(count - 14)) HTTP/1.1\r\nHost: h\r\n\r\n"
    }
  }

  func testMethodLimit() {
    var limits = HTTPLimits()
    limits.maxMethodBytes = 6
    XCTAssertEqual(
      ParserDriver.run("DELETE /ok HTTP/1.1\r\nHost: h\r\n\r\n", limits: limits).outcome.statuses, [405])
    XCTAssertEqual(ParserDriver.run("OPTIONS", limits: limits).error, .unsupportedMethod)
  }

  func testFieldLineLimit() {
    var limits = HTTPLimits()
    limits.maxFieldLineBytes = 100
    assertLimit(limits, 100, .fieldLineTooLong(limit: 100)) { count in
      "GET /ok HTTP/1.1\r\nHost: h\r\nX: \(fill(count - 3))\r\n\r\n"
    }
  }

  func testFieldCountLimit() {
    var limits = HTTPLimits()
    limits.maxFields = 10
    assertLimit(limits, 10, .tooManyFields(limit: 10)) { count in
      "GET /ok HTTP/1.1\r\nHost: h\r\n\(String(repeating: "X: y\r\n", count: count - 1))\r\n"
    }
  }

  func testHeadLimit() {
    var limits = HTTPLimits()
    limits.maxHeadBytes = 200
    assertLimit(limits, 200, .headTooLarge(limit: 200)) { count in
      "GET /ok HTTP/1.1\r\nHost: h\r\nX: \(fill(100))\r\nY: \(fill(count - 139))\r\n\r\n"
    }
  }

  func testBodyLimitWithContentLength() {
    var limits = HTTPLimits()
    limits.maxBodyBytes = 50
    assertLimit(limits, 50, .bodyTooLarge(limit: 50)) { count in
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: \(count)\r\n\r\n\(fill(count))"
    }
  }

  func testBodyLimitWithChunks() {
    var limits = HTTPLimits()
    limits.maxBodyBytes = 50
    assertLimit(limits, 50, .bodyTooLarge(limit: 50)) { count in
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "a\r\n\(fill(10))\r\n\(String(count - 10, radix: 16))\r\n\(fill(count - 10))\r\n0\r\n\r\n"
    }
  }

  func testChunkLineLimit() {
    var limits = HTTPLimits()
    limits.maxChunkLineBytes = 20
    assertLimit(limits, 20, .malformedChunk) { count in
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "1;\(fill(count - 3))\r\nx\r\n0\r\n\r\n"
    }
  }

  func testChunkOverheadLimit() {
    var limits = HTTPLimits()
    limits.maxBodyBytes = 10
    limits.maxChunkOverheadBytes = 25
    // Five bytes of framing a chunk, five for the last one: 35 = 6 * 5 + 5.
    assertLimit(limits, 6, .chunkOverheadTooLarge(limit: 25)) { count in
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        + String(repeating: "1\r\nx\r\n", count: count) + "0\r\n\r\n"
    }
  }

  func testTrailerLimit() {
    var limits = HTTPLimits()
    limits.maxTrailerBytes = 30
    assertLimit(limits, 30, .trailersTooLarge(limit: 30)) { count in
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "0\r\nX: \(fill(count - 5))\r\n\r\n"
    }
  }

  func testAnnouncedLengthAloneTakesNoMemory() {
    var driver = ParserDriver()
    driver.feed(Array("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 8388608\r\n\r\nab".utf8))
    XCTAssertEqual(driver.outcome, Outcome())
  }

  func testFirstBytesThatCanNotBeHTTPAreRefusedAtOnce() {
    XCTAssertEqual(ParserDriver.run("\u{1}").error, .malformedRequestLine)
    XCTAssertEqual(ParserDriver.run("\r\r").error, .malformedRequestLine)
    XCTAssertEqual(ParserDriver.run("G(T").error, .malformedRequestLine)
    XCTAssertEqual(ParserDriver.run(fill(33)).error, .unsupportedMethod)
  }

  func testTLSOnAPlainPortIsRecognisedByItsFirstTwoBytes() {
    XCTAssertNil(ParserDriver.run("\u{16}").error, "the next byte decides")
    XCTAssertEqual(ParserDriver.run("\u{16}\u{3}").error, .tlsOnPlainPort)
    XCTAssertEqual(ParserDriver.run("\u{16}\u{3}\u{1}\u{2}\r\n").error, .tlsOnPlainPort)
    XCTAssertEqual(ParserDriver.run("\u{16}\u{4}").error, .malformedRequestLine)
    XCTAssertEqual(ParserDriver.run("\u{16}\r\n").error, .malformedRequestLine)
    XCTAssertEqual(ParserDriver.run("\r\n\u{16}\u{3}").error, .malformedRequestLine)
    XCTAssertEqual(HTTPError.tlsOnPlainPort.status, .badRequest)
    XCTAssertTrue(HTTPError.tlsOnPlainPort.detail.contains("TLS on a plain port"))
  }

  func testMalformedTransferEncodingIsABadRequest() {
    for value in [
      "", ",", "chunked,", "chunked, chunked", "chunked, gzip", "chunked;a=b", "chunked ;a=b", "\"chunked\"",
      "gzip;", "gzip;a", "gzip;a=", "gzip gzip", "gzip,,chunked", "gzip, chunked, gzip", "chunked chunked",
      "a/b",
    ] {
      XCTAssertEqual(transferEncoding(value), .malformedTransferEncoding, value)
    }
  }

  func testUnknownTransferCodingIsNotImplemented() {
    for value in [
      "gzip", "gzip, chunked", "GZIP ,\tCHUNKED", "xchunked", "identity", "gzip;q=1;r=2, chunked",
    ] {
      XCTAssertEqual(transferEncoding(value), .unsupportedTransferEncoding, value)
    }
  }

  private func transferEncoding(_ value: String) -> HTTPError? {
    ParserDriver.run("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \(value)\r\n\r\n0\r\n\r\n").error
  }

  func testTrailersNeverBecomeFields() throws {
    let driver = ParserDriver.run(
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "2\r\nab\r\n0\r\nAuthorization: Bearer z\r\n\r\n")
    let request = try XCTUnwrap(driver.requests.first)
    XCTAssertNil(request.head[.authorization])
    XCTAssertEqual(request.body, Array("ab".utf8))
  }

  func testDuplicateSingletonsAreNamed() {
    for name in ["Content-Type", "Authorization", "Host", "Content-Length", "Transfer-Encoding"] {
      let value = name == "Content-Length" ? "0" : name == "Transfer-Encoding" ? "chunked" : "x"
      let host = name == "Host" ? "" : "Host: h\r\n"
      let driver = ParserDriver.run(
        "POST /echo HTTP/1.1\r\n\(host)\(name): \(value)\r\n\(name.lowercased()): \(value)\r\n\r\n")
      XCTAssertEqual(driver.error, .duplicateField(name))
    }
  }

  func testFoldedKelvinSignIsNotALetterK() {
    let driver = ParserDriver.run("GET /ok HTTP/1.1\r\nHost: h\r\nX-\u{212A}: v\r\n\r\n")
    XCTAssertEqual(driver.error, .malformedField)
  }

  func testEveryErrorHasAClientOrServerStatusAndASentence() {
    let errors: [HTTPError] = [
      .malformedRequestLine, .missingHost, .tlsOnPlainPort, .unsupportedVersion, .unsupportedExpectation,
      .bodyTooLarge(limit: 1), .headTimeout, .tooManyConnections(limit: 1), .unsupportedMethod,
      .malformedTransferEncoding, .tooManyRequestsInFlight(limit: 1), .tooManyBodyBytes(limit: 1),
    ]
    XCTAssertEqual(
      errors.map(\.status.rawValue), [400, 400, 400, 505, 417, 413, 408, 503, 501, 400, 503, 503])
    for error in errors { XCTAssertTrue(error.detail.hasSuffix("."), error.detail) }
  }

  /// At the limit and one below a request is taken; one above it is refused, whole or dripped.
  private func assertLimit(
    _ limits: HTTPLimits, _ limit: Int, _ error: HTTPError, line: UInt = #line,
    _ request: (Int) -> String
  ) {
    for count in [limit - 1, limit] {
      let driver = ParserDriver.run(request(count), limits: limits)
      XCTAssertEqual(driver.requests.count, 1, "\(count): \(String(describing: driver.error))", line: line)
    }
    let bytes = Array(request(limit + 1).utf8)
    XCTAssertEqual(ParserDriver.run([bytes[...]], limits: limits).error, error, line: line)
    let dripped = ParserDriver.run(bytes.indices.map { bytes[$0...$0] }, limits: limits)
    XCTAssertEqual(dripped.error, error, line: line)
  }

  private func fill(_ count: Int) -> String { String(repeating: "a", count: count) }

  private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
