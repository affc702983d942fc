import Dispatch
package import Platform
import Storage

/// The last requests of each directory, on disk under `requests/<directory>/` in the data folder.
///
/// Event loops hand over answered requests; a serial queue of its own formats and writes them, without a sync, a moment
/// later. The ring never delays a request: what does not fit into the bounded buffer is dropped and counted, and while
/// files cannot be written it keeps nothing.
package final class RequestRing: Sendable {
  private struct Waiting {
    let request: any ObservedRequest
    let answer: ObservedAnswer
  }

  private struct Buffer {
    var waiting: [Waiting] = []
    /// An empty array whose memory is used again.
    var spare: [Waiting] = []
    var bytes = 0
    var isScheduled = false
  }

  /// What has become of the entries.
  package struct Counts: Sendable, Equatable {
    package var written = 0
    package var dropped = 0
  }

  /// So many are written at once and do not wait longer: their memory is still in the processor's cache.
  private static let batch = 128
  /// How long an entry may wait, so that many are written at once.
  private static let delay = DispatchTimeInterval.milliseconds(50)
  /// After a failed write nothing is kept for so many milliseconds.
  private static let pause: Int64 = 60_000

  private static let interval = DispatchTimeInterval.seconds(3600)

  package let folder: String
  let limits: RingLimits
  let mask: ValueMask
  let environment: Environment
  private let buffer = Locked(Buffer())
  private let isEnded = Locked(false)
  private let counted = Locked(Counts())
  let watchers = Locked<[Watcher]>([])
  let queue = DispatchQueue(label: "scimd.requests")
  private let files: RingFiles
  private let report: @Sendable (String) -> Void

  /// - Parameters:
  ///   - data: the data folder.
  ///   - redact: takes keys and tokens out of a text.
  ///   - report: receives a warning when entries cannot be written.
  package init(
    data: String, values: RequestValues = .masked, limits: RingLimits = RingLimits(),
    environment: Environment,
    redact: @escaping @Sendable (String) -> String, report: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    folder = "\(data)/requests"
    self.limits = limits
    self.environment = environment
    self.report = report
    mask = ValueMask(values, redact)
    files = RingFiles(folder: folder, limits: limits, mask: mask)
  }

  /// Removes what is too old, now and every hour, until `end`.
  package func begin() {
    queue.async { @Sendable [weak self] in self?.tidy() }
  }

  /// Writes what waits and stops; blocks.
  package func end() {
    isEnded.withLock { $0 = true }
    endWatches()
    flush()
  }

  // MARK: Taking requests

  /// Takes an answered request; called on any thread.
  package func append(_ request: any ObservedRequest, _ answer: ObservedAnswer) {
    guard limits.entries > 0 else { return }
    let size = request.observedBytes
    let (isTaken, mustSchedule, isBatch) = buffer.withLock { buffer -> (Bool, Bool, Bool) in
      guard buffer.waiting.count < limits.waiting, buffer.bytes + size <= limits.waitingBytes else {
        return (false, false, false)
      }
      buffer.waiting.append(Waiting(request: request, answer: answer))
      buffer.bytes += size
      defer { buffer.isScheduled = true }
      return (true, !buffer.isScheduled, buffer.waiting.count == Self.batch)
    }
    if isBatch { queue.async { @Sendable in self.write() } }
    if !isTaken { counted.withLock { $0.dropped += 1 } }
    if mustSchedule { queue.asyncAfter(deadline: .now() + Self.delay) { @Sendable in self.write() } }
  }

  package var counts: Counts { counted.withLock { $0 } }

  // MARK: On the queue

  /// Writes what waits; blocks. Afterwards readers find every request that was taken before.
  package func flush() { queue.sync { @Sendable in write() } }

  private func tidy() {
    guard !isEnded.withLock({ $0 }) else { return }
    files.tidy(now: environment.now())
    queue.asyncAfter(deadline: .now() + Self.interval) { @Sendable [weak self] in self?.tidy() }
  }

  private func write() {
    var taken: [Waiting] = []
    buffer.withLock { buffer in
      swap(&taken, &buffer.waiting)
      swap(&buffer.waiting, &buffer.spare)
      buffer.bytes = 0
      buffer.isScheduled = false
    }
    guard !taken.isEmpty else { return }
    let now = environment.now()
    if now < files.pausedUntil {
      counted.withLock { $0.dropped += taken.count }
    } else {
      let isWatched = isWatched
      for item in taken {
        let line = files.add(item.request, item.answer)
        if isWatched { offer(item.request.observedDirectory, line.dropLast()) }
      }
      let (lost, error) = files.write(now: now)
      counted.withLock { counts in
        counts.written += taken.count - lost
        counts.dropped += lost
      }
      if let error { giveUp(error, now: now) } else { files.isFailing = false }
    }
    // Its memory is used again.
    taken.removeAll(keepingCapacity: taken.capacity <= 1024)
    buffer.withLock { $0.spare = taken }
  }

  private func giveUp(_ error: SystemError, now: Int64) {
    files.pausedUntil = now + Self.pause
    guard !files.isFailing else { return }
    files.isFailing = true
    report(
      "requests are not recorded for `scimd requests`: \(folder): \(error). Everything else goes on; it is tried again "
        + "every minute.")
  }

  /// Runs on the queue, after what was taken before is written.
  func onFiles<Value: Sendable>(_ body: @Sendable (RingFiles) -> Value) -> Value {
    queue.sync { @Sendable in
      write()
      return body(files)
    }
  }
}
