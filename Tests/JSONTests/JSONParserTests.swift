import Foundation
import JSON
import XCTest

final class JSONParserTests: XCTestCase {
  func testEveryAcceptFixtureIsParsed() throws {
    let fixtures = try Fixture.all(in: "accept")
    XCTAssertGreaterThan(fixtures.count, 50)
    for fixture in fixtures {
      XCTAssertNoThrow(try JSONParser.parse(fixture.bytes), fixture.name)
    }
  }

  func testEveryRefuseFixtureIsRefusedAtItsByte() throws {
    let fixtures = try Fixture.all(in: "refuse")
    XCTAssertGreaterThan(fixtures.count, 90)
    for fixture in fixtures {
      XCTAssertThrowsError(try JSONParser.parse(fixture.bytes), fixture.name) { error in
        XCTAssertEqual((error as? JSONError)?.offset, fixture.offset, "\(fixture.name): \(error)")
      }
    }
  }

  func testEveryPrefixOfAnObjectIsRefused() throws {
    for fixture in try Fixture.all(in: "accept") where fixture.bytes.first == UInt8(ascii: "{") {
      let end = fixture.bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0
      for length in 0...end {
        XCTAssertThrowsError(try JSONParser.parse(fixture.bytes[..<length]), "\(fixture.name) \(length)")
      }
    }
  }

  func testWhatFoundationRefusesIsRefused() throws {
    for fixture in try Fixture.all(in: "accept") + Fixture.all(in: "refuse") {
      let object = try? JSONSerialization.jsonObject(
        with: Data(fixture.bytes), options: [.fragmentsAllowed])
      if object == nil, !Self.acceptedOnlyByUs.contains(fixture.name) {
        XCTAssertThrowsError(try JSONParser.parse(fixture.bytes), fixture.name)
      }
    }
  }

  func testWhatFoundationAcceptsIsAcceptedSaveForTheNamedStricterRules() throws {
    for fixture in try Fixture.all(in: "refuse") {
      let object = try? JSONSerialization.jsonObject(
        with: Data(fixture.bytes), options: [.fragmentsAllowed])
      guard object != nil else { continue }
      XCTAssertTrue(
        Self.stricterRules.contains { fixture.name.hasPrefix($0) }, "\(fixture.name) is refused by us alone")
    }
  }

  /// JSONSerialization refuses a decimal that underflows.
  private static let acceptedOnlyByUs: Set<String> = ["number-underflow.json"]

  private static let stricterRules = [
    "object-duplicate-name", "object-comma-end", "array-comma-end", "bom", "depth-65", "utf16-text",
    "string-high-surrogate", "string-two-high-surrogates", "string-lone", "number-overflow",
    "number-minus-overflow",
  ]

  func testKindsAreNamed() {
    let cases: [(String, JSONError.Kind)] = [
      ("{\"a\":1,\"a\":2}", .duplicateName), ("01", .leadingZero),
      ("1e999", .numberOutOfRange), ("\"\\ud800\"", .loneSurrogate), ("\"\\q\"", .invalidEscape),
      ("\"\u{1}\"", .controlCharacter), ("\u{FEFF}{}", .byteOrderMark), ("{} 1", .trailingCharacters),
      ("[", .unexpectedEnd), ("[x]", .unexpectedCharacter),
    ]
    for (text, kind) in cases { XCTAssertEqual(Self.error(text)?.kind, kind, text) }
    XCTAssertThrowsError(try JSONParser.parse([0x22, 0xFF, 0x22])) {
      XCTAssertEqual($0 as? JSONError, JSONError(.invalidUTF8, at: 1))
    }
  }

  func testErrorTextNamesTheByte() {
    XCTAssertEqual(Self.error("{\"a\": 1, \"b\" : x}").map { "\($0)" }, "unexpected character at byte 15")
  }

  func testIntegersAreKeptApartFromDecimals() throws {
    XCTAssertEqual(try Self.parse("1"), .integer(1))
    for text in ["1.0", "1e3", "1E+3", "-0.0"] {
      guard case .decimal(let decimal) = try Self.parse(text) else { return XCTFail(text) }
      XCTAssertEqual(decimal.text, text)
      XCTAssertEqual(decimal.value, Double(text))
    }
    XCTAssertEqual(try Self.parse("-9223372036854775808"), .integer(.min))
  }

  func testEscapesAreResolved() throws {
    XCTAssertEqual(
      try Self.parse(#""\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00\u0000""#),
      .string("\"\\/\u{8}\u{C}\n\r\tAé€😀\0"))
  }

  func testNamesAreComparedByteForByte() throws {
    let value = try Self.parse("{\"\u{e9}\":1,\"e\u{301}\":2}")
    XCTAssertEqual(value["\u{e9}"], 1)
    XCTAssertEqual(value["e\u{301}"], 2)
    XCTAssertNotEqual(JSONValue.string("\u{e9}"), JSONValue.string("e\u{301}"))
  }

  func testOrderOfMembersIsKept() throws {
    let value = try Self.parse(#"{"z":1,"a":2,"m":3}"#)
    XCTAssertEqual(value.objectValue?.members.map(\.name), ["z", "a", "m"])
  }

  func testLimitsAreKept() {
    let cases: [(String, JSONLimits, JSONError)] = [
      ("[[1]]", JSONLimits(maxDepth: 1), JSONError(.tooDeep, at: 1)),
      ("[1,2]", JSONLimits(maxBytes: 4), JSONError(.tooLong, at: 4)),
      ("[1,2,3]", JSONLimits(maxElements: 2), JSONError(.tooManyElements, at: 5)),
      (#"{"a":1,"b":2}"#, JSONLimits(maxMembers: 1), JSONError(.tooManyMembers, at: 7)),
      ("[[1],[2]]", JSONLimits(maxValues: 3), JSONError(.tooManyValues, at: 6)),
    ]
    for (text, limits, expected) in cases {
      XCTAssertThrowsError(try JSONParser.parse(Array(text.utf8), limits: limits), text) {
        XCTAssertEqual($0 as? JSONError, expected, text)
      }
    }
  }

  func testSixtyThousandNamesAreParsedAndTheirRepetitionFound() throws {
    let members = (0..<60_000).map { "\"member\($0)\":\($0)" }
    let text = "{" + members.joined(separator: ",") + "}"
    XCTAssertEqual(try Self.parse(text).objectValue?.count, 60_000)
    XCTAssertEqual(Self.error(text.dropLast() + ",\"member59999\":0}")?.kind, .duplicateName)
  }

  func testOffsetInASliceCountsFromItsStart() {
    let bytes = Array("xxxx[}".utf8)
    XCTAssertThrowsError(try JSONParser.parse(bytes[4...])) {
      XCTAssertEqual($0 as? JSONError, JSONError(.unexpectedCharacter, at: 1))
    }
  }

  private static func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

  private static func error(_ text: String) -> JSONError? {
    do throws(JSONError) {
      _ = try JSONParser.parse(Array(text.utf8))
      return nil
    } catch { return error }
  }
}
