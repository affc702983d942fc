import Dispatch
import JSON
import Platform
import SCIM
package import Storage

/// The webhooks of all directories: follows the logs and sends what they are to get. A view: nothing waits for it.
package final class Webhooks: Sendable {
  private struct State {
    var deliveries: [String: WebhookDelivery] = [:]
    var isRunning = false
  }

  package let sender: WebhookSender
  private let feed: Feed
  private let schedule: WebhookSchedule
  private let environment: Environment
  package let attempts = WebhookAttempts()
  package let clock: LeaverClock
  private let report: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "scimd.webhooks")
  private let state = Locked(State())

  private static let context = RequestContext(
    Actor(.server), requestID: "webhook", operation: "DISABLE /webhooks/{id}")

  /// - Parameter report: gets notices for the administrator of the machine.
  package init(
    _ feed: Feed, _ sender: WebhookSender, _ schedule: WebhookSchedule = .standard,
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.feed = feed
    self.sender = sender
    self.schedule = schedule
    self.report = report
    environment = feed.store.environment
    clock = LeaverClock(feed.store)
  }

  /// Sends from now on, and follows what administrators change.
  package func begin() {
    state.withLock { $0.isRunning = true }
    feed.store.follow { [weak self] change in
      guard let self, ["Webhook", "Directory"].contains(where: { $0.hasSameBytes(as: change.type.name) })
      else { return }
      // Under the lock of the directory: it is asked later.
      queue.async { @Sendable [weak self] in self?.look(change) }
    }
    queue.async { @Sendable [weak self] in
      guard let self else { return }
      for directory in feed.store.allDirectories {
        for webhook in directory.administrativeResources(directory.administrativeType("Webhook")) {
          look(webhook)
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

  /// How far the webhook is; nil if it is not being sent to.
  package func progress(of id: ResourceID) -> WebhookProgress? {
    state.withLock { $0.deliveries[id.text] }?.progress
  }

  /// Records that each webhook has not handled yet, in order of the names.
  /// - Parameter directory: the only one; nil for all.
  package func behind(of directory: String?) -> [(directory: String, webhook: String, behind: Int)] {
    let deliveries = state.withLock { Array($0.deliveries.values) }
    return deliveries.filter { one in directory.map { $0.hasSameBytes(as: one.directory.name) } ?? true }
      .map { ($0.directory.name, $0.webhook.name, Int(clamping: $0.progress.behind)) }
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
    guard change.type.name.hasSameBytes(as: "Webhook") else { return endGone() }
    let (id, directory) = (change.id.text, change.directory)
    let now = directory.administrativeResource(change.type, change.id)?.document
    let old = state.withLock { $0.deliveries.removeValue(forKey: id) }
    old?.stop(keepsPlace: now != nil)
    guard let document = now,
      let webhook = Webhook(document), webhook.state == .active
    else { return }
    let delivery = WebhookDelivery(
      webhook, id, feed.of(directory), sender, schedule, environment, events)
    let isRunning = state.withLock { state in
      if state.isRunning { state.deliveries[id] = delivery }
      return state.isRunning
    }
    if isRunning { delivery.begin() }
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
      left: { [clock] events, webhook, directory in clock.left(events, webhook.name, directory) },
      attempted: { [attempts, clock, environment] attempt, event, id, directory in
        attempts.add(attempt, id)
        if attempt.isAccepted { clock.accepted(event, attempt.webhook, at: environment.now(), directory) }
      },
      disable: { [weak self] id, name, reason, directory in
        guard let self else { return }
        report("the webhook \(name) of \(directory.name) was disabled: \(reason)")
        queue.async { @Sendable [weak self] in self?.disable(id, reason, directory) }
      }, report: report)
  }

  /// Writes it down; that ends the delivery. While the disk is full it is tried again.
  private func disable(_ id: String, _ reason: String, _ directory: Directory) {
    let type = directory.administrativeType("Webhook")
    let result = directory.write(Self.context) { tx throws(SCIMError) in
      guard let old = try? tx.resource(type, id), var webhook = Webhook(old.document),
        webhook.state == .active
      else {
        return nil
      }
      webhook.state = .disabled
      webhook.reason = reason
      try tx.update(old, webhook.document.ordered(for: type), [], skipsUnknown: false)
      return nil
    }
    guard !result.isAccepted(), state.withLock({ $0.isRunning }) else { return }
    queue.asyncAfter(deadline: .now() + 10) { @Sendable [weak self] in self?.disable(id, reason, directory) }
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
