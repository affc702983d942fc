import Credentials
import Feed
import HTTP
import Insight
import Platform
import SCIM
import Storage

/// Measurements for a monitoring system; a key of one directory sees those of its directory.
enum MetricsNoun {
  /// Maximum keys that are shown; those that expire first.
  static let maxKeys = 1000
  /// How long a key is shown after it has expired, in days, so that alarms can fire.
  private static let daysAfterExpiry: Int64 = 30

  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, "/metrics", "metrics", "show", .metricsRead, "Show measurements for Prometheus",
        answers: .lines(MetricsText.Format.prometheus.mediaType)
      ) { call in
        let format = format(call.head)
        return AdminAnswer(.bytes(text(call.world, of: call.caller.directory, format)), format.mediaType)
      }.with { $0.showsPart = true }
    ]
  }

  /// OpenMetrics for a client that asks for it; Prometheus does.
  static func format(_ head: HTTPRequestHead) -> MetricsText.Format {
    let accept = head[.accept] ?? []
    let name = Array("application/openmetrics-text".utf8)
    return accept.indices.contains { accept[$0...].starts(with: name) } ? .openMetrics : .prometheus
  }

  /// - Parameter directory: the only one to show; nil for everything.
  static func text(_ world: AdminWorld, of directory: String?, _ format: MetricsText.Format) -> [UInt8] {
    var text = MetricsText(format)
    text.add(.build, [world.version], 1)
    world.metrics?.showRequests(of: directory, in: &text)
    let directories =
      directory.map { [world.store.existingDirectory(named: $0)].compactMap { $0 } }
      ?? world.store.allDirectories
    show(directories, in: &text)
    showKeys(world.keys, of: directory, in: &text)
    for (name, webhook, behind) in world.webhooks.behind(of: directory) {
      text.add(.webhookBehind, [name, webhook], behind)
    }
    if case nil = directory {
      text.add(.leaverAccepted, [], world.webhooks.clock.histogram, unit: ServerMetrics.nanosecondsInSecond)
      show(world.store.meters, in: &text)
      text.add(.requestsDropped, [], world.ring.counts.dropped)
      world.metrics?.showServer(in: &text)
    }
    return text.end()
  }

  private static func show(_ directories: [Directory], in text: inout MetricsText) {
    for directory in directories {
      for (type, count) in directory.counts() { text.add(.resources, [directory.name, type], count) }
    }
    for directory in directories { text.add(.journalWaiting, [directory.name], directory.waitingRecords) }
  }

  private static func show(_ meters: StoreMeters, in text: inout MetricsText) {
    let log = meters.log.counts
    let second = ServerMetrics.nanosecondsInSecond
    text.add(.journalBytes, [], log.bytes)
    text.add(.journalBatch, [], log.batches, unit: 1)
    text.add(.journalSync, [], log.durations, unit: second)
    let locks = meters.locks.counts
    text.add(.lockWaits, [], locks.waits)
    text.add(.lockWaitSeconds, [], Double(locks.nanoseconds) / second)
  }

  // MARK: Keys

  private static func showKeys(_ keys: KeyRing, of directory: String?, in text: inout MetricsText) {
    let oldest = keys.now.milliseconds - daysAfterExpiry * 86_400_000
    let living = keys.keys(of: directory).filter { key in
      key.revoked == nil && (key.expires.map { $0.milliseconds > oldest } ?? true)
    }
    let ending = living.compactMap { key in key.expires.map { (end: $0.milliseconds, key: key) } }
      .sorted { $0.end < $1.end }
    for (end, key) in ending.prefix(maxKeys) {
      text.add(.keyExpires, [key.directory, key.id], Double(end / 1000))
    }
    for (key, use) in living.prefix(maxKeys).compactMap({ key in lastUse(of: key, keys).map { (key, $0) } }) {
      text.add(.keyUsed, [key.directory, key.id], Double(use / 1000))
    }
  }

  /// The last use of any secret of the key, in milliseconds since 1970.
  private static func lastUse(of key: APIKey, _ keys: KeyRing) -> Int64? {
    key.generations.compactMap { keys.lastUse(of: key, $0)?.time.milliseconds }.max()
  }
}
