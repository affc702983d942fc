import JSON
import Platform
import SCIM
package import Storage

/// Writes down what time does to rights, by records of the clock: a grant that has ended is removed, and a review that is
/// due is reminded of. A grant grants nothing from the second of its end on, whether that is written or not.
package final class AccessClock: Sendable {
  /// Grants that one record removes: a few milliseconds of the directory's lock.
  private static let maxAtOnce = 250

  private let store: Store
  private let index: AccessIndex
  /// When the next grant of a directory ends, and as of which record.
  private let known = Locked<[String: (seq: UInt64, next: Int64)]>([:])

  /// When the next review of a directory is to be reminded of; nothing if a review has changed.
  private let reminders = Locked<[String: Int64]>([:])

  package init(_ store: Store, _ index: AccessIndex) {
    self.store = store
    self.index = index
    store.follow { [weak self] change in
      guard change.type.name.hasSameBytes(as: "Review") else { return }
      self?.reminders.withLock { $0[change.directory.name] = nil }
    }
  }

  /// Removes what has ended in every directory. Blocks; called every few seconds, by the writer alone.
  ///
  /// - Returns: how many grants were removed.
  @discardableResult package func sweep() -> Int {
    store.allDirectories.reduce(0) { removed, directory in
      remind(in: directory)
      return removed + sweep(directory)
    }
  }

  /// Writes down that reviews are due soon, or now.
  private func remind(in directory: Directory) {
    let now = store.environment.now()
    if let next = reminders.withLock({ $0[directory.name] }), now < next { return }
    // A review that changes meanwhile takes the entry away again.
    reminders.withLock { $0[directory.name] = .max }
    let type = directory.administrativeType("Review")
    var (due, next): ([ResourceID], Int64) = ([], .max)
    for resource in directory.administrativeResources(type) {
      let moment = resource.document.flatMap { AccessCampaign($0) }?.nextReminder(created: resource.created)
      guard let moment else { continue }
      if moment <= now { due.append(resource.id) } else { next = min(next, moment) }
    }
    let soonest = next
    reminders.withLock { if $0[directory.name] != nil { $0[directory.name] = soonest } }
    guard !due.isEmpty else { return }
    let context = RequestContext(Actor(.clock), requestID: "clock", operation: "REMIND /reviews")
    // What is not taken now is tried again with the next change or start.
    _ = directory.writeTogether(context) { tx throws(SCIMError) in
      for id in due {
        guard let old = try? tx.resource(type, id.text), var campaign = AccessCampaign(old.document),
          campaign.state == .open
        else { continue }
        campaign.reminded = DateTime(milliseconds: now)
        try tx.update(old, campaign.document.ordered(for: type), [], skipsUnknown: false)
      }
    }.whenDurable()
  }

  private func sweep(_ directory: Directory) -> Int {
    let type = directory.administrativeType("Grant")
    var removed = 0
    while true {
      let now = store.environment.now()
      let table = index.table(of: directory)
      if let next = known.withLock({ $0[directory.name] }), next.seq == table.seq, now < next.next {
        return removed
      }
      let ended = table.expired(at: now, limit: Self.maxAtOnce)
      guard !ended.isEmpty else {
        known.withLock { $0[directory.name] = (table.seq, table.nextExpiry ?? .max) }
        return removed
      }
      let context = RequestContext(Actor(.clock), requestID: "clock", operation: "EXPIRE /grants")
      let written = directory.writeTogether(context) { tx throws(SCIMError) -> Int in
        var count = 0
        for id in ended {
          // It may have been removed or extended meanwhile.
          guard let old = try? tx.resource(type, id.text), let grant = Grant(old.document),
            let end = grant.expires, end.milliseconds <= now
          else { continue }
          try tx.delete(old)
          count += 1
        }
        return count
      }.whenDurable()
      // What is not taken now is tried again later.
      guard case .success(let count) = written, count > 0 else { return removed }
      removed += count
    }
  }
}
