import Credentials

/// The rights of a caller of the admin API.
package enum AdminScope: String, Sendable, CaseIterable {
  case read = "admin.read"
  case write = "admin.write"
  case erase = "admin.erase"
  /// For monitoring systems.
  case metricsRead = "metrics.read"
  /// For applications and IGA tools.
  case peopleRead = "api.people.read"
  case accessRead = "api.access.read"
  case accessWrite = "api.access.write"
  case eventsRead = "api.events.read"
  case signInsWrite = "api.signins.write"

  /// The same as a scope of keys.
  var scope: Scopes {
    switch self {
    case .read: .adminRead
    case .write: .adminWrite
    case .erase: .adminErase
    case .metricsRead: .metricsRead
    case .peopleRead: .apiPeopleRead
    case .accessRead: .apiAccessRead
    case .accessWrite: .apiAccessWrite
    case .eventsRead: .apiEventsRead
    case .signInsWrite: .apiSignInsWrite
    }
  }
}
