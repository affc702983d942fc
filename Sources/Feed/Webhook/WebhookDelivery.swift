import Dispatch
import Platform
import Storage

/// Sends a directory's events to one webhook or stream: reads ahead as far as the ledger has room, keeps so many calls under way as
/// it allows, writes its place down once a second. All of it happens on one queue of its own, the calls on others, so that
/// nobody else waits for a receiver.
final class WebhookDelivery: Sendable {
  private struct State {
    var ledger: WebhookLedger
    var waiter: Int?
    /// The time for which the queue is to be woken; nil for none.
    var alarm: Int64?
    var isStopped = false
    var saved: UInt64
    /// Whether something was sent since it was saved.
    var isDirty = false
    var isSaving = false
    var lanes: [DispatchQueue]
    var freeLanes: [Int]
  }

  /// Records that are read into the window at once.
  private static let stretch = 8
  private static let saveSeconds = 1.0
  /// Records after which a place is written down although nothing was sent.
  private static let quietRecords: UInt64 = 10_000

  let id: String
  let directory: Directory
  private let feed: DirectoryFeed
  private let target: EventTarget
  private let environment: Environment
  private let notes: WebhookNotes
  private let events: WebhookEvents
  private let queue: DispatchQueue
  private let state: Locked<State>

  init(
    _ target: EventTarget, _ id: String, _ feed: DirectoryFeed, _ schedule: WebhookSchedule,
    _ environment: Environment, _ events: WebhookEvents
  ) {
    self.id = id
    directory = feed.directory
    self.feed = feed
    self.target = target
    self.environment = environment
    self.events = events
    notes = WebhookNotes(feed.directory, target.kind, id)
    let label = "scimd.\(target.kind.noun).\(target.name)"
    queue = DispatchQueue(label: label)
    let (position, exceptions) = notes.load(start: target.start)
    let lanes = target.inFlight + WebhookLedger.leaverLanes
    state = Locked(
      State(
        ledger: WebhookLedger(
          position: position, exceptions: exceptions, schedule: schedule, inFlight: target.inFlight),
        saved: position,
        lanes: (0..<lanes).map { DispatchQueue(label: "\(label).\($0)") },
        freeLanes: Array(0..<lanes)))
  }

  func begin() { queue.async { @Sendable [weak self] in self?.pump() } }

  /// No call begins any more; those under way go on, and what comes of them is not noted.
  ///
  /// - Parameter keepsPlace: whether the place is written down; false if the webhook is gone.
  func stop(keepsPlace: Bool = true) {
    let waiter = state.withLock { state in
      state.isStopped = true
      defer { state.waiter = nil }
      return state.waiter
    }
    feed.forget(waiter)
    queue.sync { @Sendable in if keepsPlace { self.save() } }
  }

  /// Its name where webhooks and streams stand next to each other.
  var label: String { target.label }

  /// What people see of its progress.
  var progress: WebhookProgress {
    let last = directory.lastOnDisk
    return state.withLock { state in
      let ledger = state.ledger
      var progress = WebhookProgress(
        position: ledger.position, last: last, exceptions: ledger.exceptions.count)
      progress.isCircuitOpen = ledger.isCircuitOpen
      progress.delivered = ledger.delivered
      progress.superseded = ledger.superseded
      progress.failed = ledger.failed
      return progress
    }
  }

  // MARK: On the queue

  /// Reads and sends until nothing more can be done now.
  private func pump() {
    guard !state.withLock({ $0.isStopped }) else { return }
    do throws(FeedError) {
      repeat { send() } while try readMore()
    } catch {
      return fail(error)
    }
    waitForRecords()
    waitForTime()
    saveLater()
  }

  /// Reads some records: first those in which somebody leaves, then the next. False if there is no room, or nothing new.
  private func readMore() throws(FeedError) -> Bool {
    let last = directory.lastOnDisk
    let (scanned, read, hasRoom, hasRoomForLeavers) = state.withLock {
      ($0.ledger.scanned, $0.ledger.read, $0.ledger.hasRoom, $0.ledger.hasRoomForLeavers)
    }
    if scanned < last, hasRoomForLeavers {
      let found = try feed.leavers(after: scanned)
      let wanted = found.events.filter(target.wants)
      if !wanted.isEmpty { events.left(wanted, label, directory) }
      state.withLock { $0.ledger.scan(wanted, upTo: found.last) }
      return true
    }
    guard read < last, hasRoom else { return false }
    let found = try feed.stretch(after: read, records: Self.stretch)
    if let oldest = found.oldest { throw .gone(oldest: EventID(directory.incarnation, oldest, 0)) }
    let wanted = found.events.filter(target.wants)
    state.withLock { $0.ledger.add(wanted, upTo: found.last) }
    return found.last > read
  }

  private func fail(_ error: FeedError) {
    switch error {
    case .gone: disable("the history that it had not sent yet is not kept any more")
    case .unknownCursor: break
    case .log(let error):
      events.report("the \(target.kind.noun) \(target.name) of \(directory.name) cannot read: \(error)")
    }
  }

  private func send() {
    while true {
      let now = environment.now()
      let next = state.withLock { state -> (WebhookLedger.Delivery, Int, DispatchQueue)? in
        guard !state.isStopped, let lane = state.freeLanes.last, let delivery = state.ledger.next(at: now)
        else {
          return nil
        }
        state.freeLanes.removeLast()
        return (delivery, lane, state.lanes[lane])
      }
      guard let (delivery, lane, queue) = next else { return }
      queue.async { @Sendable [self] in
        let result = perform(delivery)
        let (now, jitter) = (environment.now(), environment.randomBytes(1).first ?? 0)
        self.queue.async { @Sendable [self] in
          let reason = state.withLock { state -> String? in
            state.freeLanes.append(lane)
            state.isDirty = true
            return state.isStopped ? nil : state.ledger.finish(delivery, result, at: now, jitter: jitter)
          }
          if let reason { return disable(reason) }
          pump()
        }
      }
    }
  }

  private func waitForRecords() {
    guard state.withLock({ $0.waiter == nil && !$0.isStopped }) else { return }
    let waiter = feed.whenWritten(after: directory.lastOnDisk) { [weak self] in
      guard let self else { return }
      queue.async { @Sendable [weak self] in
        self?.state.withLock { $0.waiter = nil }
        self?.pump()
      }
    }
    state.withLock { $0.waiter = waiter }
  }

  private func waitForTime() {
    let now = environment.now()
    let time = state.withLock { state -> Int64? in
      guard let time = state.ledger.nextTime(after: now), state.alarm.map({ time < $0 }) ?? true else {
        return nil
      }
      state.alarm = time
      return time
    }
    guard let time else { return }
    // Not all at once if the clock jumps; at least a moment later, so that nothing spins.
    let wait = min(max(Double(time - now) / 1000, 0.01), 60)
    queue.asyncAfter(deadline: .now() + wait) { @Sendable [weak self] in
      guard let self else { return }
      state.withLock { if $0.alarm == time { $0.alarm = nil } }
      pump()
    }
  }

  // MARK: The place

  private func saveLater() {
    let begins = state.withLock { state -> Bool in
      let isQuiet = !state.isDirty && state.ledger.position < state.saved + Self.quietRecords
      guard !isQuiet, !state.isSaving else { return false }
      state.isSaving = true
      return true
    }
    guard begins else { return }
    queue.asyncAfter(deadline: .now() + Self.saveSeconds) { @Sendable [weak self] in self?.save() }
  }

  private func save() {
    let change = state.withLock { state -> (UInt64, [String: WebhookLedger.Exception?])? in
      state.isSaving = false
      let changed = state.ledger.takeChanged()
      guard state.ledger.position != state.saved || !changed.isEmpty else { return nil }
      state.isDirty = false
      state.saved = state.ledger.position
      return (
        state.saved, Dictionary(changed.map { ($0, state.ledger.exceptions[$0]) }) { first, _ in first }
      )
    }
    guard let (position, exceptions) = change else { return }
    if !notes.save(position: position, exceptions) {
      state.withLock { $0.ledger.restoreChanged(Set(exceptions.keys)) }
    }
  }

  private func disable(_ reason: String) {
    state.withLock { $0.isStopped = true }
    save()
    events.disable(id, target, reason, directory)
  }

  // MARK: On a lane

  /// Makes a call.
  private func perform(_ delivery: WebhookLedger.Delivery) -> WebhookLedger.Result {
    switch delivery {
    case .event(let event): return .sent(event.id, call(event), skipped: 0)
    case .leaver(let id, _):
      // What is not kept any more cannot be sent: the place is about to be lost too.
      let outcome = (try? feed.event(id)).flatMap { $0 }.map { call($0) } ?? .failed(slowDown: nil)
      return .sent(id, outcome, skipped: 0)
    case .exception(let key, let place, let last):
      guard let found = try? feed.next(of: key, from: place, upTo: last, target.wants) else { return .unread }
      guard let event = found.event else { return .nothing }
      return .sent(event.id, call(event), skipped: found.skipped)
    }
  }

  private func call(_ event: Event) -> WebhookOutcome {
    let attempt = target.send(event)
    events.attempted(attempt, event, id, label, directory)
    return attempt.outcome
  }
}
