package import HTTP
package import Platform

/// What a running server measures of itself: its requests, its listeners, its access log.
package final class ServerMetrics: Sendable {
  package let requests = RequestMetrics()
  /// Milliseconds since 1970.
  private let started: Int64
  private let listeners = Locked<[(name: String, server: HTTPServer)]>([])
  private let droppedLines: @Sendable () -> Int
  private let served: @Sendable () -> [ServedCertificate]

  /// An event loop that takes longer than this is shown with this.
  private static let patienceSeconds = 1.0

  /// - Parameters:
  ///   - droppedLines: those that the access log has dropped.
  ///   - certificates: those that the server presents; none without TLS.
  package init(
    _ environment: Environment, droppedLines: @escaping @Sendable () -> Int = { 0 },
    certificates: @escaping @Sendable () -> [ServedCertificate] = { [] }
  ) {
    started = environment.now()
    self.droppedLines = droppedLines
    served = certificates
  }

  /// Shows the activity of a listener from now on.
  package func watch(_ server: HTTPServer, _ name: String) {
    listeners.withLock { $0.append((name, server)) }
  }

  /// The certificates that the server presents; none without TLS.
  package var certificates: [ServedCertificate] { served() }

  /// Lines that the access log has dropped since the start.
  package var accessLogDrops: Int { droppedLines() }

  /// Seconds until the slowest event loop of any listener had a turn. Blocks until then.
  package func slowestLoop() -> Double {
    let loops = listeners.withLock { $0 }.flatMap { loopLags(of: $0.server) }
    return loops.max() ?? 0
  }

  /// Of each event loop, in seconds.
  private func loopLags(of server: HTTPServer) -> [Double] {
    server.lags(within: Self.patienceSeconds).map { lag in
      lag.map { Double($0) / Self.nanosecondsInSecond } ?? Self.patienceSeconds
    }
  }

  // MARK: Showing

  /// The requests, by class of status for the durations, which are thirteen times as many lines.
  /// - Parameter directory: the only one to show; nil for all.
  package func showRequests(of directory: String?, in text: inout MetricsText) {
    let all = requests.all(of: directory)
    for (series, durations) in all {
      let labels = [series.directory, series.route, series.method, String(series.status)]
      text.add(.requests, labels, durations.count)
    }
    var classes: [(series: RequestMetrics.Series, durations: Histogram)] = []
    for (series, durations) in all {
      if let last = classes.last, last.series.isOfClass(of: series) {
        classes[classes.count - 1].durations.add(durations)
      } else {
        classes.append((series, durations))
      }
    }
    for (series, durations) in classes {
      let labels = [series.directory, series.route, series.method, "\(series.status / 100)xx"]
      text.add(.requestDuration, labels, durations, unit: Self.nanosecondsInSecond)
    }
  }

  /// What concerns the whole server. Blocks until every event loop had a turn.
  package func showServer(in text: inout MetricsText) {
    let listeners = listeners.withLock { $0 }
    let activity = listeners.map { ($0.name, $0.server.activity) }
    for (name, activity) in activity { text.add(.requestsInFlight, [name], activity.requestsInFlight) }
    for (name, activity) in activity { text.add(.connections, [name], activity.openConnections) }
    for (name, activity) in activity { text.add(.connectionsAccepted, [name], activity.acceptedConnections) }
    for (name, activity) in activity { text.add(.connectionsRefused, [name], activity.refusedConnections) }
    for (name, activity) in activity { text.add(.malformedRequests, [name], activity.refusedRequests) }
    for (name, activity) in activity {
      guard let handshakes = activity.handshakes else { continue }
      text.add(.handshakes, [name, "full"], handshakes.full)
      text.add(.handshakes, [name, "resumed"], handshakes.resumed)
      text.add(.handshakes, [name, "failed"], handshakes.failed)
    }
    for certificate in served() {
      text.add(.certificateExpires, [certificate.file], Double(certificate.expires) / 1000)
    }
    for (name, server) in listeners {
      for (index, lag) in loopLags(of: server).enumerated() {
        text.add(.loopLag, [name, String(index)], lag)
      }
    }
    text.add(.logDropped, [], droppedLines())
    if let usage = ProcessUsage.current {
      text.add(.cpu, [], usage.cpuSeconds)
      text.add(.memory, [], usage.residentBytes)
      text.add(.descriptors, [], usage.openDescriptors)
      text.add(.maxDescriptors, [], usage.maxDescriptors)
    }
    text.add(.started, [], Double(started) / 1000)
  }

  package static let nanosecondsInSecond = 1_000_000_000.0
}
