import Credentials
import HTTP
import SCIM

/// Numbers for a monitoring system; a key of one directory sees those of its directory.
enum MetricsNoun {
  /// The most keys that are shown: those that expire first.
  static let maxKeys = 1000
  /// How long a key is shown after it has expired, in days, so that an alarm about it can be seen.
  private static let daysAfterExpiry: Int64 = 30

  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, "/metrics", "metrics", "show", .metricsRead, "Show numbers for Prometheus",
        answers: .lines("text/plain; version=0.0.4; charset=utf-8")
      ) { call in
        AdminAnswer(
          .bytes(Array(Metric.keyExpires.text(keys(call)).utf8)), "text/plain; version=0.0.4; charset=utf-8")
      }.with { $0.showsPart = true }
    ]
  }

  private static func keys(_ call: AdminCall) -> [Metric.Sample] {
    let keys = call.world.keys
    let oldest = keys.now.milliseconds - Self.milliseconds(daysAfterExpiry)
    var ending: [(end: Int64, key: APIKey)] = []
    for key in keys.keys(of: call.caller.directory) where key.revoked == nil {
      if let end = key.expires?.milliseconds, end > oldest { ending.append((end, key)) }
    }
    ending.sort { $0.end < $1.end }
    return ending.prefix(maxKeys).map { end, key in
      Metric.Sample(labels: [("directory", key.directory), ("key", key.id)], value: String(end / 1000))
    }
  }

  private static func milliseconds(_ days: Int64) -> Int64 { days * 86_400_000 }
}
