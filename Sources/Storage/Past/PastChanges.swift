import JSON
import SCIM

/// What a state of the present differs in from one of the past, read from the records in between. The first record that
/// touches an attribute or a membership says how it was before.
struct PastChanges {
  struct Resource {
    let type: String
    /// Whether it existed then; nil if it was only edited since, so that it existed.
    var existed: Bool?
    /// The attributes that were other than now, null for none; the whole document if it does not exist any more.
    var before = JSONObject()
    /// When it was created, in milliseconds since 1970; for one that does not exist any more.
    var created: Int64 = 0
    /// Who managed it; for one that does not exist any more.
    var manager: String?
  }

  private(set) var resources: [ResourceID: Resource] = [:]
  /// By group and member: whether it was a member then.
  private(set) var memberships: [ResourceID: [ResourceID: Bool]] = [:]
  /// Resources that were deleted then, as far as the records say.
  private var deleted = Set<ResourceID>()
  /// Deletions and their taking back among the changes.
  private var deletions: [(id: ResourceID, isDeletion: Bool)] = []
  /// The first record since then that was lost.
  private(set) var lost: UInt64?

  /// All so far was before the moment.
  mutating func forget() {
    for (id, isDeletion) in deletions {
      if isDeletion { deleted.insert(id) } else { deleted.remove(id) }
    }
    (resources, memberships, deletions, lost) = ([:], [:], [], nil)
  }

  mutating func take(_ record: JSONValue, seq: UInt64) {
    if record["lost"] != nil { lost = lost ?? seq }
    for change in record["changes"]?.arrayValue ?? [] { take(change) }
  }

  private mutating func take(_ change: JSONValue) {
    guard let kind = Change.Kind(change), let member = kind.subjectMember,
      let id = change[member]?.stringValue.flatMap({ ResourceID($0) })
    else { return }
    switch kind {
    // Who manages a resource is not a part of what it was.
    case .manage, .note, .erasure, .repair: break
    case .members:
      for member in Self.ids(change["added"]) { note(id, member, was: false) }
      for member in Self.ids(change["removed"]) { note(id, member, was: true) }
    case .create:
      begin(id, change, kind)
      deletions.append((id, false))
    case .restore:
      begin(id, change, kind)
      deletions.append((id, false))
      note(id, change, were: false)
    case .update: edit(id, change, kind)
    case .delete:
      end(id, change, kind, existed: true)
      deletions.append((id, true))
      note(id, change, were: true)
    case .erase:
      end(id, change, kind, existed: !deleted.contains(id))
      deletions.append((id, true))
      note(id, change, were: true)
    }
  }

  private func entry(_ id: ResourceID, _ change: JSONValue, _ kind: Change.Kind) -> Resource {
    resources[id] ?? Resource(type: change[kind.rawValue]?.stringValue ?? "")
  }

  /// It exists since a record.
  private mutating func begin(_ id: ResourceID, _ change: JSONValue, _ kind: Change.Kind) {
    var resource = entry(id, change, kind)
    guard resource.existed == nil else { return }
    resource.existed = false
    resources[id] = resource
  }

  private mutating func edit(_ id: ResourceID, _ change: JSONValue, _ kind: Change.Kind) {
    var resource = entry(id, change, kind)
    guard resource.existed == nil else { return }
    for member in change["before"]?.objectValue?.members ?? [] where resource.before[member.name] == nil {
      resource.before[member.name] = member.value
    }
    resources[id] = resource
  }

  /// It exists no more since a record, which says what it was.
  private mutating func end(_ id: ResourceID, _ change: JSONValue, _ kind: Change.Kind, existed: Bool) {
    var resource = entry(id, change, kind)
    guard resource.existed == nil else { return }
    resource.existed = existed
    var document = Document(change["resource"]?.objectValue ?? JSONObject())
    document = Change.applying(resource.before, to: document)
    resource.before = document.attributes
    resource.created = change["created"]?.instant ?? 0
    resource.manager = change["managedBy"]?.stringValue
    resources[id] = resource
  }

  private mutating func note(_ id: ResourceID, _ change: JSONValue, were: Bool) {
    for group in Self.ids(change["groups"]) { note(group, id, was: were) }
    for member in Self.ids(change["members"]) { note(id, member, was: were) }
  }

  private mutating func note(_ group: ResourceID, _ member: ResourceID, was: Bool) {
    guard memberships[group]?[member] == nil else { return }
    memberships[group, default: [:]][member] = was
  }

  private static func ids(_ json: JSONValue?) -> [ResourceID] {
    (json?.arrayValue ?? []).compactMap { $0.stringValue.flatMap { ResourceID($0) } }
  }
}
