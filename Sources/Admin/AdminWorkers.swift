import Dispatch
import Platform

/// Threads for administrative requests: a few at a time in each of two lanes, so that long requests delay only long ones,
/// and a limited number of waiting requests.
package final class AdminWorkers: Sendable {
  package typealias Job = @Sendable () -> Void

  private struct Lane {
    /// Idle queues, by their numbers.
    var idle: [Int]
    var waiting: [Job] = []
  }

  /// Concurrent fast requests, and concurrent requests that may take seconds.
  private static let widths = (short: 8, long: 2)
  /// Requests of a lane that may wait.
  private static let depth = 64

  private let short = Locked(Lane(idle: Array(0..<widths.short)))
  private let long = Locked(Lane(idle: Array(widths.short..<widths.short + widths.long)))
  /// Serial queues: each has a thread of its own while it works.
  private let queues = (0..<widths.short + widths.long).map { DispatchQueue(label: "scimd.admin.\($0)") }

  package init() {}

  /// Runs the job when a thread is free; false, without running it, if too many are waiting.
  package func submit(isLong: Bool, _ job: @escaping Job) -> Bool {
    let lane = isLong ? long : short
    enum Place {
      case queue(Int)
      case line, none
    }
    let place = lane.withLock { lane -> Place in
      if let number = lane.idle.popLast() { return .queue(number) }
      guard lane.waiting.count < Self.depth else { return .none }
      lane.waiting.append(job)
      return .line
    }
    guard case .queue(let number) = place else {
      if case .line = place { return true }
      return false
    }
    queues[number].async { @Sendable in
      var next: Job? = job
      while let current = next {
        current()
        next = lane.withLock { lane in
          if lane.waiting.isEmpty {
            lane.idle.append(number)
            return nil
          }
          return lane.waiting.removeFirst()
        }
      }
    }
    return true
  }
}
