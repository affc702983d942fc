import JSON
import SCIM

/// A record of the journal: every change of a directory's state is exactly one. The members of its frame are, around
/// those that the journal adds (see `RecordLine`):
///
///     "incarnation": "4gT0aZk9"                         the life of the log; see `Incarnation`
///     "time":      "2026-11-21T03:36:03.123Z"
///     "actor":     {"kind": "key", "key": "key_...", "generation": 1, "connection": "...", "profile": "okta",
///                   "remote": "203.0.113.7"}            see `Actor`
///     "request":   the request id, also in the access log and in the response
///     "operation": "PATCH /Groups/{id}"
///     "job":       the id of the job that it is a part of; left out for none
///     "kinds":     [["create", "User", "<id>"], ["members", "Group", "<id>"], ["note"]]
///
/// Those of its payload are:
///
///     "dialect":   ["operationCase"]                    rules that fired; left out when empty
///     "ignored":   ["nickname2"]                        attributes without effect; left out when empty
///     "skipped":   ["..."]                              unknown members left out; left out when empty
///     "changes":   [
///       {"create": "User", "id": "...", "resource": {...}},
///       {"update": "User", "id": "...", "before": {"active": true}, "after": {"active": false}, "subject": {...}},
///       {"members": "<group id>", "added": ["..."], "removed": ["..."], "subject": {...}},
///       {"delete": "User", "id": "...", "resource": {...}, "created": "...", "modified": "...",
///        "managedBy": "connection:<id>", "groups": ["..."], "members": ["..."]},
///       {"restore": "User", "id": "...", "resource": {...}, "before": {...}, "created": "...", "modified": "...",
///        "managedBy": "...", "deleted": "...", "groups": ["..."], "members": ["..."], "lostGroups": ["..."],
///        "lostMembers": ["..."], "revived": true},
///       {"erase": "User", "id": "...", "groups": ["..."], "members": ["..."]},
///       {"manage": "User", "id": "...", "from": "connection:<id>", "to": "connection:<id>"},
///       {"note": "lastUse:key_...", "about": "<id>", "value": {...}},
///       {"erasure": [{"seq": 5, "digest": "<SHA-256 of the new payload>"}]},
///       {"repair": {"lost": [[3, 4]], "segments": [{"seq": 1, "digest": "<hash of its last record>"}]}}
///     ]
///
/// Format 1 has no frame: all members are the payload's, and `actor` has no `kind`.
///
/// `before` and `after` hold only the top-level attributes that differ; null stands for none. Applying `after` redoes,
/// applying `before` undoes; `added` and `removed`, `create` and `delete` are each other's undoing. In a `delete`,
/// `modified` is that of the resource before it. `subject` is `{"name", "externalId", "active"}` as of then.
///
/// A `restore` brings a deleted resource back under its id: with `resource` as its document, `created` as before, and
/// as a member of `groups`, with `members`. It holds all that redoing needs, as the deleted resource may be forgotten.
/// For undoing it also has what was kept of the resource: `deleted`, `modified`; `before`, the attributes that differ
/// (left out when none do); and `lostGroups`, `lostMembers`, the memberships that did not come back (left out when
/// empty). `revived` (left out when false) is for a resource that a client created again: its memberships are given up.
/// Else those with a resource that is deleted too come back when that one is restored.
///
/// An `erase` names the memberships that a resource had, if it was there, and cannot be undone. Afterwards every change
/// of that resource, in whatever record, has empty objects for its values, and `"erased": true`; see `LogErasure`. A
/// `note` is an observation of the server: the latest value of a key, null for none. It has no version and no history.
/// A record with which `LogRepair` replaced a lost one has no changes and `"lost": true`.
struct ChangeRecord {
  /// Milliseconds since 1970.
  let time: Int64
  let context: RequestContext
  let understanding: Understanding
  let changes: [Change]

  private static let timeStart =
    "\"incarnation\":\"".utf8.count + Incarnation.length + "\",\"time\":\"".utf8.count

  /// Writes another time, in milliseconds since 1970, into a frame.
  static func setTime(_ time: Int64, in frame: inout [UInt8]) {
    let text = DateTime(milliseconds: time).utf8
    frame.replaceSubrange(timeStart..<timeStart + text.count, with: text)
  }

  /// The journal's form of the next record in `state`.
  func encoded(_ state: DirectoryState, salt: [UInt8]) -> JournalRecord {
    guard let incarnation = state.incarnations.current else {
      preconditionFailure("a log that is written to has an incarnation")
    }
    return JournalRecord(frame: frame(incarnation), payload: payload(state), salt: salt)
  }

  /// The part that survives an erasure: ids, times and kinds, but no values.
  private func frame(_ incarnation: Incarnation) -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.beginObject()
    writer.member("incarnation", incarnation.name)
    writer.member("time", DateTime(milliseconds: time).description)
    writer.name("actor")
    context.actor.write(to: &writer)
    writer.member("request", context.requestID)
    writer.member("operation", context.operation)
    writer.member("job", context.job?.text)
    writer.name("kinds")
    writer.beginArray()
    for change in changes { writer.kind(change) }
    writer.endArray()
    writer.endObject()
    return Array(writer.bytes.dropFirst().dropLast())
  }

  /// The part that may hold values of persons, and is replaced by an erasure.
  private func payload(_ state: DirectoryState) -> [UInt8] {
    var writer = JSONWriter(capacity: 1024)
    writer.beginObject()
    writer.list("dialect", understanding.rules)
    writer.list("ignored", understanding.ignored)
    writer.list("skipped", understanding.skipped)
    writer.name("changes")
    writer.beginArray()
    for change in changes { writer.change(change) { state.subject(of: $0, changes) } }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func list(_ name: String, _ texts: [String]) {
    guard !texts.isEmpty else { return }
    self.name(name)
    beginArray()
    for text in texts { string(text) }
    endArray()
  }

  mutating func ids(_ name: String, _ ids: [ResourceID]) {
    self.name(name)
    beginArray()
    for id in ids { string(id.text) }
    endArray()
  }

  /// The kind of a change, with the type and the id of what it changes.
  fileprivate mutating func kind(_ change: Change) {
    beginArray()
    string(change.kind.rawValue)
    switch change {
    case .members(let group, _, _):
      string("Group")
      string(group.text)
    default:
      if let (type, id) = change.resource {
        string(type.name)
        string(id.text)
      }
    }
    endArray()
  }

  private mutating func subject(_ subject: Subject?) {
    guard let subject else { return }
    name("subject")
    subject.write(to: &self)
  }

  /// Files or records that were rewritten, by number and digest.
  private mutating func rewrites(_ name: StaticString, _ rewrites: [Change.Rewrite]) {
    self.name("\(name)")
    beginArray()
    for rewrite in rewrites {
      beginObject()
      member("seq", Int64(clamping: rewrite.seq))
      member("digest", rewrite.digest)
      endObject()
    }
    endArray()
  }

  /// - Parameter groupSubject: the subject of a group whose members change.
  fileprivate mutating func change(_ change: Change, _ groupSubject: (ResourceID) -> Subject?) {
    beginObject()
    switch change {
    case .create(let type, let id, let body):
      head("create", type, id)
      name("resource")
      raw(body.bytes)
    case .update(let type, let id, let before, let after):
      head("update", type, id)
      difference(before, after)
    case .members(let group, let added, let removed):
      name("members")
      string(group.text)
      ids("added", added)
      ids("removed", removed)
      subject(groupSubject(group))
    case .delete(let type, let id, let remains):
      head("delete", type, id)
      member("resource", remains.document.attributes)
      origin(of: remains)
      ids("groups", remains.groups)
      ids("members", remains.members)
    case .restore(let type, let id, let restoration):
      head("restore", type, id)
      self.restoration(restoration)
    case .erase(let type, let id, let groups, let members):
      head("erase", type, id)
      ids("groups", groups)
      ids("members", members)
    case .manage(let type, let id, let from, let to):
      head("manage", type, id)
      member("from", from)
      member("to", to)
    case .note(let key, let about, let value):
      member("note", key)
      member("about", about?.text)
      name("value")
      self.value(value ?? .null)
    case .erasure(let records): rewrites("erasure", records)
    case .repair(let repair): self.repair(repair)
    }
    endObject()
  }

  /// The changed attributes as they were and as they are, not the whole documents.
  private mutating func difference(_ before: Document, _ after: Document) {
    let (old, new) = Change.difference(before, after)
    member("before", old)
    member("after", new)
    subject(Subject(after))
  }

  /// The records that a repair found lost, as ranges, and the segments it put together.
  private mutating func repair(_ repair: Change.Repair) {
    name("repair")
    beginObject()
    name("lost")
    beginArray()
    for range in repair.lost {
      beginArray()
      integer(Int64(clamping: range.lowerBound))
      integer(Int64(clamping: range.upperBound))
      endArray()
    }
    endArray()
    rewrites("segments", repair.segments)
    endObject()
  }

  /// When a deleted resource was created and changed, and its manager.
  private mutating func origin(of remains: Change.Remains) {
    name("created")
    string(DateTime(milliseconds: remains.created).description)
    name("modified")
    string(DateTime(milliseconds: remains.modified).description)
    member("managedBy", remains.manager)
  }

  /// A restored resource, with what differs from the deleted one.
  private mutating func restoration(_ restoration: Change.Restoration) {
    let remains = restoration.remains
    member("resource", restoration.document.attributes)
    let (old, _) = Change.difference(remains.document, restoration.document)
    if !old.isEmpty { member("before", old) }
    origin(of: remains)
    name("deleted")
    string(DateTime(milliseconds: restoration.deleted).description)
    ids("groups", restoration.groups)
    ids("members", restoration.members)
    let lostGroups = Set(remains.groups).subtracting(restoration.groups)
    if !lostGroups.isEmpty { ids("lostGroups", remains.groups.filter(lostGroups.contains)) }
    let lostMembers = Set(remains.members).subtracting(restoration.members)
    if !lostMembers.isEmpty { ids("lostMembers", remains.members.filter(lostMembers.contains)) }
    if restoration.isRevival {
      name("revived")
      bool(true)
    }
  }

  private mutating func head(_ verb: String, _ type: ResourceType, _ id: ResourceID) {
    name(verb)
    string(type.name)
    name("id")
    string(id.text)
  }

  private mutating func member(_ name: String, _ object: JSONObject) {
    self.name(name)
    value(.object(object))
  }
}

extension Change {
  /// The top-level attributes in which two documents differ, null for none.
  static func difference(_ before: Document, _ after: Document) -> (old: JSONObject, new: JSONObject) {
    var old = JSONObject()
    var new = JSONObject()
    for member in before.attributes.members {
      let next = after.attributes[member.name]
      guard next != member.value else { continue }
      old.members.append(member)
      new.members.append(.init(name: member.name, value: next ?? .null))
    }
    for member in after.attributes.members where before.attributes[member.name] == nil {
      old.members.append(.init(name: member.name, value: .null))
      new.members.append(member)
    }
    return (old, new)
  }

  /// `document` with the attributes of a difference applied.
  static func applying(_ difference: JSONObject, to document: Document) -> Document {
    var attributes = document.attributes
    for member in difference.members { attributes[member.name] = member.value.isNull ? nil : member.value }
    return Document(attributes)
  }
}
