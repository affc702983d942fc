import HTTP
import XCTest

final class URITests: XCTestCase {
  func testPathIsSplitBeforeItIsDecoded() throws {
    XCTAssertEqual(try segments("/Users/a%2Fb"), ["Users", "a/b"])
    XCTAssertEqual(try segments("/"), [""])
    XCTAssertEqual(try segments("/Users/"), ["Users", ""])
    XCTAssertEqual(try segments("/a//b"), ["a", "", "b"])
  }

  func testPlusIsLiteralInThePathAndASpaceInTheQuery() throws {
    XCTAssertEqual(try segments("/a+b"), ["a+b"])
    XCTAssertEqual(try query("f=a+b%2Bc").first?.value, "a b+c")
  }

  func testEscapesAreDecodedOnce() throws {
    XCTAssertEqual(try query("f=%2566").first?.value, "%66")
  }

  func testBadEscapesAreRefused() {
    for text in ["/%zz", "/%2", "/%", "/%+1", "/%ff", "/%c0%af", "/%ed%a0%80", "/%00"] {
      XCTAssertThrowsError(try segments(text), text)
      XCTAssertThrowsError(try query(String(text.dropFirst())), text)
    }
  }

  func testFullWidthDigitsAreNotHexadecimal() {
    XCTAssertThrowsError(try segments("/%\u{FF11}\u{FF11}"))
  }

  func testParametersKeepOrderDuplicatesAndMissingValues() throws {
    let parameters = try query("&a=1&&b&a=2=3&=x&c=;d")
    XCTAssertEqual(parameters.map(\.name), ["a", "b", "a", "c"])
    XCTAssertEqual(parameters.map(\.value), ["1", nil, "2=3", ";d"])
  }

  func testNamesAreComparedByteForByte() throws {
    let query = try Query(Array("%C3%A9=1&e%CC%81=2".utf8)[...])
    XCTAssertEqual(query.all("\u{E9}").map(\.value), ["1"])
  }

  func testEncodedTextIsDecodedToItself() throws {
    let text = "a b/c?é%\"\r\n"
    XCTAssertEqual(PercentDecoding.encoded(text), "a%20b%2Fc%3F%C3%A9%25%22%0D%0A")
    XCTAssertEqual(try segments("/" + PercentDecoding.encoded(text)), [text])
  }

  private func segments(_ text: String) throws -> [String] {
    try PercentDecoding.segments(of: Array(text.utf8)[...])
  }

  private func query(_ text: String) throws -> [Query.Parameter] {
    try Query(Array(text.utf8)[...]).parameters
  }
}
