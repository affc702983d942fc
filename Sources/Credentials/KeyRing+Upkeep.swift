import Dispatch
import Platform
import SCIM
import Storage

// Last uses and ends of secrets, which requests cause and which are written outside of them.
extension KeyRing {
  /// How long requests may still use the old secret after the new one was first used, in milliseconds.
  static let grace: Int64 = 60_000

  /// Records that a request was accepted with a key.
  func accepted(_ granted: GrantedKey, at now: DateTime, _ use: () -> KeyUse) {
    granted.usage.record(at: now, use)
    if granted.endsOlder { endOlder(than: granted, at: now) }
  }

  /// The first request with a new secret ends the one before: in memory at once, in the log a moment later.
  private func endOlder(than granted: GrantedKey, at now: DateTime) {
    let end = DateTime(milliseconds: now.milliseconds + Self.grace)
    let isFirst = endings.withLock { endings in
      guard endings[granted.key.resource] == nil else { return false }
      endings[granted.key.resource] = end
      return true
    }
    guard isFirst else { return }
    table.withLock { table in
      guard var key = table.keys[granted.key.resource] else { return }
      key.endSeen(at: end)
      table.anticipate(key)
    }
    queue.async { @Sendable [self] in writeEndings() }
  }

  /// Writes last uses that are due, and ends that could not be written before, and forgets what has ended. Blocks; called every few seconds, and
  /// once when the server stops.
  package func upkeep() {
    queue.sync { @Sendable [self] in
      writeEndings()
      writeUses()
      forgetUsedTokens()
    }
  }

  /// Writes the ends that the log does not have yet, and keeps those that it refuses for the next time.
  private func writeEndings() {
    for (resource, end) in endings.withLock({ $0 }) {
      if write(end, resource) { endings.withLock { $0[resource] = nil } }
    }
  }

  /// False if the log refuses it now; true also if the key is gone.
  private func write(_ end: DateTime, _ resource: ResourceID) -> Bool {
    guard let known = table.withLock({ $0.keys[resource] }), let directory = directory(known.directory) else {
      return true
    }
    let context = RequestContext(
      Actor(.server), requestID: "keys", operation: "SEEN /keys/{id}")
    let type = directory.administrativeType("Key")
    let written = directory.write(context) { tx throws(SCIMError) in
      guard let old = try? tx.resource(type, resource.text),
        var key = APIKey(old.administrative(in: directory))
      else { return nil }
      key.endSeen(at: end)
      try tx.update(old, key.document.ordered(for: type), [], skipsUnknown: false)
      return nil
    }
    if case .failure = written.whenDurable() { return false }
    return true
  }

  /// Writes the last uses that are due, in one record per directory.
  private func writeUses() {
    let now = now
    var due: [String: [(name: String, user: ResourceID?, use: KeyUse)]] = [:]
    let (usages, keys) = table.withLock { ($0.usages, $0.keys) }
    for key in keys.values {
      for generation in key.generations {
        let name = KeyNotes.use(of: key.id, generation: generation.number)
        guard let use = usages[name]?.takeDue(now: now) else { continue }
        due[key.directory, default: []].append((name, key.user.flatMap { ResourceID($0) }, use))
      }
    }
    let context = RequestContext(Actor(.server), requestID: "keys", operation: "NOTE last use")
    for (name, uses) in due {
      // One that is not taken is written a minute later, with what was observed meanwhile.
      _ = directory(name)?.write(context) { tx throws(SCIMError) in
        // Where a user came from goes with the user.
        for (name, user, use) in uses { tx.note(name, about: user, use.json) }
        return nil
      }
    }
  }
}

extension APIKey {
  /// Ends, at that time, the older secrets that live until the newest is seen.
  mutating func endSeen(at end: DateTime) {
    for index in generations.indices.dropLast() where generations[index].untilSeen {
      generations[index].untilSeen = false
      generations[index].ends = generations[index].ends.map { min($0, end) } ?? end
    }
  }
}
