/// How a connection is doing, as people see it.
package enum ConnectionCondition: String, Sendable, CaseIterable {
  /// No key of it was accepted yet.
  case waiting
  /// Its requests come as usual.
  case connected
  /// None came for twice its usual interval.
  case silent
  /// Its last ten writes were refused.
  case failing
  /// An administrator paused it.
  case paused
  /// A job is removing it.
  case removing

  /// - Parameter now: milliseconds since 1970.
  package init(_ state: ConnectionState, _ activity: ConnectionActivity, now: Int64) {
    switch state {
    case .active: self = activity.condition(at: now)
    case .paused: self = .paused
    case .removing: self = .removing
    }
  }
}
