import JSON
import SCIM
import XCTest

/// One order and one equality of text, whatever asks for it.
final class TextKeyTests: XCTestCase {
  private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  private static let parts = [
    "a", "A", "e", "E", "\u{E9}", "e\u{301}", "\u{301}", "\u{323}", "\u{307}", "ß", "ẞ", "ｅ", "ｶ", "ﾞ", "ガ",
    "🦊", "", " ",
    "\u{212B}", "\u{0}",
  ]

  private func texts(_ count: Int, _ random: inout Random) -> [String] {
    (0..<count).map { _ in
      (0..<Int.random(in: 0..<6, using: &random)).map { _ in Self.parts.randomElement(using: &random) ?? "" }
        .joined()
    }
  }

  private func holds(_ attribute: String, _ value: String, _ op: String, _ operand: String) throws -> Bool {
    let expression = FilterExpression.compare(
      path: attribute, try XCTUnwrap(FilterExpression.Operator(rawValue: op)), .string(operand))
    let filter = try FilterBinding(type: try TestCatalog.type("User")).bind(expression)
    return try filter.matches(Subject(resource: [attribute: .string(value)]))
  }

  func testTheOrderOfTextIsStrictAndTotal() {
    var random = Random(state: 1)
    for exact in [true, false] {
      let keys = texts(120, &random).map { exact ? TextKey(exact: $0) : TextKey(folding: $0) }
      for a in keys {
        for b in keys {
          XCTAssertEqual([a < b, a == b, b < a].filter(\.self).count, 1, "\(a) \(b)")
          if a == b { XCTAssertEqual(a.hashValue, b.hashValue) }
        }
      }
      let sorted = keys.sorted()
      for index in sorted.indices { for other in sorted[index...] { XCTAssertFalse(other < sorted[index]) } }
    }
  }

  func testTheOrderIsThatOfTheBytes() {
    let names = ["Ren\u{E9} B", "Ren\u{E9}e", "Rene\u{301}", "Rene\u{301}e"]
    XCTAssertEqual(
      names.map { TextKey(folding: $0) }.sorted().map(\.text),
      ["ren\u{E9}", "ren\u{E9} b", "ren\u{E9}e", "ren\u{E9}e"])
    XCTAssertLessThan(TextKey(exact: "e\u{301}"), TextKey(exact: "\u{E9}"))
  }

  func testOperatorsOfAFilterAgreeWithEachOther() throws {
    var random = Random(state: 2)
    for attribute in ["title", "externalId"] {
      let all = texts(40, &random)
      for a in all {
        for b in all {
          let (eq, lt) = (try holds(attribute, a, "eq", b), try holds(attribute, a, "lt", b))
          XCTAssertEqual(try holds(attribute, a, "le", b), lt || eq, "\(a) \(b)")
          XCTAssertEqual(try holds(attribute, a, "ge", b), !lt, "\(a) \(b)")
          XCTAssertEqual(try holds(attribute, a, "gt", b), !lt && !eq, "\(a) \(b)")
          XCTAssertEqual(try holds(attribute, a, "ne", b), !eq, "\(a) \(b)")
          if eq {
            for op in ["co", "sw", "ew"] { XCTAssertTrue(try holds(attribute, a, op, b), "\(a) \(op) \(b)") }
          }
          if try holds(attribute, a, "sw", b) || holds(attribute, a, "ew", b) {
            XCTAssertTrue(try holds(attribute, a, "co", b), "\(a) \(b)")
          }
        }
      }
    }
  }

  func testAnExactAttributeTellsComposedFromDecomposedLetters() throws {
    XCTAssertFalse(try holds("externalId", "\u{E9}", "eq", "e\u{301}"))
    XCTAssertFalse(try holds("externalId", "\u{E9}", "le", "e\u{301}"))
    XCTAssertTrue(try holds("title", "\u{E9}", "eq", "E\u{301}"))
    XCTAssertTrue(try holds("title", "\u{E9}a", "gt", "e\u{301}"))
    XCTAssertTrue(try holds("title", "un \u{C9}lan", "co", "e\u{301}"))
  }

  func testSearchFindsWhatLookingAtEveryPlaceFinds() throws {
    var random = Random(state: 3)
    for _ in 0..<4000 {
      func text(_ count: Int) -> String {
        String(
          (0..<Int.random(in: 0...count, using: &random)).map { _ in
            "aab".randomElement(using: &random) ?? "a"
          })
      }
      let (whole, part) = (text(60), text(8))
      let expected = part.isEmpty || whole.indices.contains { whole[$0...].hasPrefix(part) }
      XCTAssertEqual(try holds("externalId", whole, "co", part), expected, "\(whole) co \(part)")
    }
    let long = String(repeating: "a", count: 5000)
    XCTAssertFalse(try holds("externalId", long, "co", String(repeating: "a", count: 1500) + "b"))
    XCTAssertTrue(
      try holds("externalId", long + "b", "co", String(repeating: "a", count: 1500) + "b"))
  }
}
