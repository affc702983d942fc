import Dispatch
import Platform
import Synchronization

/// Threads for what takes too long for an event loop: a few at a time, and a bounded number waiting. Directories take
/// turns, so that the tenth search of one directory waits for the first of every other.
package final class WorkerPool: Sendable {
  /// Jobs that run side by side; more would only slow each other down.
  private static let width = 3
  /// The same of one directory, so that there is always a place for another.
  private static let widthOfOne = 2
  /// Maximum waiting jobs of all directories; any more get 503.
  private static let depth = 256
  /// The same of one directory.
  private static let depthOfOne = 32

  typealias Job = @Sendable () -> Void

  /// The waiting jobs and their order.
  private struct Line {
    var jobs: [String: [Job]] = [:]
    /// Directories that have jobs waiting, each once, in the order of their turns.
    var turns: [String] = []
    var waiting = 0
    /// How many run, by directory.
    var running: [String: Int] = [:]
    /// Threads without a job.
    var idle = Array(0..<WorkerPool.width)

    /// False if too many jobs wait, in total or of this owner.
    mutating func add(_ job: @escaping Job, _ owner: String) -> Bool {
      guard waiting < WorkerPool.depth, jobs[owner]?.count ?? 0 < WorkerPool.depthOfOne else { return false }
      if jobs[owner] == nil { turns.append(owner) }
      jobs[owner, default: []].append(job)
      waiting += 1
      return true
    }

    /// The first job of the directory whose turn it is; the directory then goes to the end of the queue.
    mutating func next() -> (job: Job, owner: String)? {
      guard let turn = turns.firstIndex(where: { running[$0] ?? 0 < WorkerPool.widthOfOne }) else {
        return nil
      }
      let owner = turns.remove(at: turn)
      guard var mine = jobs.removeValue(forKey: owner), !mine.isEmpty else { return nil }
      let job = mine.removeFirst()
      waiting -= 1
      running[owner, default: 0] += 1
      if !mine.isEmpty {
        jobs[owner] = mine
        turns.append(owner)
      }
      return (job, owner)
    }

    mutating func end(_ owner: String) {
      running[owner, default: 1] -= 1
      if running[owner] == 0 { running[owner] = nil }
    }
  }

  /// One queue each: a concurrent queue has no more threads than processors, and shares them with everything else.
  private let threads = (0..<width).map { DispatchQueue(label: "scimd.worker.\($0)") }
  private let snapshots = DispatchQueue(label: "scimd.snapshot", qos: .utility)
  private let line = Locked(Line())
  /// Whether running jobs should stop, because nobody waits for them.
  private let stops = Atomic(false)
  /// Whether memory is going to be given back.
  private let isTidying = Locked(false)
  /// Seconds between the end of a job and the moment when the memory that it took is given back: once for many jobs.
  private static let tidySeconds = 5.0

  package init() {}

  /// Asks jobs that check `isStopping` to end.
  func stop() { stops.store(true, ordering: .relaxed) }

  var isStopping: Bool { stops.load(ordering: .relaxed) }

  /// Runs the job soon, when it is the directory's turn; false, and nothing happens, if too many are waiting.
  func submit(for directory: String, _ job: @escaping Job) -> Bool {
    let (isTaken, thread) = line.withLock { line -> (Bool, Int?) in
      guard line.add(job, directory) else { return (false, nil) }
      return (true, line.idle.popLast())
    }
    if let thread { threads[thread].async { @Sendable in self.work(on: thread) } }
    return isTaken
  }

  /// Runs jobs until none may begin. The thread that ends a job looks for the next, so none is left waiting.
  private func work(on thread: Int) {
    var ended: String?
    while let (job, owner) = line.withLock({ line -> (job: Job, owner: String)? in
      if let ended { line.end(ended) }
      let next = line.next()
      if next == nil { line.idle.append(thread) }
      return next
    }) {
      job()
      ended = owner
      tidyLater()
    }
  }

  /// Runs the job when nothing like it runs.
  func background(_ job: @escaping Job) {
    snapshots.async { @Sendable in
      job()
      self.tidyLater()
    }
  }

  /// These jobs use much memory, which the C library would otherwise keep.
  private func tidyLater() {
    let isFirst = isTidying.withLock { isTidying in
      defer { isTidying = true }
      return !isTidying
    }
    guard isFirst else { return }
    snapshots.asyncAfter(deadline: .now() + Self.tidySeconds) { @Sendable in
      self.isTidying.withLock { $0 = false }
      FreeMemory.giveBack()
    }
  }

  /// A signal that one thread waits for and another sends.
  struct Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func signal() { semaphore.signal() }
    func wait() { semaphore.wait() }
  }
}
