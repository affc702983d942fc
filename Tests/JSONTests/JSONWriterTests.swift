import JSON
import XCTest

final class JSONWriterTests: XCTestCase {
  func testEveryAcceptFixtureSurvivesARoundTrip() throws {
    for fixture in try Fixture.all(in: "accept") {
      let value = try JSONParser.parse(fixture.bytes)
      XCTAssertEqual(try JSONParser.parse(value.serialized()), value, fixture.name)
      XCTAssertEqual(try JSONParser.parse(value.prettyPrinted()), value, fixture.name)
      XCTAssertEqual(try JSONParser.parse(value.serialized()).serialized(), value.serialized(), fixture.name)
    }
  }

  func testOnlyQuoteBackslashAndControlsAreEscaped() {
    XCTAssertEqual(
      Self.text(.string("\"\\/\u{8}\u{C}\n\r\t\0\u{1F}\u{7F}é€😀")),
      #""\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7F}é€😀\"")
  }

  func testEscapesAreFoundAtEveryPositionOfARun() {
    for length in 0..<20 {
      for position in 0..<length {
        var text = Array(repeating: "é", count: length)
        text[position] = "\n"
        XCTAssertEqual(
          Self.text(.string(text.joined())), "\"" + text.joined().replacing("\n", with: "\\n") + "\"")
      }
    }
  }

  func testIntegersAreWrittenInFull() {
    for number in [0, 1, -1, 10, 1_234_567_890, Int64.max, Int64.min] {
      XCTAssertEqual(Self.text(.integer(number)), "\(number)")
    }
  }

  func testPiecesAreSeparatedByCommas() {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("a")
    writer.beginArray()
    writer.integer(1)
    writer.bool(true)
    writer.null()
    writer.raw("[2]".utf8)
    writer.beginObject()
    writer.endObject()
    writer.endArray()
    writer.name("b")
    writer.string("x")
    writer.endObject()
    XCTAssertEqual(String(decoding: writer.bytes, as: UTF8.self), #"{"a":[1,true,null,[2],{}],"b":"x"}"#)
  }

  func testANewlineSeparatesTexts() {
    var writer = JSONWriter()
    writer.value(["a": 1])
    writer.newline()
    writer.value([])
    writer.newline()
    XCTAssertEqual(String(decoding: writer.bytes, as: UTF8.self), "{\"a\":1}\n[]\n")
  }

  func testPrettyPrintIndentsByTwo() {
    let value: JSONValue = ["a": [1, ["b": .null]], "c": [], "d": [:]]
    XCTAssertEqual(
      String(decoding: value.prettyPrinted(), as: UTF8.self),
      """
      {
        "a": [
          1,
          {
            "b": null
          }
        ],
        "c": [],
        "d": {}
      }
      """)
  }

  private static func text(_ value: JSONValue) -> String {
    String(decoding: value.serialized(), as: UTF8.self)
  }
}
