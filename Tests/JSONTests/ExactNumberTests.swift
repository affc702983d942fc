import JSON
import XCTest

final class ExactNumberTests: XCTestCase {
  private func number(_ text: String) throws -> ExactNumber {
    try XCTUnwrap(ExactNumber(try JSONParser.parse(Array(text.utf8))), text)
  }

  func testNumbersAreEqualHoweverTheyAreWritten() throws {
    for ways in [
      ["0", "-0", "0.0", "-0.0", "0e9", "0.000e-3"], ["1", "1.0", "10e-1", "0.1e1", "1E+0", "0.001e3"],
      ["-120", "-1.2e2", "-12e1", "-120.00"], ["0.5", "5e-1", "0.50"],
      ["9007199254740993", "9007199254740993.0", "9007199254740993e0"],
      ["9223372036854775808", "9.223372036854775808e18"], ["1e-400", "0.1e-399"],
    ] {
      let numbers = try ways.map(number)
      XCTAssertEqual(Set(numbers).count, 1, "\(ways)")
      XCTAssertEqual(Set(numbers.map(\.canonical)).count, 1, "\(ways)")
      for (left, right) in zip(numbers, numbers.dropFirst()) { XCTAssertFalse(left < right || right < left) }
    }
  }

  func testNumbersThatRoundToTheSameDoubleAreOrdered() throws {
    let texts = [
      "-1e300", "-9007199254740993.5", "-9007199254740993", "-9007199254740992", "-1.5", "-1e-400", "0",
      "1e-400",
      "1e-399", "0.1", "0.10000000000000000000001", "1", "1.00000000000000000000001", "9007199254740992",
      "9007199254740992.1", "9007199254740993", "9007199254740993.5", "9223372036854775807",
      "9223372036854775808",
      "12345678901234567890.1", "12345678901234567890.2", "1e300", "1.0000000000000000000001e300",
    ]
    let numbers = try texts.map(number)
    for (index, left) in numbers.enumerated() {
      for (other, right) in numbers.enumerated() {
        XCTAssertEqual(left < right, index < other, "\(texts[index]) < \(texts[other])")
        XCTAssertEqual(left == right, index == other, "\(texts[index]) == \(texts[other])")
      }
      XCTAssertEqual(
        try number(left.canonical), left, "\(texts[index]) is read again from its canonical form")
    }
  }

  func testACutNumberIsReadAgainAsItself() throws {
    let long = try number("0.1234567890123456789012345678901")
    XCTAssertEqual(long.prefix(digits: 5), try number("0.12345"))
    XCTAssertEqual(try number("100000000000000000000.5").prefix(digits: 5), try number("1e20"))
    XCTAssertEqual(try number("7").prefix(digits: 5), try number("7"))
  }

  func testAPointOfAnyDistanceIsTaken() throws {
    XCTAssertEqual(try number("1e-99999999999999999999999"), try number("1e-99999999999999999999999"))
    XCTAssertLessThan(try number("0"), try number("1e-99999999999999999999999"))
  }
}
