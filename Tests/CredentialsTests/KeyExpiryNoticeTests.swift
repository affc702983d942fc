import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials

/// That a key expires is said before it does.
final class KeyExpiryNoticeTests: XCTestCase {
  private let start: Int64 = 1_800_000_000_000
  private let day: Int64 = 86_400_000

  func testItIsSaidThirtyFourteenSevenAndOneDaysBeforeAndAfterwardsOnceEachAlsoOverRestarts() throws {
    let fixture = try KeyFixture(self)
    var (_, keys, administration) = try fixture.open()
    let id = try administration.create(NewKey(name: "a")).key.id
    let end = start + 90 * day
    var said: [Int] = []
    let moments = [
      60 * day + 1, 60 * day, 30 * day, 29 * day, 14 * day + 1, 14 * day, 8 * day, 7 * day, day + 1, day, 1,
      0, -day,
    ]
    for left in moments {
      fixture.clock.withLock { $0 = end - left }
      for _ in 0..<2 {
        let notices = keys.expiryNotices()
        XCTAssertTrue(notices.allSatisfy { $0.key.id == id && $0.expires.milliseconds == end })
        said += notices.map(\.days)
        (_, keys, administration) = try fixture.open()
      }
    }
    XCTAssertEqual(said, [30, 14, 7, 1, 0])
  }

  func testARotatedKeyStartsAgainAndARevokedOneIsNotSpokenOf() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    let (one, other) = (
      try administration.create(NewKey(name: "a")), try administration.create(NewKey(name: "b"))
    )
    fixture.clock.withLock { $0 = start + 80 * day }
    XCTAssertEqual(keys.expiryNotices().map(\.days), [14, 14])
    _ = try administration.rotate(one.key.id, overlap: .none)
    _ = try administration.revoke(other.key.id)
    fixture.clock.withLock { $0 = start + 100 * day }
    XCTAssertEqual(keys.expiryNotices(), [])
    fixture.clock.withLock { $0 = start + 140 * day }
    XCTAssertEqual(keys.expiryNotices().map(\.days), [30])
  }

  func testAWarningIsARecordOfTheClock() throws {
    let fixture = try KeyFixture(self)
    let (store, keys, administration) = try fixture.open()
    _ = try administration.create(NewKey(name: "a"))
    fixture.clock.withLock { $0 = start + 80 * day }
    XCTAssertEqual(keys.expiryNotices().map(\.days), [14])
    let directory = try store.directory(named: "default").get()
    let records = try directory.records(after: 0, LogStretchLimit(records: 100)).records
    let last = try XCTUnwrap(records.last?.record)
    XCTAssertEqual(last["actor"]?["kind"], "clock")
    XCTAssertEqual(last["changes"]?.arrayValue?.first?["after"], ["daysLeft": 14])
  }

  func testAKeyThatWasMadeForADayIsSpokenOfWhenItHasExpired() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    _ = try administration.create(NewKey(name: "a", expires: .at(DateTime(milliseconds: start + day))))
    XCTAssertEqual(keys.expiryNotices(), [])
    fixture.clock.withLock { $0 = start + day }
    XCTAssertEqual(keys.expiryNotices().map(\.days), [0])
    XCTAssertEqual(keys.expiryNotices(), [])
  }

  func testOfABurstOfRefusalsTheFirstHundredHaveALineAndThenOneInAHundred() {
    let sample = RefusalSample()
    let lines = (0..<1000).map { sample.lines(now: UInt64($0)) }
    XCTAssertEqual(lines.prefix(100), [Int](repeating: 1, count: 100)[...])
    XCTAssertEqual(lines.reduce(0, +), 1000)
    XCTAssertEqual(lines.filter { $0 > 0 }.count, 109)
    XCTAssertEqual(sample.lines(now: 1000 + RefusalSample.pause + 1), 1)
  }
}
