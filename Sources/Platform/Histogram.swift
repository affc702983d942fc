/// Values counted by their size, as monitoring systems want them: how many were at most as large as each bound.
package struct Histogram: Sendable, Equatable {
  /// In ascending order.
  package let bounds: [UInt64]
  /// One count per bound, of the values up to it and above the one before; the last is of those above every bound.
  private var counts: [UInt64]
  package private(set) var sum: UInt64 = 0

  package init(_ bounds: [UInt64]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  package mutating func add(_ value: UInt64) {
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum &+= value
  }

  /// Adds what another histogram with the same bounds has counted.
  package mutating func add(_ other: Histogram) {
    precondition(other.bounds == bounds, "histograms of the same bounds")
    for index in counts.indices { counts[index] += other.counts[index] }
    sum &+= other.sum
  }

  package var count: UInt64 { counts.reduce(0, +) }

  /// For each bound, the values at or below it.
  package var cumulative: [UInt64] {
    var total: UInt64 = 0
    return counts.dropLast().map { count in
      total += count
      return total
    }
  }
}

extension Histogram {
  /// Bounds for durations in nanoseconds, from 100 us to 10 s.
  package static let durations: [UInt64] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 10_000_000,
  ].map { $0 * 1000 }
}
