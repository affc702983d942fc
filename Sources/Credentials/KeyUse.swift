import JSON
import Platform
package import SCIM
package import Storage
import Synchronization

/// When and from where a secret of a key was last accepted.
package struct KeyUse: Sendable, Equatable {
  package let time: DateTime
  /// The client's address.
  package let remote: String
  /// The User-Agent field, cut; nil if the client sent none.
  package let agent: String?
  package let requestID: String
  /// How the client proved who it is.
  package let kind: DirectoryPolicies.AuthKind

  static let maxAgentBytes = 128

  /// The value of the note that keeps it.
  var json: JSONValue {
    var object: JSONObject = [
      "time": .string(time.description), "remote": .string(remote), "request": .string(requestID),
      "kind": .string(kind.rawValue),
    ]
    object["agent"] = agent.map { .string($0) }
    return .object(object)
  }
}

extension KeyUse {
  init?(_ json: JSONValue) {
    guard let time = json["time"]?.stringValue.flatMap({ DateTime($0) }) else { return nil }
    self.init(
      time: time, remote: json["remote"]?.stringValue ?? "", agent: json["agent"]?.stringValue,
      requestID: json["request"]?.stringValue ?? "",
      kind: json["kind"]?.stringValue.flatMap { DirectoryPolicies.AuthKind(rawValue: $0) } ?? .bearer)
  }
}

/// The last use of one secret, as requests leave it behind: exact to a second, and written to the log by `KeyRing`'s
/// upkeep at most once a minute.
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

  /// The second of the last use, since 1970.
  private let second: Atomic<Int64>
  private let state: Locked<State>

  init(written: KeyUse?) {
    second = Atomic(written?.time.seconds ?? .min)
    state = Locked(
      State(last: written, written: written, writtenAt: written?.time.milliseconds ?? 0))
  }

  package var last: KeyUse? { state.withLock { $0.last } }

  /// Keeps a use unless one of the same second is kept already.
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
