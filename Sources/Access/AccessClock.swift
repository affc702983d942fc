import Platform
import SCIM
package import Storage

/// Writes down what time does to grants: one that has ended is removed, by a record of the clock. It grants nothing from
/// the second of its end on, whether that is written or not.
package final class AccessClock: Sendable {
  /// Grants that one record removes: a few milliseconds of the directory's lock.
  private static let maxAtOnce = 250

  private let store: Store
  private let index: AccessIndex
  /// When the next grant of a directory ends, and as of which record.
  private let known = Locked<[String: (seq: UInt64, next: Int64)]>([:])

  package init(_ store: Store, _ index: AccessIndex) {
    self.store = store
    self.index = index
  }

  /// Removes what has ended in every directory. Blocks; called every few seconds, by the writer alone.
  ///
  /// - Returns: how many grants were removed.
  @discardableResult package func sweep() -> Int {
    store.allDirectories.reduce(0) { $0 + sweep($1) }
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
