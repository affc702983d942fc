import JSON
import Platform
import SCIM
import Storage
import Synchronization

/// The last use of one secret: exact to a second in memory, and written to the log by `KeyRing`'s upkeep at most once
/// per minute.
package final class KeyUsage: Sendable {
  private struct State {
    var last: KeyUse?
    /// The use that the log has, or is about to have.
    var written: KeyUse?
    /// When it was written, in milliseconds since 1970.
    var writtenAt: Int64 = 0
  }

  /// Milliseconds between two writes.
  static let writeInterval: Int64 = 60_000

  /// The second of the last use, since 1970; requests within the same second take no lock.
  private let second: Atomic<Int64>
  private let state: Locked<State>

  init(written: KeyUse?) {
    second = Atomic(written?.time.seconds ?? .min)
    state = Locked(
      State(last: written, written: written, writtenAt: written?.time.milliseconds ?? 0))
  }

  package var last: KeyUse? { state.withLock { $0.last } }

  /// Keeps a use, unless one of the same second is kept already.
  func record(at now: DateTime, _ use: () -> KeyUse) {
    guard second.load(ordering: .relaxed) != now.seconds else { return }
    second.store(now.seconds, ordering: .relaxed)
    let use = use()
    state.withLock { $0.last = use }
  }

  /// The use that is due to be written; it counts as written from now on.
  func takeDue(now: DateTime) -> KeyUse? {
    state.withLock { state in
      guard let last = state.last, last != state.written else { return nil }
      // A clock that was set back must not silence it.
      let age = now.milliseconds - state.writtenAt
      if state.written != nil, age >= 0, age < Self.writeInterval { return nil }
      state.written = last
      state.writtenAt = now.milliseconds
      return last
    }
  }
}
