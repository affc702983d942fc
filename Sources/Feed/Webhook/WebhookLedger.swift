/// What of a directory's events a webhook has still to send, as a pure state machine: it is told events, outcomes and the
/// time, and says what to send next.
///
/// Durable are a position and the exceptions. Everything up to the position was sent, superseded, or belongs to a subject
/// that is an exception: one of its events failed, and it and all later ones of the subject wait for the next attempt,
/// while everything else goes on. In memory is a window of the next events, and the deactivations and deletions that were
/// found further ahead: those are sent at once, and supersede what is unsent of their user. When ten different subjects
/// failed without a success between them the circuit opens: then only exceptions are tried, at their times.
struct WebhookLedger {
  /// One event of a subject, in the order of the log.
  struct Place: Comparable, Hashable, Sendable {
    var seq: UInt64
    var index: Int

    init(_ seq: UInt64, _ index: Int) {
      self.seq = seq
      self.index = index
    }

    init(_ id: EventID) { self.init(id.seq, id.index) }

    /// The place behind it.
    var next: Place { Place(seq, index + 1) }

    static func < (a: Place, b: Place) -> Bool { (a.seq, a.index) < (b.seq, b.index) }
  }

  struct Exception: Sendable {
    /// Its first event that was not sent is there or later.
    var place: Place
    /// Failed attempts of that event.
    var failures: Int
    /// Milliseconds since 1970.
    var due: Int64
  }

  /// Something to send.
  enum Delivery: Sendable {
    case event(Event)
    /// A deactivation or deletion, ahead of the others.
    case leaver(EventID, key: String)
    /// The first event of a subject from a place on, up to a record.
    case exception(key: String, from: Place, upTo: UInt64)

    /// Of its subject.
    var key: String {
      switch self {
      case .event(let event): WebhookLedger.key(event)
      case .leaver(_, let key), .exception(let key, _, _): key
      }
    }
  }

  /// What was done about a delivery.
  enum Result: Sendable {
    /// The event that was sent, and how many before it a leaver superseded.
    case sent(EventID, WebhookOutcome, skipped: Int)
    /// The subject of the exception has no event up to the record.
    case nothing
    /// Its events could not be read now.
    case unread
  }

  private struct Slot {
    let event: Event
    let key: String
    var isDone = false
  }

  private struct Leaver {
    var id: EventID
    var failures = 0
    var due: Int64 = 0
    var isDone = false
  }

  static let maxExceptions = 1000
  static let maxLeavers = 1000
  static let maxWindow = 128
  /// Different subjects that fail before the circuit opens.
  static let maxFailing = 10
  /// Leavers that are sent at once, in addition to everything else.
  static let leaverLanes = 2
  /// While the circuit is open, one exception is tried so often whatever its time: the receiver may be back.
  static let probeInterval: Int64 = 60_000

  let schedule: WebhookSchedule
  let inFlight: Int

  private(set) var exceptions: [String: Exception]
  /// Subjects whose exception changed since it was written down.
  private(set) var changed = Set<String>()
  private var window: [Slot] = []
  /// The last record that was read into the window.
  private(set) var read: UInt64
  /// The last record in which leavers were looked for.
  private(set) var scanned: UInt64
  private var leavers: [String: Leaver] = [:]
  /// Subjects with a call under way.
  private var busy = Set<String>()
  private var leaversInFlight = 0
  /// Subjects that failed since the last success.
  private var failing = Set<String>()
  private var pausedUntil: Int64 = 0
  private var nextProbe: Int64 = 0

  /// Counts since the start.
  private(set) var delivered = 0
  private(set) var superseded = 0
  private(set) var failed = 0

  init(position: UInt64, exceptions: [String: Exception], schedule: WebhookSchedule, inFlight: Int) {
    self.exceptions = exceptions
    self.schedule = schedule
    self.inFlight = inFlight
    read = position
    scanned = position
  }

  /// Events of the same user, or of the same group or other thing, keep their order.
  static func key(_ event: Event) -> String { "\(event.subject.type):\(event.subject.id)" }

  /// Every event up to this record was handled, but for the exceptions.
  var position: UInt64 { window.first.map { $0.event.id.seq - 1 } ?? read }

  var isCircuitOpen: Bool { failing.count >= Self.maxFailing }

  /// Whether more events should be read; never before leavers were looked for.
  var hasRoom: Bool {
    window.count < Self.maxWindow && !isCircuitOpen && exceptions.count + window.count < Self.maxExceptions
  }
  var hasRoomForLeavers: Bool { leavers.count < Self.maxLeavers }
}

// What was read.
extension WebhookLedger {
  /// Leavers of the records up to `last`.
  mutating func scan(_ events: [Event], upTo last: UInt64) {
    for event in events where event.type.isLeaving { addLeaver(event) }
    scanned = max(scanned, last)
  }

  private mutating func addLeaver(_ event: Event) {
    let key = Self.key(event)
    if let known = leavers[key] {
      guard Place(known.id) < Place(event.id) else { return }
      // One that is being sent may still be accepted.
      if !known.isDone, !busy.contains(key) { superseded += 1 }
    }
    leavers[key] = Leaver(id: event.id)
    supersede(key, before: Place(event.id))
  }

  /// Events of the subject in the window that are older need not be sent.
  private mutating func supersede(_ key: String, before place: Place) {
    for index in window.indices where !window[index].isDone && window[index].key == key {
      guard Place(window[index].event.id) < place else { continue }
      // The first may be on its way.
      if busy.contains(key), isFirst(index) { continue }
      window[index].isDone = true
      superseded += 1
    }
    trim()
  }

  private func isFirst(_ index: Int) -> Bool {
    !window[..<index].contains { $0.key == window[index].key && !$0.isDone }
  }

  /// The events of the records up to `last`, in order; those that the webhook does not want are left out.
  mutating func add(_ events: [Event], upTo last: UInt64) {
    for event in events {
      let key = Self.key(event)
      var slot = Slot(event: event, key: key)
      if event.type.isLeaving { scan([event], upTo: event.id.seq) }
      if let leaver = leavers[key], Place(event.id) < Place(leaver.id) {
        slot.isDone = true
        superseded += 1
      } else if let leaver = leavers[key], leaver.id == event.id {
        slot.isDone = leaver.isDone
        if !leaver.isDone, leaver.failures > 0 { slot.isDone = convert(key, leaver) }
      } else if exceptions[key] != nil {
        // The exception goes through everything that was read.
        slot.isDone = true
      }
      window.append(slot)
    }
    read = max(read, last)
    scanned = max(scanned, read)
    trim()
  }

  /// A leaver that failed and is not ahead any more becomes an exception; false if there are too many.
  private mutating func convert(_ key: String, _ leaver: Leaver) -> Bool {
    guard exceptions[key] != nil || exceptions.count < Self.maxExceptions, !busy.contains(key) else {
      return false
    }
    put(key, Exception(place: Place(leaver.id), failures: leaver.failures, due: leaver.due))
    leavers[key] = nil
    return true
  }

  /// Changes an exception, or ends it with nil. It goes through everything of its subject that was read.
  private mutating func put(_ key: String, _ exception: Exception?) {
    exceptions[key] = exception
    changed.insert(key)
    guard exception != nil else { return }
    for index in window.indices where window[index].key == key { window[index].isDone = true }
  }

  private mutating func trim() {
    let count = window.firstIndex { !$0.isDone } ?? window.count
    if count > 0 { window.removeFirst(count) }
    let position = position
    leavers = leavers.filter { !$0.value.isDone || $0.value.id.seq > position }
  }
}

// What to send.
extension WebhookLedger {
  /// The next call to make now; it is under way from then on. Nil if nothing is due.
  mutating func next(at now: Int64) -> Delivery? {
    if let found = nextLeaver(at: now) { return found }
    guard busy.count - leaversInFlight < inFlight, now >= pausedUntil else { return nil }
    if let found = nextException(at: now) { return found }
    return isCircuitOpen ? nil : nextEvent()
  }

  private mutating func nextLeaver(at now: Int64) -> Delivery? {
    guard leaversInFlight < Self.leaverLanes else { return nil }
    let due = leavers.filter { !$0.value.isDone && $0.value.due <= now && !busy.contains($0.key) }
    guard let (key, leaver) = due.min(by: { Place($0.value.id) < Place($1.value.id) }) else { return nil }
    busy.insert(key)
    leaversInFlight += 1
    return .leaver(leaver.id, key: key)
  }

  private mutating func nextException(at now: Int64) -> Delivery? {
    let ready = exceptions.filter { !busy.contains($0.key) && !hasLeaverWaiting($0.key) }
    guard let (key, exception) = ready.min(by: { $0.value.due < $1.value.due }) else { return nil }
    let isProbe = isCircuitOpen && now >= nextProbe
    guard exception.due <= now || isProbe else { return nil }
    if isCircuitOpen { nextProbe = now + Self.probeInterval }
    busy.insert(key)
    return .exception(key: key, from: exception.place, upTo: read)
  }

  private func hasLeaverWaiting(_ key: String) -> Bool { leavers[key].map { !$0.isDone } ?? false }

  private mutating func nextEvent() -> Delivery? {
    var earlier = Set<String>()
    for slot in window where !slot.isDone {
      guard earlier.insert(slot.key).inserted, !busy.contains(slot.key), !hasLeaverWaiting(slot.key) else {
        continue
      }
      busy.insert(slot.key)
      return .event(slot.event)
    }
    return nil
  }

  /// When `next` may have something without anything else happening; nil for never.
  func nextTime(after now: Int64) -> Int64? {
    var times = leavers.filter { !$0.value.isDone && !busy.contains($0.key) }.map(\.value.due)
    times += exceptions.filter { !busy.contains($0.key) }.map { max($0.value.due, pausedUntil) }
    if isCircuitOpen { times.append(nextProbe) }
    if pausedUntil > now { times.append(pausedUntil) }
    return times.min()
  }
}

// What came of it.
extension WebhookLedger {
  /// Returns why the webhook must be disabled, or nil.
  mutating func finish(_ delivery: Delivery, _ result: Result, at now: Int64, jitter: UInt8) -> String? {
    let key = delivery.key
    busy.remove(key)
    if case .leaver = delivery { leaversInFlight -= 1 }
    defer { trim() }
    guard case .sent(let id, let outcome, let skipped) = result else {
      retry(delivery, result, at: now)
      return nil
    }
    superseded += skipped
    if let reason = note(key, outcome, at: now) { return reason }
    guard case .accepted = outcome else { return fail(delivery, id, at: now, jitter: jitter) }
    settle(id)
    switch delivery {
    case .event: break
    case .leaver:
      if leavers[key]?.id == id { leavers[key]?.isDone = true }
      passException(key, behind: Place(id))
    case .exception: put(key, Exception(place: Place(id).next, failures: 0, due: now))
    }
    return nil
  }

  /// Nothing of an exception was sent: it ends if nothing was left, and is tried later if that is not known.
  private mutating func retry(_ delivery: Delivery, _ result: Result, at now: Int64) {
    guard case .exception(let key, _, let last) = delivery, exceptions[key] != nil else { return }
    switch result {
    case .unread: exceptions[key]?.due = now + 5000
    // Meanwhile more may have been read.
    case .nothing, .sent:
      put(key, last >= read ? nil : Exception(place: Place(last + 1, 0), failures: 0, due: now))
    }
  }

  /// Returns why the webhook must be disabled, if that was the last attempt.
  private mutating func fail(
    _ delivery: Delivery, _ id: EventID, at now: Int64, jitter: UInt8
  ) -> String? {
    let (key, place) = (delivery.key, Place(id))
    // A newer leaver stands in for it.
    if let leaver = leavers[key], place < Place(leaver.id) {
      settle(id)
      return nil
    }
    let before: Int
    switch delivery {
    case .event: before = 0
    case .leaver: before = leavers[key]?.failures ?? 0
    case .exception: before = exceptions[key].map { $0.place == place ? $0.failures : 0 } ?? 0
    }
    guard let wait = schedule.wait(after: before + 1, jitter: jitter) else { return Self.exhausted }
    guard case .leaver = delivery else {
      put(key, Exception(place: place, failures: before + 1, due: now + wait))
      return nil
    }
    let leaver = Leaver(id: id, failures: before + 1, due: now + wait)
    leavers[key] = leaver
    if id.seq <= read { _ = convert(key, leaver) }
    return nil
  }

  private mutating func settle(_ id: EventID) {
    for index in window.indices where window[index].event.id == id { window[index].isDone = true }
  }

  /// What an exception still had of the user's events before a leaver is superseded.
  private mutating func passException(_ key: String, behind place: Place) {
    guard let exception = exceptions[key], exception.place < place else { return }
    superseded += 1
    put(key, place.seq <= read ? Exception(place: place.next, failures: 0, due: 0) : nil)
  }

  private static let exhausted = "every attempt to send an event failed"

  /// Counts an outcome; returns why the webhook must be disabled.
  private mutating func note(_ key: String, _ outcome: WebhookOutcome, at now: Int64) -> String? {
    switch outcome {
    case .accepted:
      delivered += 1
      // The receiver is back.
      if isCircuitOpen { for key in exceptions.keys { exceptions[key]?.due = now } }
      failing = []
    case .failed(let slowDown):
      failed += 1
      failing.insert(key)
      if let slowDown { pausedUntil = max(pausedUntil, now + slowDown) }
      if failing.count == Self.maxFailing { nextProbe = now + Self.probeInterval }
    case .gone:
      failed += 1
      return "the receiver answered 410 Gone"
    }
    return nil
  }

  /// The exceptions that changed are being written down.
  mutating func takeChanged() -> Set<String> {
    defer { changed = [] }
    return changed
  }

  /// They were not.
  mutating func restoreChanged(_ keys: Set<String>) { changed.formUnion(keys) }
}
