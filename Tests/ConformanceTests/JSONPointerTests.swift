import JSON
import Exchange
import XCTest

final class JSONPointerTests: XCTestCase {
  private let body: JSONValue = [
    "emails": [["type": "work", "value": "a"], ["type": "home", "value": "b"]],
    "a/b": ["~": 1], "list": [[1, 2], [3]],
  ]

  func testMembersAndElementsAreReached() {
    XCTAssertEqual(values("/emails/1/value"), ["b"])
    XCTAssertEqual(values("/a~1b/~0"), [1])
    XCTAssertEqual(values(""), [body])
  }

  func testAStarStandsForEveryElement() {
    XCTAssertEqual(values("/emails/*/value"), ["a", "b"])
    XCTAssertEqual(values("/list/*/*"), [1, 2, 3])
  }

  func testBracketsSelectByAMember() {
    XCTAssertEqual(values("/emails/[type=home]/value"), ["b"])
    XCTAssertEqual(values("/emails/[type=other]/value"), [])
  }

  func testWhatIsNotThereHasNoValues() {
    for pointer in ["/x", "/emails/2", "/emails/-1", "/emails/01x", "/emails/0/value/y"] {
      XCTAssertEqual(values(pointer), [], pointer)
    }
    XCTAssertNil(JSONPointer("x"))
  }

  private func values(_ pointer: String) -> [JSONValue] { JSONPointer(pointer)?.values(in: body) ?? [.null] }
}
