package import Platform

/// Metrics in the text format of Prometheus (0.0.4) or of OpenMetrics 1.0. Values of labels are escaped.
package struct MetricsText: Sendable {
  package enum Format: Sendable {
    case prometheus, openMetrics

    package var mediaType: String {
      switch self {
      case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
      case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
      }
    }
  }

  private let format: Format
  private var bytes: [UInt8] = []
  private var current: Metric?

  package init(_ format: Format) { self.format = format }

  /// A value of a counter or gauge. Values of one metric must be added in a row.
  /// - Parameter labels: values, in the order of the metric's labels.
  package mutating func add(_ metric: Metric, _ labels: [String] = [], _ value: Double) {
    begin(metric)
    sample(metric.rawValue, metric.labels, labels, value)
  }

  package mutating func add(_ metric: Metric, _ labels: [String] = [], _ value: Int) {
    add(metric, labels, Double(value))
  }

  package mutating func add(_ metric: Metric, _ labels: [String] = [], _ value: UInt64) {
    add(metric, labels, Double(value))
  }

  /// A histogram.
  /// - Parameter unit: what the histogram's values are divided by.
  package mutating func add(_ metric: Metric, _ labels: [String] = [], _ histogram: Histogram, unit: Double) {
    begin(metric)
    let names = metric.labels + ["le"]
    for (bound, count) in zip(histogram.bounds, histogram.cumulative) {
      sample("\(metric.rawValue)_bucket", names, labels + [Self.text(Double(bound) / unit)], Double(count))
    }
    let count = Double(histogram.count)
    sample("\(metric.rawValue)_bucket", names, labels + ["+Inf"], count)
    sample("\(metric.rawValue)_sum", metric.labels, labels, Double(histogram.sum) / unit)
    sample("\(metric.rawValue)_count", metric.labels, labels, count)
  }

  /// The whole text.
  package consuming func end() -> [UInt8] {
    if case .openMetrics = format { bytes += "# EOF\n".utf8 }
    return bytes
  }

  private mutating func begin(_ metric: Metric) {
    guard metric != current else { return }
    current = metric
    var name = metric.rawValue[...]
    // OpenMetrics names the family of a counter without the suffix of its sample.
    if case .openMetrics = format, metric.kind == .counter { name = name.dropLast(6) }
    bytes += "# HELP \(name) \(metric.help)\n# TYPE \(name) \(metric.kind.rawValue)\n".utf8
  }

  private mutating func sample(_ name: String, _ names: [String], _ labels: [String], _ value: Double) {
    precondition(names.count == labels.count, "a value for each label")
    bytes += name.utf8
    for (index, (name, value)) in zip(names, labels).enumerated() {
      bytes.append(UInt8(ascii: index == 0 ? "{" : ","))
      bytes += name.utf8
      bytes += "=\"".utf8
      append(escaped: value)
      bytes.append(UInt8(ascii: "\""))
    }
    if !names.isEmpty { bytes.append(UInt8(ascii: "}")) }
    bytes.append(UInt8(ascii: " "))
    bytes += Self.text(value).utf8
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func append(escaped value: String) {
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      default: bytes.append(byte)
      }
    }
  }

  /// Whole numbers without a fraction.
  private static func text(_ value: Double) -> String {
    Int64(exactly: value).map { String($0) } ?? String(value)
  }
}
