import Dispatch
import JSON
import Platform
import SCIM
package import Storage

/// The webhooks and pushed streams of all directories: follows the logs and sends what they are to get. A view: nothing waits for it.
package final class Webhooks: Sendable {
  private struct State {
    var deliveries: [String: WebhookDelivery] = [:]
    var isRunning = false
  }

  package let sender: WebhookSender
  package let streams: StreamSender
  private let feed: Feed
  private let schedule: WebhookSchedule
  private let environment: Environment
  package let attempts = WebhookAttempts()
  package let clock: LeaverClock
  private let report: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "scimd.webhooks")
  private let state = Locked(State())

  /// - Parameter report: gets notices for the administrator of the machine.
  package init(
    _ feed: Feed, _ sender: WebhookSender, _ streams: StreamSender,
    _ schedule: WebhookSchedule = .standard,
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.feed = feed
    self.sender = sender
    self.streams = streams
    self.schedule = schedule
    self.report = report
    environment = feed.store.environment
    clock = LeaverClock(feed.store)
  }

  /// Sends from now on, and follows what administrators change.
  package func begin() {
    state.withLock { $0.isRunning = true }
    feed.store.follow { [weak self] change in
      guard let self,
        EventTargetKind(rawValue: change.type.name) != nil || change.type.name.hasSameBytes(as: "Directory")
      else { return }
      // Under the lock of the directory: it is asked later.
      queue.async { @Sendable [weak self] in self?.look(change) }
    }
    queue.async { @Sendable [weak self] in
      guard let self else { return }
      for directory in feed.store.allDirectories {
        for kind in EventTargetKind.allCases {
          let type = directory.administrativeType(kind.rawValue)
          for target in directory.administrativeResources(type) { look(target) }
        }
      }
    }
    watchClock()
  }

  /// Ends everything; blocks until places are written down, but not for calls under way.
  package func stop() {
    let deliveries = state.withLock { state in
      state.isRunning = false
      defer { state.deliveries = [:] }
      return state.deliveries
    }
    for delivery in deliveries.values { delivery.stop() }
    queue.sync { @Sendable in }
  }

  /// How far the webhook or stream is; nil if it is not being sent to.
  package func progress(of id: ResourceID) -> WebhookProgress? {
    state.withLock { $0.deliveries[id.text] }?.progress
  }

  /// Records that each webhook and stream has not handled yet, in order of the labels.
  /// - Parameter directory: the only one; nil for all.
  package func behind(of directory: String?) -> [(directory: String, webhook: String, behind: Int)] {
    let deliveries = state.withLock { Array($0.deliveries.values) }
    return deliveries.filter { one in directory.map { $0.hasSameBytes(as: one.directory.name) } ?? true }
      .map { ($0.directory.name, $0.label, Int(clamping: $0.progress.behind)) }
      .sorted { "\($0.0) \($0.1)".utf8.lexicographicallyPrecedes("\($1.0) \($1.1)".utf8) }
  }

  /// Sends an event outside the order, and does not change the webhook's place.
  package func resend(_ event: Event, _ webhook: Webhook, _ id: String) -> WebhookAttempt {
    let attempt = sender.send(event, to: webhook, id)
    attempts.add(attempt, id)
    return attempt
  }

  /// Returns when everything that was changed so far is followed.
  package func settle() { queue.sync { @Sendable in } }

  // MARK: Following

  /// Begins, changes or ends a delivery as the resource is now.
  private func look(_ change: AdministrativeChange) {
    guard let kind = EventTargetKind(rawValue: change.type.name) else { return endGone() }
    let (id, directory) = (change.id.text, change.directory)
    let now = directory.administrativeResource(change.type, change.id)?.document
    let old = state.withLock { $0.deliveries.removeValue(forKey: id) }
    old?.stop(keepsPlace: now != nil)
    guard let document = now, let target = target(kind, id, document, directory) else { return }
    let delivery = WebhookDelivery(target, id, feed.of(directory), schedule, environment, events)
    let isRunning = state.withLock { state in
      if state.isRunning { state.deliveries[id] = delivery }
      return state.isRunning
    }
    if isRunning { delivery.begin() }
  }

  /// Nil if nothing is to be sent to it now.
  private func target(
    _ kind: EventTargetKind, _ id: String, _ document: Document, _ directory: Directory
  ) -> EventTarget? {
    switch kind {
    case .webhook:
      guard let webhook = Webhook(document), webhook.state == .active else { return nil }
      return EventTarget(
        kind: kind, name: webhook.name, inFlight: webhook.inFlight, start: webhook.start,
        wants: { webhook.wants($0) }, send: { [sender] in sender.send($0, to: webhook, id) })
    case .stream:
      guard let stream = TokenStream(document), stream.state == .active, stream.delivery == .push else {
        return nil
      }
      return EventTarget(
        kind: kind, name: stream.name, inFlight: stream.inFlight, start: stream.start,
        wants: { stream.wants($0) },
        send: { [streams] in streams.push($0, to: stream, id, directory.catalog) })
    }
  }

  /// Ends the deliveries of directories that are gone.
  private func endGone() {
    let gone = state.withLock { state in
      let gone = state.deliveries.filter {
        feed.store.existingDirectory(named: $0.value.directory.name) !== $0.value.directory
      }
      for id in gone.keys { state.deliveries[id] = nil }
      return gone
    }
    for delivery in gone.values { delivery.stop(keepsPlace: false) }
  }

  private var events: WebhookEvents {
    WebhookEvents(
      left: { [clock] events, label, directory in clock.left(events, label, directory) },
      attempted: { [attempts, clock, environment] attempt, event, id, label, directory in
        attempts.add(attempt, id)
        if attempt.isAccepted { clock.accepted(event, label, at: environment.now(), directory) }
      },
      disable: { [weak self] id, target, reason, directory in
        guard let self else { return }
        report("the \(target.kind.noun) \(target.name) of \(directory.name) was disabled: \(reason)")
        queue.async { @Sendable [weak self] in self?.disable(id, target.kind, reason, directory) }
      }, report: report)
  }

  /// Writes it down; that ends the delivery. While the disk is full it is tried again.
  private func disable(_ id: String, _ kind: EventTargetKind, _ reason: String, _ directory: Directory) {
    let type = directory.administrativeType(kind.rawValue)
    let context = RequestContext(
      Actor(.server), requestID: kind.noun, operation: "DISABLE /\(kind.noun)s/{id}")
    let result = directory.write(context) { tx throws(SCIMError) in
      guard let old = try? tx.resource(type, id),
        old.document.attributes["state"]?.stringValue?.hasSameBytes(as: Webhook.State.active.rawValue) == true
      else { return nil }
      var attributes = old.document.attributes
      attributes["state"] = .string(Webhook.State.disabled.rawValue)
      attributes["reason"] = .string(reason)
      try tx.update(old, Document(attributes).ordered(for: type), [], skipsUnknown: false)
      return nil
    }
    guard !result.isAccepted(), state.withLock({ $0.isRunning }) else { return }
    queue.asyncAfter(deadline: .now() + 10) { @Sendable [weak self] in
      self?.disable(id, kind, reason, directory)
    }
  }

  // MARK: Leavers

  private static let clockSeconds = 5.0

  private func watchClock() {
    queue.asyncAfter(deadline: .now() + Self.clockSeconds) { @Sendable [weak self] in
      guard let self, state.withLock({ $0.isRunning }) else { return }
      clock.reportLate(at: environment.now())
      watchClock()
    }
  }
}
