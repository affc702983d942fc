import JSON
import XCTest

final class JSONScannerTests: XCTestCase {
  private func value(of name: String, in text: String) -> String? {
    Array(text.utf8).withUnsafeBytes { bytes in
      JSONScanner.value(of: name, in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
  }

  private func elements(_ text: String) -> (texts: [String], isAtEnd: Bool) {
    Array(text.utf8).withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      var texts: [String] = []
      while let range = scanner.nextElement() { texts.append(String(decoding: bytes[range], as: UTF8.self)) }
      return (texts, scanner.isAtEnd)
    }
  }

  private func isWhole(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      while scanner.nextMember() != nil {}
      return scanner.isAtEnd
    }
  }

  func testAMemberIsFoundWhateverStandsBeforeIt() {
    let text = #"{"a":"x\"},{","b":[1,{"c":"]"}],"c":{"d":{}},"e":null,"f":-1.5,"g":"\\"}"#
    XCTAssertEqual(value(of: "a", in: text), #""x\"},{""#)
    XCTAssertEqual(value(of: "b", in: text), #"[1,{"c":"]"}]"#)
    XCTAssertEqual(value(of: "c", in: text), #"{"d":{}}"#)
    XCTAssertEqual(value(of: "e", in: text), "null")
    XCTAssertEqual(value(of: "f", in: text), "-1.5")
    XCTAssertEqual(value(of: "g", in: text), #""\\""#)
  }

  func testMembersOfInnerObjectsAndOtherNamesAreNotFound() {
    let text = #"{"ab":{"d":1},"c":[{"e":2}],"f":"\"g\":3"}"#
    for name in ["d", "e", "g", "", "a", "abc", "b"] { XCTAssertNil(value(of: name, in: text), name) }
  }

  func testLetterCaseOfNamesCounts() {
    XCTAssertNil(value(of: "username", in: #"{"userName":"x"}"#))
    XCTAssertEqual(value(of: "userName", in: #"{"username":"x","userName":"y"}"#), #""y""#)
  }

  func testANameWithEscapesIsWhatItSpells() {
    let text = #"{"a\"b":1,"tab\t":2,"\u0063":3,"zo\u00eb":4}"#
    XCTAssertEqual(value(of: "a\"b", in: text), "1")
    XCTAssertEqual(value(of: "tab\t", in: text), "2")
    XCTAssertEqual(value(of: "c", in: text), "3")
    XCTAssertEqual(value(of: "zo\u{EB}", in: text), "4")
    XCTAssertNil(value(of: "zoe\u{308}", in: text))
    XCTAssertNil(value(of: #"a\"b"#, in: text))
  }

  func testOfARepeatedNameTheFirstCounts() {
    XCTAssertEqual(value(of: "a", in: #"{"a":1,"a":2}"#), "1")
  }

  func testElementsOfAnArrayComeInOrder() {
    let (texts, isAtEnd) = elements(#"["a,]",[1,[2]],{"b":[3]},-4e5,true,null]"#)
    XCTAssertEqual(texts, [#""a,]""#, "[1,[2]]", #"{"b":[3]}"#, "-4e5", "true", "null"])
    XCTAssertTrue(isAtEnd)
    XCTAssertEqual(elements("[]").texts, [])
    XCTAssertTrue(elements("[]").isAtEnd)
  }

  func testAnObjectInAPartOfATextIsScannedAlone() throws {
    let text = Array(#"{"a":{"b":1},"c":2}"#.utf8)
    try text.withUnsafeBytes { bytes in
      let inner = try XCTUnwrap(JSONScanner.value(of: "a", in: bytes))
      XCTAssertEqual(JSONScanner.value(of: "b", in: bytes, inner), 10..<11)
      XCTAssertNil(JSONScanner.value(of: "c", in: bytes, inner))
    }
  }

  func testTheEndIsReachedOnlyInAWholeObject() {
    for text in ["{}", #"{"a":1}"#, #"{"a":{"b":[]},"c":"}"}"#] { XCTAssertTrue(isWhole(text), text) }
    for text in ["", "{", #"{"a":1"#, #"{"a":1,"#, #"{"a""#, #"{"a":"#, #"{"a":1}x"#, #"{"a":[1}"#, "{1}"]
      + [
        #"{"a": 1}"#, #"{"a":1 }"#, #"{ "a":1}"#, #"{"a" :1}"#, #"{"a":1, "b":2}"#, #"{"a":[1, 2]}"#,
        "{\"a\":\t{}}",
      ]
    {
      XCTAssertFalse(isWhole(text), text)
    }
  }

  func testTheTextOfAStringHasNoEscapes() {
    func string(_ text: String) -> String? { Array(text.utf8).withUnsafeBytes { JSONScanner.string($0) } }
    XCTAssertEqual(string(#""plain""#), "plain")
    XCTAssertEqual(string(#""""#), "")
    XCTAssertEqual(string(#""a\"\\\u00e9\n""#), "a\"\\é\n")
    XCTAssertEqual(string("\"日本\""), "日本")
    for other in ["1", "null", "[]", "{}", "true", "", "\""] { XCTAssertNil(string(other), other) }
  }

  func testEveryMemberThatAWriterWroteIsFound() throws {
    let object: JSONObject = [
      "plain": "text", "quoted": "a\"b\\", "empty": "", "list": [["x"], [:]], "zoë": "日本", "a\"\\\n": 1,
      "last": true,
    ]
    let bytes = JSONValue.object(object).serialized()
    for member in object.members {
      let range = try XCTUnwrap(bytes.withUnsafeBytes { JSONScanner.value(of: member.name, in: $0) })
      XCTAssertEqual(try JSONParser.parse(bytes[range]), member.value)
    }
  }

  func testNoTextIsReadBeyondItsEnd() {
    let text = Array(#"{"a":"x\"},{","b":[1,{"c":"]"}]}"#.utf8)
    for end in 0...text.count {
      let cut = Array(text[..<end])
      _ = cut.withUnsafeBytes { JSONScanner.value(of: "zz", in: $0) }
      _ = elements(String(decoding: cut, as: UTF8.self))
    }
    for garbage in ["", "{", "{\"", "{\"\\", "{\"a\"", "{\"a\":", "[]", "null", "{\"a\":\"\\", "{\"a\":,"] {
      XCTAssertNil(value(of: "a", in: garbage), garbage)
    }
  }
}
