/// What `/metrics` shows: the one table of metrics, from which the text of an answer is made.
package enum Metric: String, Sendable, CaseIterable {
  case keyExpires = "scim_key_expires_timestamp_seconds"

  /// One value of a metric.
  struct Sample: Sendable {
    /// Names and values; values are ids and names of directories, in which no character needs an escape.
    let labels: [(String, String)]
    /// As text.
    let value: String
  }

  package var help: String {
    switch self {
    case .keyExpires: "When an API key expires, in seconds since 1970."
    }
  }

  package var labels: [String] {
    switch self {
    case .keyExpires: ["directory", "key"]
    }
  }

  /// The exposition format 0.0.4 of Prometheus.
  func text(_ samples: [Sample]) -> String {
    var text = "# HELP \(rawValue) \(help)\n# TYPE \(rawValue) gauge\n"
    for sample in samples {
      let labels = sample.labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
      text += "\(rawValue){\(labels)} \(sample.value)\n"
    }
    return text
  }
}
