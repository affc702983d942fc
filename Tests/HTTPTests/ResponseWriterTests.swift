import HTTP
import XCTest

final class ResponseWriterTests: XCTestCase {
  func testContentLengthAndDateAreAdded() {
    var fields = HTTPFields()
    fields.append(.contentType, "text/plain")
    XCTAssertEqual(
      written(HTTPResponse(status: .ok, fields: fields, body: .bytes(Array("hello".utf8)))),
      "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain\r\n"
        + "Content-Length: 5\r\n\r\nhello")
  }

  func testHeadHasTheFieldsOfGetAndNoContent() {
    let text = written(
      HTTPResponse(status: .ok, body: .bytes(Array("hello".utf8))), .init(omitsContent: true))
    XCTAssertTrue(text.hasSuffix("Content-Length: 5\r\n\r\n"), text)
  }

  func testNoContentAndNotModifiedHaveNeitherLengthNorContent() {
    for status in [HTTPStatus.noContent, .notModified] {
      let text = written(HTTPResponse(status: status, body: .bytes([1])))
      XCTAssertFalse(text.contains("Content-Length"))
      XCTAssertTrue(text.hasSuffix("GMT\r\n\r\n"), text)
    }
  }

  func testEmptyContentHasLengthZero() {
    XCTAssertTrue(written(HTTPResponse(status: .created)).contains("\r\nContent-Length: 0\r\n"))
  }

  func testConnectionIsToldToClose() {
    let text = written(HTTPResponse(status: .ok), .init(closes: true))
    XCTAssertTrue(text.hasSuffix("Connection: close\r\n\r\n"), text)
  }

  func testHTTP10IsToldOfKeepAlive() {
    let text = written(HTTPResponse(status: .ok), .init(isHTTP10: true))
    XCTAssertTrue(text.hasSuffix("Connection: keep-alive\r\n\r\n"), text)
  }

  func testControlBytesInAValueCanNotEndTheLine() {
    var fields = HTTPFields()
    fields.append(.location, "/a\r\nX: y\u{0}z")
    XCTAssertEqual(fields[.location], "/a  X: y z")
    XCTAssertEqual(fields.list.count, 1)
  }

  func testPiecesBecomeChunksAndAnEmptyPieceIsNotTheEnd() {
    var writer = ResponseWriter()
    writer.writePiece([], isChunked: true)
    writer.writePiece([UInt8](repeating: 97, count: 17), isChunked: true)
    writer.writeEnd(isChunked: true)
    XCTAssertEqual(
      String(decoding: writer.bytes, as: UTF8.self), "11\r\naaaaaaaaaaaaaaaaa\r\n0\r\n\r\n")
  }

  func testDateIsRightAcrossLeapDays() {
    for (second, text) in [
      (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
      (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
    ] as [(Int64, String)] {
      var writer = ResponseWriter()
      writer.setTime(milliseconds: second * 1000 + 999)
      _ = writer.write(HTTPResponse(status: .ok), .init())
      XCTAssertTrue(String(decoding: writer.bytes, as: UTF8.self).contains("Date: \(text)\r\n"), text)
    }
  }

  private func written(
    _ response: HTTPResponse, _ context: ResponseWriter.Context = .init()
  ) -> String {
    var writer = ResponseWriter()
    writer.setTime(milliseconds: 784_111_777_000)
    _ = writer.write(response, context)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
