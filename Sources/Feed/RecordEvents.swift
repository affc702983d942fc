import JSON
import Platform
package import Storage

/// The events of one record, in the order of its changes: a pure function, so that an old record gives the same events
/// for ever.
package struct RecordEvents {
  static let user = "User"
  static let group = "Group"

  /// Kinds of changes, by the name of their first member.
  enum Kind: String {
    case create, update, delete, restore, erase, members, manage
  }

  /// Members, or resources that were handed over, that one event names.
  private static let maxMembers = 1000

  private let logged: LoggedRecord
  private let incarnation: String
  private let directory: String
  package private(set) var events: [Event] = []
  /// Resources that another manager has from now on, of each pair of managers that stand in the record one after another.
  private var handedOver: [(from: String?, to: String, resources: [JSONValue])] = []

  /// - Parameter incarnation: the one that the record belongs to; records of format 1 do not have it.
  package init(_ logged: LoggedRecord, incarnation: String, directory: String) {
    self.logged = logged
    self.incarnation = incarnation
    self.directory = directory
    for change in logged.record["changes"]?.arrayValue ?? [] { take(change) }
    addHandedOver()
  }

  /// The kind of a change is the name of its first member.
  private mutating func take(_ change: JSONValue) {
    // What was observed is no event, nor is what happened to the files.
    guard let first = change.objectValue?.members.first, let kind = Kind(rawValue: first.name) else { return }
    if kind == .members { return takeMembers(change) }
    guard let type = first.value.stringValue, let id = change["id"]?.stringValue else { return }
    if kind == .manage { return takeManager(change, type, id) }
    takeResource(change, kind, type, id)
  }

  // MARK: Managers

  private mutating func takeManager(_ change: JSONValue, _ type: String, _ id: String) {
    let prefix = "connection:"
    func connection(_ member: String) -> String? {
      guard let text = change[member]?.stringValue, text.hasPrefix(prefix) else { return nil }
      return String(text.dropFirst(prefix.count))
    }
    guard let to = connection("to") else { return }
    let (from, resource): (String?, JSONValue) = (
      connection("from"), ["type": .string(type), "id": .string(id)]
    )
    if let last = handedOver.last, last.resources.count < Self.maxMembers, last.to.hasSameBytes(as: to),
      (last.from ?? "").hasSameBytes(as: from ?? "")
    {
      handedOver[handedOver.count - 1].resources.append(resource)
    } else {
      handedOver.append((from, to, [resource]))
    }
  }

  private mutating func addHandedOver() {
    for (from, to, resources) in handedOver {
      add(.connectionTakenOver, Event.Subject(type: "Connection", id: to)) { event in
        event.changed = ["resources": .array(resources)]
        event.previous = from.map { ["connection": .string($0)] }
      }
    }
  }

  // MARK: Users, groups and types of your own

  private mutating func takeResource(_ change: JSONValue, _ kind: Kind, _ type: String, _ id: String) {
    let isErased = change["erased"]?.boolValue ?? false
    let resource = change["resource"]?.objectValue
    let (before, after) = (change["before"]?.objectValue, change["after"]?.objectValue)
    if let row = AdministrativeEvents.row(type) {
      let isByClock = logged.record["actor"]?["kind"]?.stringValue?.hasSameBytes(as: "clock") ?? false
      let found = row.event(kind, resource: resource, before: before, after: after, isByClock: isByClock)
      guard let found else { return }
      add(found, row.subject(id, resource, change["subject"]?.objectValue)) { event in
        switch kind {
        case .update: (event.changed, event.previous) = (row.shown(after, id), row.shown(before, id))
        case .delete: event.previous = row.shown(resource, id)
        default: event.changed = row.shown(resource, id)
        }
      }
      return
    }
    let found = EventType(kind, of: type, before: before, after: after)
    let details = isErased ? nil : Self.details(type, change["subject"]?.objectValue, resource)
    add(found, Event.Subject(type: type, id: id, details: details ?? JSONObject())) { event in
      event.isErased = isErased || kind == .erase
      guard !event.isErased else { return }
      switch kind {
      case .update: (event.changed, event.previous) = (after, before)
      case .delete: event.previous = resource
      default: event.changed = resource
      }
    }
    guard kind == .restore else { return }
    for group in Self.ids(change["groups"]) { addMembers(.memberAdded, group, [id], nil) }
    addMembers(.memberAdded, id, Self.ids(change["members"]), isErased ? nil : details)
  }

  /// Of the subject that the record names, or else of the whole resource.
  private static func details(_ type: String, _ subject: JSONObject?, _ resource: JSONObject?) -> JSONObject {
    let name = type.utf8.elementsEqual(user.utf8) ? "userName" : "displayName"
    var details = JSONObject()
    if let text = subject?["name"] ?? resource?[name] { details[name] = text }
    for member in ["externalId", "active"] {
      if let value = (subject ?? resource)?[member] { details[member] = value }
    }
    return details
  }

  // MARK: Memberships

  private mutating func takeMembers(_ change: JSONValue) {
    guard let id = change["members"]?.stringValue else { return }
    let isErased = change["erased"]?.boolValue ?? false
    let details = isErased ? nil : Self.details(Self.group, change["subject"]?.objectValue, nil)
    addMembers(.memberAdded, id, Self.ids(change["added"]), details)
    addMembers(.memberRemoved, id, Self.ids(change["removed"]), details)
  }

  private mutating func addMembers(
    _ type: EventType, _ group: String, _ members: [String], _ details: JSONObject?
  ) {
    var rest = members[...]
    while !rest.isEmpty {
      let list: JSONObject = ["members": .array(rest.prefix(Self.maxMembers).map { .string($0) })]
      rest = rest.dropFirst(Self.maxMembers)
      add(type, Event.Subject(type: Self.group, id: group, details: details ?? JSONObject())) { event in
        if type == .memberAdded { event.changed = list } else { event.previous = list }
      }
    }
  }

  private static func ids(_ json: JSONValue?) -> [String] {
    (json?.arrayValue ?? []).compactMap(\.stringValue)
  }

  // MARK: Parts

  private mutating func add(_ type: EventType, _ subject: Event.Subject, _ fill: (inout Event) -> Void) {
    let record = logged.record
    var event = Event(
      id: EventID(record["incarnation"]?.stringValue ?? incarnation, logged.seq, events.count), type: type,
      directory: directory, time: record["time"]?.stringValue ?? "", hash: logged.hash.text, actor: actor,
      request: record["request"]?.stringValue, job: record["job"]?.stringValue, subject: subject)
    fill(&event)
    events.append(event)
  }

  /// Who did it, without where from.
  private var actor: JSONValue? {
    guard let actor = logged.record["actor"]?.objectValue else { return nil }
    let shown = actor.members.filter { member in
      ["kind", "key", "connection"].contains { $0.utf8.elementsEqual(member.name.utf8) }
    }
    return .object(JSONObject(shown))
  }
}

extension EventType {
  /// Of a user, a group, or a resource of another type.
  init(_ kind: RecordEvents.Kind, of type: String, before: JSONObject?, after: JSONObject?) {
    let isUser = type.utf8.elementsEqual(RecordEvents.user.utf8)
    let isGroup = type.utf8.elementsEqual(RecordEvents.group.utf8)
    func choice(_ user: EventType, _ group: EventType, _ other: EventType) -> EventType {
      isUser ? user : isGroup ? group : other
    }
    switch kind {
    case .create: self = choice(.userCreated, .groupCreated, .resourceCreated)
    case .delete: self = choice(.userDeleted, .groupDeleted, .resourceDeleted)
    case .restore: self = choice(.userRestored, .groupRestored, .resourceRestored)
    case .erase: self = choice(.userErased, .groupErased, .resourceErased)
    case .update, .members, .manage:
      self = choice(Self.update(before, after), .groupUpdated, .resourceUpdated)
    }
  }

  /// A user without `active` is active.
  private static func update(_ before: JSONObject?, _ after: JSONObject?) -> EventType {
    guard let after, let now = after["active"] else { return .userUpdated }
    let (was, isNow) = (before?["active"]?.boolValue ?? true, now.boolValue ?? true)
    if was, !isNow { return .userDeactivated }
    return isNow && !was ? .userReactivated : .userUpdated
  }
}
