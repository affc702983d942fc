import Platform
import XCTest

@testable import Insight

/// Requests by directory, route, method and status.
final class RequestMetricsTests: XCTestCase {
  private func series(_ directory: String, _ route: String = "/Users", _ status: Int = 200)
    -> RequestMetrics.Series
  {
    RequestMetrics.Series(directory: directory, route: route, method: "GET", status: status)
  }

  func testRequestMetrics_EachKindOfRequest_IsASeriesInAFixedOrder() {
    let metrics = RequestMetrics()
    for _ in 0..<3 { metrics.count(series("b"), nanoseconds: 1_000_000) }
    metrics.count(series("a"), nanoseconds: 7)
    metrics.count(series("b", "/Users", 404), nanoseconds: 8)
    let all = metrics.all(of: nil)
    XCTAssertEqual(all.map(\.series), [series("a"), series("b"), series("b", "/Users", 404)])
    XCTAssertEqual(all.map(\.durations.count), [1, 3, 1])
    XCTAssertEqual(all.map(\.durations.sum), [7, 3_000_000, 8])
    XCTAssertEqual(metrics.all(of: "a").map(\.series), [series("a")])
    XCTAssertEqual(metrics.all(of: "c").count, 0)
  }

  func testRequestMetrics_BeyondTheLimit_NewSeriesCountForOneDirectory() {
    let metrics = RequestMetrics()
    for number in 0..<RequestMetrics.maxSeries + 500 { metrics.count(series("d\(number)"), nanoseconds: 1) }
    metrics.count(series("d0"), nanoseconds: 1)
    let all = metrics.all(of: nil)
    XCTAssertEqual(all.count, RequestMetrics.maxSeries + 1)
    XCTAssertEqual(all.first { $0.series.directory == "_other" }?.durations.count, 500)
    XCTAssertEqual(all.first { $0.series.directory == "d0" }?.durations.count, 2, "a known series goes on")
  }
}
