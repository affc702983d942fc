import JSON
import XCTest

final class JSONObjectTests: XCTestCase {
  func testSettingReplacesInPlaceAppendsAndRemoves() {
    var object: JSONObject = ["a": 1, "b": 2]
    object["a"] = 3
    object["c"] = 4
    object["b"] = nil
    object["x"] = nil
    XCTAssertEqual(object.members.map(\.name), ["a", "c"])
    XCTAssertEqual(object["a"], 3)
    XCTAssertNil(object["b"])
  }

  func testEqualityDisregardsTheOrderOfMembers() {
    XCTAssertEqual(["a": 1, "b": [:]] as JSONValue, ["b": [:], "a": 1])
    XCTAssertNotEqual(["a": 1, "b": 2] as JSONValue, ["a": 1, "c": 2])
    XCTAssertNotEqual(["a": 1] as JSONValue, ["a": 1, "b": 2])
    XCTAssertNotEqual([1, 2] as JSONValue, [2, 1])
  }

  func testKindsAreNotMixed() {
    let value: JSONValue = ["s": "true", "b": true, "n": .null, "i": 1]
    XCTAssertNil(value["s"]?.boolValue)
    XCTAssertEqual(value["b"]?.boolValue, true)
    XCTAssertEqual(value["n"]?.isNull, true)
    XCTAssertEqual(value["i"]?.integerValue, 1)
    XCTAssertNil(value["i"]?["x"])
    XCTAssertNotEqual(JSONValue.integer(1), JSONValue.bool(true))
  }

  func testADecimalIsMadeOnlyOfAFiniteDouble() {
    XCTAssertNil(JSONDecimal(.infinity))
    XCTAssertNil(JSONDecimal(.nan))
    XCTAssertEqual(JSONDecimal(0.5)?.text, "0.5")
  }

  func testTextsAreComparedByteForByte() {
    XCTAssertTrue("abc".hasSameBytes(as: "abc"))
    XCTAssertFalse("\u{E9}".hasSameBytes(as: "e\u{301}"))
    XCTAssertFalse("a".hasSameBytes(as: "A"))
    XCTAssertFalse("a".hasSameBytes(as: "ab"))
  }
}
