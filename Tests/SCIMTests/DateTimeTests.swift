import SCIM
import XCTest

final class DateTimeTests: XCTestCase {
  func testInstantsAreRead() {
    let instants: [(String, Int64)] = [
      ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.001Z", 1), ("1969-12-31T23:59:59.999Z", -1),
      ("2011-05-13T04:42:34Z", 1_305_261_754_000), ("2011-05-13T06:42:34+02:00", 1_305_261_754_000),
      ("2011-05-12T21:12:34-07:30", 1_305_261_754_000), ("2000-02-29T00:00:00Z", 951_782_400_000),
      ("2020-02-29T12:00:00.25Z", 1_582_977_600_250), ("0001-01-01T00:00:00Z", -62_135_596_800_000),
      ("9999-12-31T23:59:59.999Z", 253_402_300_799_999), ("2020-12-31T24:00:00Z", 1_609_459_200_000),
      ("2016-12-31t23:59:59z", 1_483_228_799_000), ("2020-01-01T00:00:00", 1_577_836_800_000),
      ("2020-01-01T00:00:00-00:00", 1_577_836_800_000), ("2020-01-01T14:00:00+14:00", 1_577_836_800_000),
    ]
    for (text, milliseconds) in instants { XCTAssertEqual(DateTime(text)?.milliseconds, milliseconds, text) }
  }

  func testALeapSecondIsTheSecondBeforeIt() {
    XCTAssertEqual(DateTime("2016-12-31T23:59:60Z"), DateTime("2016-12-31T23:59:59Z"))
  }

  func testWhatIsNoDateTimeIsRefused() {
    for text in [
      "", "2020", "2020-01-01", "2020-01-01T", "2020-01-01T00:00Z", "2020-01-01 00:00:00Z",
      "20200101T000000Z",
      "2020-00-01T00:00:00Z", "2020-13-01T00:00:00Z", "2020-01-00T00:00:00Z", "2020-01-32T00:00:00Z",
      "2021-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2020-04-31T00:00:00Z", "2020-01-01T24:00:01Z",
      "2020-01-01T24:00:00.5Z", "2020-01-01T25:00:00Z", "2020-01-01T00:60:00Z", "2020-01-01T00:00:61Z",
      "2020-01-01T00:00:00.Z",
      "2020-01-01T00:00:00,5Z", "2020-01-01T00:00:00+2", "2020-01-01T00:00:00+02", "2020-01-01T00:00:00+0200",
      "2020-01-01T00:00:00+15:00", "2020-01-01T00:00:00+14:01", "2020-01-01T00:00:00+02:60",
      "2020-01-01T00:00:00ZZ",
      " 2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z ", "-2020-01-01T00:00:00Z", "２０２０-01-01T00:00:00Z",
      "now",
    ] { XCTAssertNil(DateTime(text), text) }
  }

  func testEveryPrefixOfADateTimeIsReadOrRefusedButNeverTraps() {
    let text = "2020-02-29T12:00:00.123456789123+02:00"
    for length in 0...text.utf8.count { _ = DateTime(String(text.prefix(length))) }
    XCTAssertEqual(DateTime(text)?.nanoseconds, 123_456_789)
  }

  func testTheNotationIsUTCWithMilliseconds() {
    XCTAssertEqual(DateTime("2011-05-13T06:42:34.5+02:00")?.description, "2011-05-13T04:42:34.500Z")
    XCTAssertEqual(DateTime(milliseconds: 0).description, "1970-01-01T00:00:00.000Z")
    XCTAssertEqual(DateTime(milliseconds: -1).description, "1969-12-31T23:59:59.999Z")
    XCTAssertEqual(DateTime("0001-01-01T00:00:00Z")?.description, "0001-01-01T00:00:00.000Z")
  }

  func testTheNotationOfEveryInstantIsReadBack() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      let instant = DateTime(
        milliseconds: .random(in: -62_135_596_800_000...253_402_300_799_999, using: &random))
      XCTAssertEqual(DateTime(instant.description), instant, instant.description)
      XCTAssertEqual(Array(instant.description.utf8), instant.utf8)
    }
  }

  func testEveryDayOfFourCenturiesFollowsTheOneBefore() {
    var previous = DateTime("1999-12-31T00:00:00Z")?.milliseconds ?? 0
    for year in 2000..<2400 {
      for month in 1...12 {
        for day in 1...31 {
          func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
          let text = "\(year)-\(two(month))-\(two(day))T00:00:00.000Z"
          guard let instant = DateTime(text) else { continue }
          XCTAssertEqual(instant.milliseconds - previous, 86_400_000, text)
          XCTAssertEqual(instant.description, text)
          previous = instant.milliseconds
        }
      }
    }
    XCTAssertEqual(previous, DateTime("2399-12-31T00:00:00Z")?.milliseconds)
  }

  func testInstantsAreOrderedDownToTheNanosecond() throws {
    let texts = [
      "1969-12-31T23:59:59.5Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000001Z",
      "1970-01-01T00:00:00.1Z",
      "1970-01-01T00:00:01Z",
    ]
    let instants = try texts.map { try XCTUnwrap(DateTime($0)) }
    XCTAssertEqual(instants.shuffled().sorted(), instants)
  }

  func testMillisecondsBeyondTheNotationDoNotTrap() {
    for milliseconds in [Int64.min / 2, Int64.max / 2] {
      XCTAssertEqual(DateTime(milliseconds: milliseconds).utf8.count, 24)
    }
  }

  func testMonthsAreThoseOfTheCalendarAndEndWithAShorterMonth() throws {
    for (text, months, later) in [
      ("2026-11-30T20:00:00.5Z", 12, "2027-11-30T20:00:00.500Z"),
      ("2027-01-31T00:00:00Z", 1, "2027-02-28T00:00:00.000Z"),
      ("2027-10-31T23:59:59Z", 4, "2028-02-29T23:59:59.000Z"),
      ("2027-03-31T00:00:00Z", -1, "2027-02-28T00:00:00.000Z"),
      ("1969-12-31T23:00:00Z", 1, "1970-01-31T23:00:00.000Z"),
    ] { XCTAssertEqual(try XCTUnwrap(DateTime(text)).adding(months: months)?.description, later, text) }
    let now = DateTime(milliseconds: 0)
    for months in [Int.max, Int.min, 120_000, -24_000] { XCTAssertNil(now.adding(months: months)) }
  }
}
