import JSON

/// The events of administrative types: the one table of what makes which event, and of the attributes that events show.
struct AdministrativeEvents: Sendable {
  typealias Choice = @Sendable (_ before: JSONObject, _ after: JSONObject) -> EventType?

  let type: String
  /// Attributes that events show; digests of secrets and the steps of drafts are not among them.
  let attributes: [String]
  /// The attribute by which people know it.
  let name: String
  var created: @Sendable (_ resource: JSONObject) -> EventType? = { _ in nil }
  var deleted: EventType?
  var updated: Choice = { _, _ in nil }

  private static let all: [AdministrativeEvents] = [
    AdministrativeEvents(
      type: "Grant",
      attributes: [
        "principal", "principalType", "role", "target", "expires", "reason", "origin", "grantedBy",
        "onBehalfOf",
      ],
      name: "key", created: grant, deleted: .accessRevoked,
      updated: { _, after in after["expires"] == nil && after["reason"] == nil ? nil : .accessUpdated }),
    AdministrativeEvents(
      type: "Connection", attributes: ["name", "description", "provider", "state", "assignableRoles"],
      name: "name", created: { _ in .connectionCreated }, deleted: .connectionRemoved, updated: connection),
    AdministrativeEvents(
      type: "Key",
      attributes: [
        "keyId", "name", "description", "profile", "connection", "user", "scopes", "networks", "expires",
        "daysLeft", "revoked",
      ],
      name: "name", created: { _ in .keyCreated }, deleted: .keyRevoked, updated: key),
    AdministrativeEvents(
      type: "Link", attributes: ["linkId", "connection", "expires", "revoked", "used", "createdBy"],
      name: "linkId", created: { _ in .linkCreated },
      updated: { _, after in
        if let revoked = after["revoked"], !revoked.isNull { return .linkRevoked }
        return after["used"] == nil ? nil : .linkUsed
      }),
    AdministrativeEvents(
      type: "Role",
      attributes: [
        "value", "display", "description", "kind", "permissions", "rank", "requestable", "critical",
      ],
      name: "value", created: { _ in .roleCreated }, deleted: .roleDeleted, updated: { _, _ in .roleUpdated }),
    AdministrativeEvents(
      type: "Draft",
      attributes: ["name", "state", "revision", "undoes", "createdBy", "appliedBy", "applied"],
      name: "name", created: { $0["undoes"] == nil ? nil : .draftRolledBack }, updated: draft),
    AdministrativeEvents(
      type: "Review",
      attributes: ["name", "state", "due", "reminded", "scope", "createdBy", "closedBy", "closed"],
      name: "name", created: { _ in .reviewOpened },
      updated: { before, after in
        if becomes("closed", after) { return .reviewClosed }
        return after["reminded"] == nil ? nil : .reviewDue
      }),
    AdministrativeEvents(
      type: "Job",
      attributes: ["kind", "state", "target", "targetName", "users", "total", "done", "error", "ended"],
      name: "targetName", updated: job),
    AdministrativeEvents(
      type: "Webhook", attributes: ["name", "url", "types", "connection", "state", "reason", "changed"],
      name: "name",
      updated: { _, after in becomes("disabled", after) ? .webhookDisabled : nil }),
    AdministrativeEvents(
      type: "Stream", attributes: ["name", "url", "audience", "events", "state", "reason"], name: "name",
      updated: { _, after in becomes("disabled", after) ? .streamDisabled : nil }),
    AdministrativeEvents(
      type: "LateLeaver", attributes: ["user", "event", "webhook", "left"], name: "user",
      created: { _ in .leaverLate }),
    AdministrativeEvents(
      type: "Directory", attributes: ["name", "displayName", "state", "policies"], name: "name",
      updated: { before, after in
        [before, after].contains { $0["policies"] != nil || $0["state"] != nil } ? .policiesChanged : nil
      }),
    // Their changes are no events.
    AdministrativeEvents(type: "Target", attributes: [], name: "name"),
    AdministrativeEvents(type: "Decision", attributes: [], name: "key"),
  ]

  /// Nil for a type that is not administrative.
  static func row(_ type: String) -> AdministrativeEvents? {
    all.first { $0.type.utf8.elementsEqual(type.utf8) }
  }

  /// Nil if the change makes no event.
  func event(
    _ kind: RecordEvents.Kind, resource: JSONObject?, before: JSONObject?, after: JSONObject?, isByClock: Bool
  ) -> EventType? {
    switch kind {
    case .create, .restore: resource.flatMap { created($0) }
    case .delete, .erase: deleted == .accessRevoked && isByClock ? .accessExpired : deleted
    case .update, .members, .manage: updated(before ?? JSONObject(), after ?? JSONObject())
    }
  }

  /// A grant is about who was given it; everything else about itself.
  func subject(_ id: String, _ resource: JSONObject?, _ recorded: JSONObject?) -> Event.Subject {
    if deleted == .accessRevoked, let principal = resource?["principal"]?.stringValue {
      return Event.Subject(type: resource?["principalType"]?.stringValue ?? RecordEvents.user, id: principal)
    }
    if type.hasSameBytes(as: "LateLeaver"), let user = resource?["user"]?.stringValue {
      return Event.Subject(type: RecordEvents.user, id: user)
    }
    var details = JSONObject()
    if let text = resource?[name] ?? recorded?["name"], deleted != .accessRevoked { details["name"] = text }
    return Event.Subject(type: type, id: id, details: details)
  }

  /// The attributes that events show; of a grant, its id too, as the subject is the one who has it.
  func shown(_ object: JSONObject?, _ id: String) -> JSONObject? {
    object.map { object in
      let shown = object.members.filter { member in
        attributes.contains { $0.utf8.elementsEqual(member.name.utf8) }
      }
      let own = deleted == .accessRevoked ? [JSONObject.Member(name: "id", value: .string(id))] : []
      return JSONObject(own + shown)
    }
  }

  // MARK: Updates

  private static func becomes(_ state: String, _ after: JSONObject) -> Bool {
    after["state"]?.stringValue?.hasSameBytes(as: state) ?? false
  }

  /// One of a large draft grants nothing before the draft is applied, which is an event of its own.
  private static let grant: @Sendable (JSONObject) -> EventType? = {
    $0["draft"] == nil ? .accessGranted : nil
  }

  private static let connection: Choice = { before, after in
    guard let state = after["state"]?.stringValue else { return .connectionUpdated }
    if state.hasSameBytes(as: "paused") { return .connectionPaused }
    return state.hasSameBytes(as: "active") ? .connectionResumed : .connectionRemoved
  }

  private static let key: Choice = { before, after in
    if let revoked = after["revoked"], !revoked.isNull { return .keyRevoked }
    if after["generations"] != nil { return .keyRotated }
    guard let left = after["daysLeft"]?.integerValue else { return .keyUpdated }
    return left > 0 ? .keyExpiring : .keyExpired
  }

  private static let draft: Choice = { _, after in
    becomes("applied", after) ? .draftApplied : nil
  }

  private static let job: Choice = { _, after in
    if becomes("finished", after) { return .jobFinished }
    return becomes("failed", after) || becomes("cancelled", after) ? .jobFailed : nil
  }
}
