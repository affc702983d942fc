import JSON
import XCTest

@testable import Credentials

/// The state of a connection follows from when its requests come and what becomes of its writes.
final class ConnectionActivityTests: XCTestCase {
  private let minute: Int64 = 60_000
  private let hour: Int64 = 3_600_000
  private let week: Int64 = 7 * 24 * 3_600_000
  /// The beginning of a week.
  private var start: Int64 { 3000 * week }

  /// After visits of three requests each, at these minutes after the start.
  private func visited(_ minutes: [Int64]) -> ConnectionActivity {
    var activity = ConnectionActivity()
    for time in minutes {
      for second: Int64 in 0..<3 {
        activity.saw(at: start + time * minute + second * 1000, isWrite: false, status: 200)
      }
    }
    return activity
  }

  func testItIsWaitingUntilAKeyIsAccepted() {
    XCTAssertEqual(ConnectionActivity().condition(at: start), .waiting)
    XCTAssertEqual(visited([0]).condition(at: start + minute), .connected)
  }

  func testTwiceItsUsualIntervalWithoutARequestMakesItSilent() {
    let entra = visited([0, 40, 80, 120, 160])
    XCTAssertEqual(entra.interval, 40 * minute - 2000)
    XCTAssertEqual(entra.condition(at: start + 239 * minute), .connected)
    XCTAssertEqual(entra.condition(at: start + 241 * minute), .silent)
    var back = entra
    back.saw(at: start + 300 * minute, isWrite: false, status: 200)
    XCTAssertEqual(back.condition(at: start + 301 * minute), .connected)
  }

  func testItIsNeverSilentBeforeAnHour() {
    let often = visited([0, 2, 4, 6, 8])
    XCTAssertEqual(often.condition(at: start + 67 * minute), .connected)
    XCTAssertEqual(often.condition(at: start + 69 * minute), .silent)
  }

  func testAnUnknownIntervalIsTakenForHalfADay() {
    let fresh = visited([0, 40])
    XCTAssertNil(fresh.interval)
    XCTAssertEqual(fresh.condition(at: start + 40 * minute + 24 * hour), .connected)
    XCTAssertEqual(fresh.condition(at: start + 41 * minute + 24 * hour), .silent)
  }

  func testNightsAndWeekendsArePartOfTheUsualIntervalForTwoWeeks() {
    // Two busy days with a night between, then one visit in each of the next two weeks.
    var okta = visited([0, 5, 20, 14 * 60, 14 * 60 + 7])
    let night = okta.interval
    XCTAssertEqual(night, (14 * 60 - 20) * minute - 2000)
    for day: Int64 in 1...6 { okta.saw(at: start + day * 24 * hour, isWrite: false, status: 200) }
    XCTAssertEqual(okta.interval, 24 * hour)
    var quick = okta
    for step: Int64 in 0..<(2 * 168) {
      quick.saw(at: start + week + step * hour, isWrite: false, status: 200)
    }
    XCTAssertEqual(quick.interval, 24 * hour, "the last day of the first week ended in the second")
    for step: Int64 in (2 * 168)..<(3 * 168) {
      quick.saw(at: start + week + step * hour, isWrite: false, status: 200)
    }
    XCTAssertEqual(quick.interval, hour)
  }

  func testTenRefusedWritesInARowMakeItFailingAndOneAcceptedConnected() {
    var activity = visited([0])
    for _ in 0..<9 { activity.saw(at: start + 3000, isWrite: true, status: 400) }
    XCTAssertEqual(activity.condition(at: start + 4000), .connected)
    activity.saw(at: start + 3000, isWrite: false, status: 404)
    activity.saw(at: start + 3000, isWrite: true, status: 429)
    activity.saw(at: start + 3000, isWrite: true, status: 503)
    XCTAssertEqual(activity.condition(at: start + 4000), .connected, "neither of them is a refused write")
    activity.saw(at: start + 3000, isWrite: true, status: 409)
    XCTAssertEqual(activity.condition(at: start + 4000), .failing)
    activity.saw(at: start + 3000, isWrite: true, status: 201)
    XCTAssertEqual(activity.condition(at: start + 4000), .connected)
  }

  func testAnAdministratorsStateComesFirst() {
    for (state, condition) in [(ConnectionState.paused, ConnectionCondition.paused), (.removing, .removing)] {
      XCTAssertEqual(ConnectionCondition(state, visited([0]), now: start), condition)
    }
  }

  func testTheNoteHasEverythingAndAStrangeOneNothing() {
    var activity = visited([0, 40, 80, 120])
    for _ in 0..<10 { activity.saw(at: start + 130 * minute, isWrite: true, status: 400) }
    XCTAssertEqual(ConnectionActivity(activity.json), activity)
    for note: JSONValue? in [nil, "x", ["last": -1, "pauses": -5, "longest": [], "refusedWrites": "x"]] {
      XCTAssertEqual(ConnectionActivity(note), ConnectionActivity())
    }
  }

  func testTimesOutOfOrderChangeNothing() {
    var activity = visited([0, 40, 80])
    let before = activity
    activity.saw(at: start, isWrite: false, status: 200)
    XCTAssertEqual(activity, before)
  }
}
