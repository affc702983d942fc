import JSON
import SCIM
import XCTest

final class CursorContentTests: XCTestCase {
  private func content(_ value: SortValue?) -> CursorContent {
    CursorContent(
      issued: 1_795_232_163_000, count: 10, position: CursorPosition(ordinal: 7 << 20 | 3, sortValue: value))
  }

  private var all: [SortValue?] {
    [
      nil, .boolean(0), .boolean(1), number("-0.5"), number("1e308"), number("9007199254740993.25"),
      number("7"),
      .text(TextKey(exact: "")),
      .text(TextKey(exact: "Zoë 名前 🦊")), DateTime("2026-11-21T03:36:03.123456789Z").map { .instant($0) },
      DateTime("0001-01-01T00:00:00Z").map { .instant($0) },
    ]
  }

  private func number(_ text: String) -> SortValue? {
    (try? JSONParser.parse(Array(text.utf8))).flatMap { ExactNumber($0) }.map { .number($0) }
  }

  func testAContentIsReadBackAsItWasWritten() throws {
    for value in all {
      XCTAssertEqual(CursorContent(content(value).bytes), content(value))
    }
    for count in [nil, 0, 1, Int.max] as [Int?] {
      let one = CursorContent(issued: -1, count: count, position: CursorPosition(ordinal: .max))
      XCTAssertEqual(CursorContent(one.bytes), one)
    }
  }

  func testOtherBytesAreNoContent() {
    for value in all {
      let bytes = content(value).bytes
      XCTAssertNil(CursorContent(Array(bytes.prefix(25))))
      var other = bytes
      other[0] = 9
      XCTAssertNil(CursorContent(other))
      other = bytes
      other[25] = 77
      XCTAssertNil(CursorContent(other))
    }
    XCTAssertNil(CursorContent([]))
    XCTAssertNil(CursorContent(content(number("1")).bytes + [0]))
    XCTAssertNil(CursorContent(Array(content(.boolean(1)).bytes.dropLast())))
  }

  func testLongTextIsSortedByWhatACursorHolds() throws {
    let type = try TestCatalog.type("User")
    let key = try SortKey("title", descending: false, of: type)
    for tail in ["", "b", "ë", "🦊"] {
      let long = String(repeating: "a", count: 511) + tail + String(repeating: "z", count: 60_000)
      let value = try XCTUnwrap(key.value(of: Subject(["title": .string(long)])))
      guard case .text(let text) = value else { return XCTFail("not text") }
      XCTAssertLessThanOrEqual(text.byteCount, 512)
      XCTAssertTrue(long.utf8.starts(with: text.text.utf8))
      let content = CursorContent(
        issued: 0, count: nil, position: CursorPosition(ordinal: 1, sortValue: value))
      XCTAssertEqual(CursorContent(content.bytes), content)
    }
  }

  private struct Subject: FilterSubject {
    let members: JSONObject

    init(_ members: JSONObject) { self.members = members }

    func value(of attribute: Attribute, in schema: Schema?) -> JSONValue? { members[attribute.name] }
  }
}
