import JSON
import Platform
import Storage

/// An event of each type, made from a record as the log has it.
struct EventExample {
  private static let user = "7e1a4c0e-55c8-4a1e-9d5c-0c9b6e3f2a11"
  private static let group = "b0a5f6d2-0c1f-4a53-8f2e-6a3c1de94f70"
  private static let other = "2f9c3c1a-8a7d-4b1c-9a55-3d7c1b1f6f0e"

  let type: EventType

  init(_ type: EventType) { self.type = type }

  /// Nil if the record makes no event of the type, which a test excludes.
  var event: Event? {
    let isByClock = [.accessExpired, .keyExpiring, .keyExpired].contains(type)
    let actor: JSONValue = isByClock ? ["kind": "clock"] : ["kind": "key", "key": "key_4ks81mXw2LpQ"]
    let record: JSONValue = [
      "time": "2026-12-01T09:30:00.000Z", "actor": actor, "request": "4bf0b9fc-17", "changes": [change],
    ]
    let logged = LoggedRecord(seq: 42, hash: Digest256.of(Array(type.rawValue.utf8)), record: record)
    let events = RecordEvents(logged, incarnation: "4gT0aZk9", directory: "default").events
    return events.first { $0.type == type }
  }

  private var change: JSONValue {
    switch type {
    case .userCreated: return Self.whole("create", "User", Self.user, Self.ada)
    case .userUpdated:
      return Self.update(
        "User", Self.user, ["displayName": "Ada"], ["displayName": "Ada Lovelace"], subject: Self.adaNow)
    case .userDeactivated:
      return Self.update("User", Self.user, ["active": true], ["active": false], subject: Self.adaGone)
    case .userReactivated:
      return Self.update("User", Self.user, ["active": false], ["active": true], subject: Self.adaNow)
    case .userDeleted: return Self.whole("delete", "User", Self.user, Self.ada)
    case .userRestored: return Self.whole("restore", "User", Self.user, Self.ada)
    case .userErased: return ["erase": "User", "id": .string(Self.user)]
    case .groupCreated: return Self.whole("create", "Group", Self.group, Self.staff)
    case .groupUpdated:
      return Self.update(
        "Group", Self.group, ["displayName": "Staff"], ["displayName": "Everybody"],
        subject: ["name": "Everybody"])
    case .groupDeleted: return Self.whole("delete", "Group", Self.group, Self.staff)
    case .groupRestored: return Self.whole("restore", "Group", Self.group, Self.staff)
    case .groupErased: return ["erase": "Group", "id": .string(Self.group)]
    case .memberAdded: return Self.members(added: [.string(Self.user)], removed: [])
    case .memberRemoved: return Self.members(added: [], removed: [.string(Self.user)])
    case .resourceCreated: return Self.whole("create", "Device", Self.other, ["displayName": "Laptop 7"])
    case .resourceUpdated:
      return Self.update(
        "Device", Self.other, ["displayName": "Laptop 7"], ["displayName": "Laptop 8"],
        subject: ["name": "Laptop 8"])
    case .resourceDeleted: return Self.whole("delete", "Device", Self.other, ["displayName": "Laptop 7"])
    case .resourceRestored: return Self.whole("restore", "Device", Self.other, ["displayName": "Laptop 7"])
    case .resourceErased: return ["erase": "Device", "id": .string(Self.other)]
    default: return administrative
    }
  }

  private var administrative: JSONValue {
    switch type {
    case .accessGranted: return Self.whole("create", "Grant", Self.other, Self.grant)
    case .accessUpdated:
      return Self.update("Grant", Self.other, ["expires": .null], ["expires": "2027-01-01T00:00:00Z"])
    case .accessRevoked, .accessExpired: return Self.whole("delete", "Grant", Self.other, Self.grant)
    case .connectionCreated: return Self.whole("create", "Connection", Self.other, Self.entra)
    case .connectionUpdated:
      return Self.update("Connection", Self.other, ["name": "entra"], ["name": "Entra ID"])
    case .connectionPaused:
      return Self.update("Connection", Self.other, ["state": "active"], ["state": "paused"])
    case .connectionResumed:
      return Self.update("Connection", Self.other, ["state": "paused"], ["state": "active"])
    case .connectionRemoved:
      return Self.update("Connection", Self.other, ["state": "active"], ["state": "removing"])
    case .connectionTakenOver:
      return [
        "manage": "User", "id": .string(Self.user), "from": .string("connection:\(Self.group)"),
        "to": .string("connection:\(Self.other)"),
      ]
    case .keyCreated: return Self.whole("create", "Key", Self.other, Self.key)
    case .keyUpdated: return Self.update("Key", Self.other, ["name": "app"], ["name": "application"])
    case .keyRotated: return Self.update("Key", Self.other, ["generations": []], ["generations": []])
    case .keyRevoked:
      return Self.update("Key", Self.other, ["revoked": .null], ["revoked": "2026-12-01T09:30:00Z"])
    case .keyExpiring: return Self.update("Key", Self.other, ["daysLeft": 30], ["daysLeft": 14])
    case .keyExpired: return Self.update("Key", Self.other, ["daysLeft": 1], ["daysLeft": 0])
    case .linkCreated:
      return Self.whole(
        "create", "Link", Self.other,
        ["linkId": "link_7fK2mQ9xLpW4", "connection": .string(Self.user), "expires": "2026-12-08T09:30:00Z"])
    case .linkUsed: return Self.update("Link", Self.other, ["used": .null], ["used": "2026-12-01T09:30:00Z"])
    case .linkRevoked:
      return Self.update("Link", Self.other, ["revoked": .null], ["revoked": "2026-12-01T09:30:00Z"])
    case .roleCreated: return Self.whole("create", "Role", Self.other, Self.role)
    case .roleUpdated: return Self.update("Role", Self.other, ["rank": 1], ["rank": 2])
    case .roleDeleted: return Self.whole("delete", "Role", Self.other, Self.role)
    case .draftApplied:
      return Self.update("Draft", Self.other, ["state": "open"], ["state": "applied", "revision": 3])
    case .draftRolledBack:
      return Self.whole("create", "Draft", Self.other, ["name": "roll back 3", "state": "open", "undoes": 3])
    case .reviewOpened:
      return Self.whole("create", "Review", Self.other, ["name": "2026 Q4", "state": "open"])
    case .reviewDue:
      return Self.update("Review", Self.other, ["reminded": .null], ["reminded": "2026-12-01T09:30:00Z"])
    case .reviewClosed: return Self.update("Review", Self.other, ["state": "open"], ["state": "closed"])
    case .jobFinished: return Self.update("Job", Self.other, ["state": "running"], ["state": "finished"])
    case .jobFailed: return Self.update("Job", Self.other, ["state": "running"], ["state": "failed"])
    case .leaverLate:
      return Self.whole(
        "create", "LateLeaver", Self.other,
        [
          "user": .string(Self.user), "event": "evt_4gT0aZk9_41_0", "webhook": "billing",
          "left": "2026-12-01T09:24:00Z",
        ])
    case .webhookDisabled:
      return Self.update("Webhook", Self.other, ["state": "active"], ["state": "disabled"])
    case .streamDisabled:
      return Self.update("Stream", Self.other, ["state": "active"], ["state": "disabled"])
    default: return Self.update("Directory", Self.other, ["policies": [:]], ["policies": ["leaverSLA": 300]])
    }
  }

  private static let ada: JSONObject = [
    "userName": "ada@example.com", "externalId": "00u1", "displayName": "Ada Lovelace", "active": true,
  ]
  private static let adaNow: JSONObject = ["name": "ada@example.com", "externalId": "00u1", "active": true]
  private static let adaGone: JSONObject = ["name": "ada@example.com", "externalId": "00u1", "active": false]
  private static let staff: JSONObject = ["displayName": "Staff"]
  private static let grant: JSONObject = [
    "principal": .string(user), "principalType": "User", "role": .string(other), "origin": "manual",
  ]
  private static let entra: JSONObject = ["name": "entra", "provider": "entra", "state": "active"]
  private static let key: JSONObject = [
    "keyId": "key_4ks81mXw2LpQ", "name": "app", "scopes": ["api.events.read"],
  ]
  private static let role: JSONObject = [
    "value": "reader", "kind": "account", "permissions": ["members:read"],
  ]

  private static func whole(_ kind: String, _ type: String, _ id: String, _ resource: JSONObject) -> JSONValue
  {
    .object([kind: .string(type), "id": .string(id), "resource": .object(resource)])
  }

  private static func update(
    _ type: String, _ id: String, _ before: JSONObject, _ after: JSONObject, subject: JSONObject = [:]
  ) -> JSONValue {
    [
      "update": .string(type), "id": .string(id), "before": .object(before), "after": .object(after),
      "subject": .object(subject),
    ]
  }

  private static func members(added: [JSONValue], removed: [JSONValue]) -> JSONValue {
    [
      "members": .string(group), "added": .array(added), "removed": .array(removed),
      "subject": ["name": "Staff"],
    ]
  }
}
