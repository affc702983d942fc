package import JSON
package import Platform
import SCIM
import Storage

/// How long it takes until the applications know that somebody is out: for each deactivation and deletion since the start,
/// when the request came, and when each webhook accepted it.
package final class LeaverClock: Sendable {
  /// A deactivation or deletion.
  package struct Leaver: Sendable {
    package let event: Event
    package let directory: String
    /// When the record was made, milliseconds since 1970: in the middle of its request.
    package let received: Int64
    /// When it was seen to be on disk.
    package let durable: Int64
    /// Webhooks that are to learn of it.
    package var webhooks: [String]
    /// When each webhook accepted it.
    package var accepted: [String: Int64] = [:]
    /// Webhooks that were reported to be late.
    var late: Set<String> = []
  }

  private struct Table {
    /// The last ones that are kept.
    static let limit = 1000

    var leavers: [EventID: Leaver] = [:]
    /// Those of the table, the oldest first.
    var order: [EventID] = []

    mutating func add(_ leaver: Leaver) {
      leavers[leaver.event.id] = leaver
      order.append(leaver.event.id)
      if order.count > Self.limit { leavers[order.removeFirst()] = nil }
    }
  }

  /// From 50 ms to an hour, in nanoseconds.
  private static let bounds: [UInt64] = [
    50, 100, 250, 500, 1000, 2000, 5000, 30_000, 60_000, 300_000, 3_600_000,
  ]
  .map { $0 * 1_000_000 }

  private let store: Store
  private let table = Locked(Table())
  /// Nanoseconds from the record to the acceptance.
  private let durations = Locked(Histogram(LeaverClock.bounds))

  private static let context = RequestContext(Actor(.clock), requestID: "clock", operation: "LATE /leavers")

  init(_ store: Store) { self.store = store }

  /// Somebody left, as a webhook that is to learn of it sees it.
  func left(_ events: [Event], _ webhook: String, _ directory: Directory) {
    let now = store.environment.now()
    table.withLock { table in
      for event in events {
        if let known = table.leavers[event.id] {
          if known.webhooks.contains(where: { $0.hasSameBytes(as: webhook) }) { continue }
          table.leavers[event.id]?.webhooks.append(webhook)
        } else {
          table.add(
            Leaver(
              event: event, directory: directory.name,
              received: DateTime(event.time)?.milliseconds ?? now, durable: now, webhooks: [webhook]))
        }
      }
    }
  }

  func accepted(_ event: Event, _ webhook: String, at now: Int64, _ directory: Directory) {
    guard event.type.isLeaving else { return }
    let received = table.withLock { table -> Int64? in
      guard let leaver = table.leavers[event.id], leaver.accepted[webhook] == nil else { return nil }
      table.leavers[event.id]?.accepted[webhook] = now
      return leaver.received
    }
    guard let received else { return }
    durations.withLock { $0.add(UInt64(clamping: max(now - received, 0)) &* 1_000_000) }
  }

  /// Newest first, or the slowest first; those that a webhook has not accepted count until now.
  package func all(of directory: String?, slowestFirst: Bool) -> [Leaver] {
    let now = store.environment.now()
    let found = table.withLock { table in
      table.leavers.values.filter { leaver in directory.map { $0.hasSameBytes(as: leaver.directory) } ?? true
      }
    }
    guard slowestFirst else {
      return found.sorted { ($0.received, $0.event.id.seq) > ($1.received, $1.event.id.seq) }
    }
    return found.sorted { $0.milliseconds(at: now) > $1.milliseconds(at: now) }
  }

  package var histogram: Histogram { durations.withLock { $0 } }

  /// Writes down which webhooks were late, once each.
  func reportLate(at now: Int64) {
    for directory in store.allDirectories {
      let limit = Int64(directory.description.policies.leaverSLA) * 1000
      let late = table.withLock { table -> [(Leaver, String)] in
        var late: [(Leaver, String)] = []
        for (id, leaver) in table.leavers where leaver.directory.hasSameBytes(as: directory.name) {
          guard now - leaver.received > limit else { continue }
          for webhook in leaver.webhooks
          where leaver.accepted[webhook] == nil && !leaver.late.contains(webhook) {
            table.leavers[id]?.late.insert(webhook)
            late.append((leaver, webhook))
          }
        }
        return late
      }
      if !late.isEmpty { write(late, directory) }
    }
  }

  private func write(_ late: [(leaver: Leaver, webhook: String)], _ directory: Directory) {
    let type = directory.administrativeType("LateLeaver")
    _ = directory.write(Self.context) { tx throws(SCIMError) in
      for (leaver, webhook) in late.prefix(250) {
        let key = "\(leaver.event.id) \(webhook)"
        // It was late before a restart already.
        guard tx.find(type, "key", key).isEmpty else { continue }
        let document = Document([
          "key": .string(key), "user": .string(leaver.event.subject.id),
          "event": .string(leaver.event.id.description),
          "webhook": .string(webhook), "left": .string(leaver.event.time),
        ])
        _ = try tx.create(type, document.ordered(for: type), members: [], skipsUnknown: false)
      }
      return nil
    }
  }
}

extension LeaverClock.Leaver {
  /// Whether a webhook has not accepted it yet.
  package var isOpen: Bool { !webhooks.allSatisfy { accepted[$0] != nil } }

  /// Until the last webhook accepted it, or until now.
  package func milliseconds(at now: Int64) -> Int64 {
    let all = webhooks.map { accepted[$0] ?? now }
    return (all.max() ?? now) - received
  }

  package func json(at now: Int64) -> JSONValue {
    let details = event.subject.details
    var object: JSONObject = [
      "event": .string(event.id.description), "type": .string(event.type.rawValue),
      "user": .string(event.subject.id),
      "directory": .string(directory), "received": .string(DateTime(milliseconds: received).description),
      "durable": .string(DateTime(milliseconds: durable).description),
      "milliseconds": .integer(milliseconds(at: now)),
    ]
    if let name = details["userName"] { object["userName"] = name }
    object["webhooks"] = .array(
      webhooks.map { name in
        var webhook: JSONObject = ["name": .string(name)]
        if let time = accepted[name] {
          webhook["accepted"] = .string(DateTime(milliseconds: time).description)
          webhook["milliseconds"] = .integer(time - received)
        }
        return .object(webhook)
      })
    return .object(object)
  }
}
