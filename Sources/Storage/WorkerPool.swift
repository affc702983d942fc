import Dispatch
import Platform

/// Threads for what takes too long for an event loop: a few at a time, and a bounded number waiting.
package final class WorkerPool: Sendable {
  /// Long searches that run side by side; more would only slow each other down.
  private static let width = 2
  /// Long searches that may wait; beyond, a client is told to come back.
  private static let depth = 64

  private let queues: [DispatchQueue]
  private let snapshots = DispatchQueue(label: "scimd.snapshot", qos: .utility)
  private let waiting = Locked(0)

  package init() {
    queues = (0..<WorkerPool.width).map { DispatchQueue(label: "scimd.worker.\($0)") }
  }

  /// Runs the job soon; false, and nothing happens, where too many are waiting.
  func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
    let place = waiting.withLock { waiting -> Int? in
      guard waiting < WorkerPool.depth else { return nil }
      waiting += 1
      return waiting
    }
    guard let place else { return false }
    queues[place % queues.count].async { @Sendable in
      job()
      self.waiting.withLock { $0 -= 1 }
    }
    return true
  }

  /// Runs the job when nothing like it runs.
  func background(_ job: @escaping @Sendable () -> Void) { snapshots.async(execute: job) }

  /// Something one thread waits for and another tells.
  struct Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func signal() { semaphore.signal() }
    func wait() { semaphore.wait() }
  }
}
