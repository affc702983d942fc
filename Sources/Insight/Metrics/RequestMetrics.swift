import JSON
package import Platform

/// Answered requests by directory, route, method and status. Called on the event loops, so a request costs one look-up.
package final class RequestMetrics: Sendable {
  /// One kind of request.
  package struct Series: Hashable, Sendable {
    package let directory: String
    /// The route's template, never the path.
    package let route: String
    package let method: String
    package let status: Int

    package init(directory: String, route: String, method: String, status: Int) {
      self.directory = directory
      self.route = route
      self.method = method
      self.status = status
    }

    /// Not all of it: routes of one directory with the same status rarely have the same length, and hashing is most of
    /// what a count costs.
    package func hash(into hasher: inout Hasher) {
      hasher.combine(directory)
      hasher.combine(route.utf8.count &* 1000 &+ status)
    }

    package static func == (one: Series, other: Series) -> Bool {
      one.status == other.status && one.isLike(other)
    }

    /// Whether the two differ in nothing but statuses that begin with the same digit.
    func isOfClass(of other: Series) -> Bool { status / 100 == other.status / 100 && isLike(other) }

    private func isLike(_ other: Series) -> Bool {
      directory.hasSameBytes(as: other.directory) && route.hasSameBytes(as: other.route)
        && method.hasSameBytes(as: other.method)
    }
  }

  /// Series over all directories. A request that would begin another one counts for the directory `_other`.
  static let maxSeries = 5_000
  /// Takes the requests of directories that came too late; like every name that begins with `_`, it is reserved.
  static let otherDirectory = "_other"

  private let requests = Locked<[Series: Histogram]>([:])

  package init() {}

  /// Counts an answered request.
  package func count(_ series: Series, nanoseconds: UInt64) {
    requests.withLock { requests in
      // Nearly every request is of a known kind, and this finds it with one hash.
      if let index = requests.index(forKey: series) {
        requests.values[index].add(nanoseconds)
        return
      }
      var series = series
      if requests.count >= Self.maxSeries {
        series = Series(
          directory: Self.otherDirectory, route: series.route, method: series.method, status: series.status)
      }
      requests[series, default: Histogram(Histogram.durations)].add(nanoseconds)
    }
  }

  /// Requests to a route so far.
  package func count(of route: String) -> UInt64 {
    requests.withLock { $0 }.filter { $0.key.route.hasSameBytes(as: route) }.reduce(0) { $0 + $1.value.count }
  }

  /// Everything counted so far, in a fixed order.
  /// - Parameter directory: the only directory to show; nil for all.
  package func all(of directory: String?) -> [(series: Series, durations: Histogram)] {
    requests.withLock { $0 }
      .filter { item in directory.map { item.key.directory.hasSameBytes(as: $0) } ?? true }
      .map { (series: $0.key, durations: $0.value) }
      .sorted { Self.order($0.series).lexicographicallyPrecedes(Self.order($1.series)) }
  }

  private static func order(_ series: Series) -> [UInt8] {
    Array("\(series.directory)\n\(series.route)\n\(series.method)\n\(series.status)".utf8)
  }
}
