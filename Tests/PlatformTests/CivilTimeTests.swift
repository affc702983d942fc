import Platform
import XCTest

final class CivilTimeTests: XCTestCase {
  private func seconds(_ year: Int, _ month: Int, _ day: Int, _ time: (Int, Int, Int) = (0, 0, 0)) -> Int64? {
    CivilTime(year, month, day, hour: time.0, minute: time.1, second: time.2)?.secondsSinceEpoch
  }

  func testDaysAndTimesAreSecondsSince1970() {
    XCTAssertEqual(seconds(1970, 1, 1), 0)
    XCTAssertEqual(seconds(1969, 12, 31, (23, 59, 59)), -1)
    XCTAssertEqual(seconds(1994, 11, 6, (8, 49, 37)), 784_111_777)
    XCTAssertEqual(seconds(2000, 2, 29), 951_782_400)
    XCTAssertEqual(seconds(0, 3, 1), -62_162_035_200)
    XCTAssertEqual(seconds(9999, 12, 31, (23, 59, 59)), 253_402_300_799)
  }

  func testADayThatTheMonthDoesNotHaveIsNone() {
    for (year, month, day) in [
      (2011, 2, 31), (2011, 2, 29), (1900, 2, 29), (2011, 4, 31), (2011, 13, 1), (2011, 0, 1), (2011, 1, 0),
      (2011, 1, 32), (10_000, 1, 1), (-1, 1, 1),
    ] { XCTAssertNil(seconds(year, month, day), "\(year)-\(month)-\(day)") }
  }

  func testATimeThatTheDayDoesNotHaveIsNone() {
    for time in [(25, 0, 0), (-1, 0, 0), (0, 60, 0), (0, 0, 61), (0, -1, 0)] {
      XCTAssertNil(seconds(2011, 8, 1, time), "\(time)")
    }
  }

  func testTheEndOfADayAndALeapSecondAreTheNextMoment() {
    XCTAssertEqual(seconds(2011, 8, 1, (24, 0, 0)), seconds(2011, 8, 2))
    XCTAssertEqual(seconds(2016, 12, 31, (23, 59, 60)), seconds(2017, 1, 1))
  }

  func testSecondsBecomeTheDayAndTimeThatTheyCameFrom() {
    for seconds: Int64 in stride(from: -3_000_000_000, to: 5_000_000_000, by: 86_400 * 13 + 7_919) {
      let time = CivilTime(secondsSinceEpoch: seconds)
      let again = CivilTime(
        time.year, time.month, time.day, hour: time.hour, minute: time.minute, second: time.second)
      XCTAssertEqual(again?.secondsSinceEpoch, seconds)
      XCTAssertEqual(
        time.weekday, Int(((seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400 % 7 + 11) % 7))
    }
  }
}
