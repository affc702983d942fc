import Credentials
import SCIM
import XCTest

/// Spans of time as people write them: one parser, byte by byte.
final class TimeSpanTests: XCTestCase {
  func testASpanIsDigitsAndAUnit() throws {
    for (text, milliseconds) in [
      ("1m", 60_000), ("24h", 86_400_000), ("90d", 7_776_000_000), ("4w", 2_419_200_000),
      ("52596000m", 3_155_760_000_000), ("876600h", 3_155_760_000_000),
    ] { XCTAssertEqual(TimeSpan(text)?.milliseconds, Int64(milliseconds), text) }
    XCTAssertEqual(TimeSpan("6mo")?.unit, .months)
    XCTAssertEqual(TimeSpan("100y")?.count, 100)
    XCTAssertNil(TimeSpan("6mo")?.milliseconds, "the calendar says how long a month is")
  }

  func testAnythingElseIsNone() {
    for text in [
      "", "h", "24", "24H", " 24h", "24h ", "+24h", "-24h", "2.5h", "0h", "024h", "24hh", "24 h", "1e3h",
      "24h\0", "٢٤h", "２４h", "24h\u{301}", "24s", "24min", "52596001m", "876601h", "36526d", "5218w",
      "1201mo", "101y", "100000000m", "99999999999999999999h",
    ] { XCTAssertNil(TimeSpan(text), text) }
  }

  func testMonthsAndYearsFollowTheCalendar() throws {
    let start = try XCTUnwrap(DateTime("2027-01-31T12:00:00Z"))
    for (text, end) in [
      ("1mo", "2027-02-28T12:00:00.000Z"), ("13mo", "2028-02-29T12:00:00.000Z"),
      ("1y", "2028-01-31T12:00:00.000Z"), ("1w", "2027-02-07T12:00:00.000Z"),
      ("90m", "2027-01-31T13:30:00.000Z"),
    ] { XCTAssertEqual(TimeSpan(text)?.after(start)?.description, DateTime(end)?.description, text) }
  }
}
