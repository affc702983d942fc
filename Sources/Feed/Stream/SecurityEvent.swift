import JSON
import Storage

/// The SCIM events of RFC 9967 §2 that streams can have: the one table of what makes which. Others are never generated.
package enum SecurityEvent: String, Sendable, CaseIterable {
  case createFull = "urn:ietf:params:scim:event:prov:create:full"
  case createNotice = "urn:ietf:params:scim:event:prov:create:notice"
  case patchFull = "urn:ietf:params:scim:event:prov:patch:full"
  case patchNotice = "urn:ietf:params:scim:event:prov:patch:notice"
  case delete = "urn:ietf:params:scim:event:prov:delete"
  case activate = "urn:ietf:params:scim:event:prov:activate"
  case deactivate = "urn:ietf:params:scim:event:prov:deactivate"

  private static let prefix = "urn:ietf:params:scim:event:"

  /// Those of a stream that says nothing else: what happened to whom, without values.
  package static let notices: [SecurityEvent] = [
    .createNotice, .patchNotice, .delete, .activate, .deactivate,
  ]

  /// By its URI, or by what follows its prefix: `prov:delete`.
  package init?(_ text: String) {
    self.init(rawValue: text.hasPrefix(Self.prefix) ? text : Self.prefix + text)
  }

  /// The same event with values, or without; nil for one that has no such pair.
  package var counterpart: SecurityEvent? {
    switch self {
    case .createFull: .createNotice
    case .createNotice: .createFull
    case .patchFull: .patchNotice
    case .patchNotice: .patchFull
    case .delete, .activate, .deactivate: nil
    }
  }
}

extension EventType {
  /// What a stream may make of such an event. A user who is deactivated or reactivated was changed, too.
  package var securityEvents: [SecurityEvent] {
    switch self {
    case .userCreated, .userRestored, .groupCreated, .groupRestored, .resourceCreated, .resourceRestored:
      [.createFull, .createNotice]
    case .userUpdated, .groupUpdated, .resourceUpdated, .memberAdded, .memberRemoved:
      [.patchFull, .patchNotice]
    case .userDeactivated: [.deactivate, .patchFull, .patchNotice]
    case .userReactivated: [.activate, .patchFull, .patchNotice]
    case .userDeleted, .userErased, .groupDeleted, .groupErased, .resourceDeleted, .resourceErased:
      [.delete]
    default: []
    }
  }
}
