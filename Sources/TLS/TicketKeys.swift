import Platform

/// The keys that session tickets are sealed with. They change every hour and open tickets of the two hours before, so
/// that a key that leaks exposes no sessions older than that.
final class TicketKeys: Sendable {
  struct Key: Sendable {
    /// Finds the key of a ticket; not secret.
    let name: [UInt8]
    let cipher: [UInt8]
    let mac: [UInt8]
  }

  private struct State {
    /// Newest first.
    var keys: [Key] = []
    var since: UInt64 = 0
  }

  static let nameBytes = 16
  /// A ticket is good for two hours, no longer than its key.
  static let ticketSeconds = 7200
  private static let period: UInt64 = 3_600_000_000_000
  private static let kept = 3

  private let environment: Environment
  private let state = Locked(State())

  init(_ environment: Environment) { self.environment = environment }

  /// The key for new tickets.
  func current() -> Key { keys()[0] }

  /// The key of a ticket, and whether it is the current one; nil if it is too old or not from here.
  func named(_ name: UnsafeRawBufferPointer) -> (key: Key, isCurrent: Bool)? {
    let keys = keys()
    guard let index = keys.firstIndex(where: { $0.name.elementsEqual(name) }) else { return nil }
    return (keys[index], index == 0)
  }

  /// The random bytes of a ticket's initialisation vector.
  func randomBytes(_ count: Int) -> [UInt8] { environment.randomBytes(count) }

  /// The keys in use, never none.
  private func keys() -> [Key] {
    let now = environment.monotonic()
    return state.withLock { state in
      if state.keys.isEmpty || now &- state.since >= Self.period {
        // After a longer pause even the newest key may be too old for its tickets.
        if now &- state.since >= Self.period * UInt64(Self.kept) { state.keys = [] }
        let bytes = environment.randomBytes(Self.nameBytes + 64)
        let key = Key(
          name: Array(bytes[..<Self.nameBytes]), cipher: Array(bytes[Self.nameBytes..<Self.nameBytes + 32]),
          mac: Array(bytes[(Self.nameBytes + 32)...]))
        state.keys = [key] + state.keys.prefix(Self.kept - 1)
        state.since = now
      }
      return state.keys
    }
  }
}
