import JSON
import XCTest

final class JSONScannerTests: XCTestCase {
  private func value(of name: String, in text: String) -> String? {
    Array(text.utf8).withUnsafeBytes { bytes in
      JSONScanner.range(of: name, in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
  }

  func testAMemberIsFoundWhateverStandsBeforeIt() {
    let text = #"{"a":"x\"},{","b":[1,{"c":"]"}],"c":{"d":{}},"e":null,"f":-1.5}"#
    XCTAssertEqual(value(of: "a", in: text), #""x\"},{""#)
    XCTAssertEqual(value(of: "b", in: text), #"[1,{"c":"]"}]"#)
    XCTAssertEqual(value(of: "c", in: text), #"{"d":{}}"#)
    XCTAssertEqual(value(of: "e", in: text), "null")
    XCTAssertEqual(value(of: "f", in: text), "-1.5")
    XCTAssertNil(value(of: "d", in: text))
    XCTAssertNil(value(of: "", in: text))
  }

  func testEveryMemberThatAWriterWroteIsFound() throws {
    let object: JSONObject = [
      "plain": "text", "quoted": "a\"b\\", "empty": "", "list": [["x"], [:]], "zoë": "日本", "last": true,
    ]
    let bytes = JSONValue.object(object).serialized()
    for member in object.members {
      let range = try XCTUnwrap(bytes.withUnsafeBytes { JSONScanner.range(of: member.name, in: $0) })
      XCTAssertEqual(try JSONParser.parse(bytes[range]), member.value)
    }
  }

  func testNoTextIsReadBeyondItsEnd() {
    let text = Array(#"{"a":"x\"},{","b":[1,{"c":"]"}]}"#.utf8)
    for end in 0...text.count {
      _ = Array(text[..<end]).withUnsafeBytes { JSONScanner.range(of: "zz", in: $0) }
    }
    for garbage in ["", "{", "{\"", "{\"\\", "{\"a\"", "{\"a\":", "[]", "null", "{\"a\":\"\\"] {
      XCTAssertNil(value(of: "a", in: garbage), garbage)
    }
  }
}
