import Insight
import Platform
import XCTest

/// The text formats of Prometheus and OpenMetrics.
final class MetricsTextTests: XCTestCase {
  private func text(_ format: MetricsText.Format, _ add: (inout MetricsText) -> Void) -> String {
    var text = MetricsText(format)
    add(&text)
    return String(decoding: text.end(), as: UTF8.self)
  }

  func testMetricsText_EachMetric_HasOneHeadBeforeItsValues() {
    let shown = text(.prometheus) { text in
      text.add(.connections, ["main"], 3)
      text.add(.connections, ["socket"], 0)
      text.add(.memory, [], 1 << 40)
      text.add(.lockWaitSeconds, [], 0.25)
    }
    XCTAssertEqual(
      shown,
      """
      # HELP scim_connections Open connections.
      # TYPE scim_connections gauge
      scim_connections{listener="main"} 3
      scim_connections{listener="socket"} 0
      # HELP process_resident_memory_bytes Resident memory.
      # TYPE process_resident_memory_bytes gauge
      process_resident_memory_bytes 1099511627776
      # HELP scim_directory_lock_wait_seconds_total How long requests waited for the lock of their directory, in all.
      # TYPE scim_directory_lock_wait_seconds_total counter
      scim_directory_lock_wait_seconds_total 0.25

      """)
  }

  func testMetricsText_OpenMetrics_NamesCountersWithoutSuffixAndEndsWithEOF() {
    XCTAssertEqual(
      text(.openMetrics) { $0.add(.lockWaits, [], 1) },
      """
      # HELP scim_directory_lock_waits How often a request waited for the lock of its directory.
      # TYPE scim_directory_lock_waits counter
      scim_directory_lock_waits_total 1
      # EOF

      """)
  }

  func testMetricsText_ValueOfALabel_IsEscaped() {
    XCTAssertTrue(
      text(.prometheus) { $0.add(.build, ["a\"b\\c\nd"], 1) }.contains(
        #"scim_build_info{version="a\"b\\c\nd"} 1"#))
  }

  func testMetricsText_Histogram_CountsUpToEachBound() {
    var histogram = Histogram([1, 10, 100])
    for value: UInt64 in [1, 2, 10, 11, 1000] { histogram.add(value) }
    XCTAssertEqual(
      text(.prometheus) { $0.add(.journalBatch, [], histogram, unit: 1) },
      """
      # HELP scim_journal_batch_records Records that one sync made durable.
      # TYPE scim_journal_batch_records histogram
      scim_journal_batch_records_bucket{le="1"} 1
      scim_journal_batch_records_bucket{le="10"} 3
      scim_journal_batch_records_bucket{le="100"} 4
      scim_journal_batch_records_bucket{le="+Inf"} 5
      scim_journal_batch_records_sum 1024
      scim_journal_batch_records_count 5

      """)
  }

  func testMetric_NameFollowsTheConventions() {
    for metric in Metric.allCases {
      let name = metric.rawValue
      XCTAssertNotNil(name.range(of: "^(scim|process)_[a-z_]+$", options: .regularExpression), name)
      XCTAssertEqual(metric.kind == .counter, name.hasSuffix("_total"), name)
      XCTAssertTrue(metric.help.hasSuffix("."), name)
    }
  }
}
