import JSON
import SCIM
import XCTest

/// The parser's limits, and that its notation loses nothing.
final class FilterParserTests: XCTestCase {
  private func parse(_ text: String, _ limits: FilterLimits = FilterLimits()) throws -> FilterExpression {
    var dialect = Dialect()
    return try FilterParser.parse(text, dialect: &dialect, limits: limits)
  }

  private func assertRefused(
    _ text: String, _ limits: FilterLimits = FilterLimits(), file: StaticString = #filePath,
    line: UInt = #line
  ) {
    XCTAssertThrowsError(try parse(text, limits), file: file, line: line) { error in
      XCTAssertEqual((error as? SCIMError)?.kind, .invalidFilter, file: file, line: line)
    }
  }

  func testNestingDeeperThanTheLimitIsRefused() throws {
    func nested(_ depth: Int, _ open: String) -> String {
      String(repeating: open, count: depth) + "a pr" + String(repeating: ")", count: depth)
    }
    let limit = FilterLimits().maxDepth
    for open in ["(", "not ("] {
      XCTAssertNoThrow(try parse(nested(limit, open)))
      assertRefused(nested(limit + 1, open))
    }
    XCTAssertNoThrow(
      try parse(
        String(repeating: "(", count: limit - 1) + "a[b pr]" + String(repeating: ")", count: limit - 1)))
    assertRefused(String(repeating: "(", count: limit) + "a[b pr]" + String(repeating: ")", count: limit))
  }

  func testNestingIsCountedByDepthNotByNumber() throws {
    XCTAssertNoThrow(try parse([String](repeating: "(a pr)", count: 100).joined(separator: " and ")))
  }

  func testAHundredThousandParenthesesAreRefused() {
    var limits = FilterLimits()
    limits.maxBytes = 1_000_000
    assertRefused(String(repeating: "(", count: 100_000), limits)
    assertRefused(String(repeating: "not (", count: 100_000), limits)
    assertRefused(String(repeating: "a[", count: 100_000), limits)
  }

  func testMoreComparisonsThanTheLimitAreRefused() throws {
    func chain(_ terms: Int, _ word: String) -> String {
      [String](repeating: "a pr", count: terms).joined(separator: " \(word) ")
    }
    let limit = FilterLimits().maxTerms
    for word in ["and", "or"] {
      XCTAssertNoThrow(try parse(chain(limit, word)))
      assertRefused(chain(limit + 1, word))
    }
  }

  func testAFilterLongerThanTheLimitIsRefused() throws {
    let limit = FilterLimits().maxBytes
    func sized(_ bytes: Int) -> String { "a eq \"" + String(repeating: "x", count: bytes - 7) + "\"" }
    XCTAssertNoThrow(try parse(sized(limit)))
    assertRefused(sized(limit + 1))
  }

  func testAnErrorNamesTheByte() {
    XCTAssertThrowsError(try parse("userName zz \"x\"")) { error in
      let detail = (error as? SCIMError)?.detail ?? ""
      XCTAssertTrue(detail.contains("byte 11") && detail.contains("zz"), detail)
    }
  }

  func testEveryPrefixOfAFilterIsParsedOrRefusedButNeverTraps() {
    let filter =
      "not (emails[type eq \"w\\u00e9\" and not (value pr)].value co \"a\") or urn:x:2.0:U:a.$ref ge -1.5e3"
    for length in 0..<filter.utf8.count {
      _ = try? parse(String(decoding: Array(filter.utf8.prefix(length)), as: UTF8.self))
    }
    XCTAssertNoThrow(try parse(filter))
  }

  func testRandomBytesAreParsedOrRefusedButNeverTrap() {
    var random = SeededGenerator(seed: 7)
    let pieces = [
      "a", "userName", " ", " eq ", "\"", "\\", "(", ")", "[", "]", ".", "not", "and", " or ", "pr", "1", "é",
      "\u{0}", "true",
    ]
    for _ in 0..<5_000 {
      let count = Int.random(in: 0..<24, using: &random)
      _ = try? parse((0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined())
    }
  }

  func testParsingTheNotationOfAnExpressionGivesTheExpression() throws {
    var random = SeededGenerator(seed: 20_26)
    for _ in 0..<3_000 {
      let expression = RandomFilter.expression(depth: 5, insideValues: false, &random)
      XCTAssertEqual(try parse(expression.description), expression, expression.description)
    }
  }

  func testTheNotationKeepsPrecedenceWithFewParentheses() throws {
    let written = [
      "a pr or b pr and c pr": "a pr or b pr and c pr",
      "(a pr or b pr) and c pr": "(a pr or b pr) and c pr",
      "((a pr) and (b pr)) or (c pr)": "a pr and b pr or c pr",
      "NOT(a EQ true)": "not (a eq true)",
      "e[t eq \"w\"].v eq \"x\"": "e[t eq \"w\" and v eq \"x\"]",
      "a pr and (b pr and c pr)": "a pr and (b pr and c pr)",
    ]
    for (text, notation) in written { XCTAssertEqual(try parse(text).description, notation) }
  }
}
