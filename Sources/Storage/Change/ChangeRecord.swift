import JSON
import SCIM

/// A record of the journal: every change of a directory's state is exactly one. Its JSON members are, beside the frame
/// that the journal adds:
///
///     "time":      "2026-11-21T03:36:03.123Z"
///     "actor":     {"key": "key_...", "profile": "okta", "remote": "203.0.113.7"}
///     "request":   the request id, also in the access log and in the response
///     "operation": "PATCH /Groups/{id}"
///     "dialect":   ["operationCase"]                    rules that fired; left out when empty
///     "ignored":   ["nickname2"]                        attributes without effect; left out when empty
///     "skipped":   ["..."]                              unknown members left out; left out when empty
///     "changes":   [
///       {"create": "User", "id": "...", "resource": {...}},
///       {"update": "User", "id": "...", "before": {"active": true}, "after": {"active": false}},
///       {"members": "<group id>", "added": ["..."], "removed": ["..."]},
///       {"delete": "User", "id": "...", "resource": {...}, "created": "...", "modified": "...",
///        "groups": ["..."], "members": ["..."]},
///       {"restore": "User", "id": "...", "resource": {...}, "before": {...}, "created": "...", "modified": "...",
///        "deleted": "...", "groups": ["..."], "members": ["..."], "lostGroups": ["..."], "lostMembers": ["..."],
///        "revived": true},
///       {"erase": "User", "id": "...", "groups": ["..."], "members": ["..."]}
///     ]
///
/// `before` and `after` hold only the top-level attributes that differ; null stands for none. Applying `after` redoes,
/// applying `before` undoes; `added` and `removed`, `create` and `delete` are each other's undoing. In a `delete`,
/// `modified` is that of the resource before it.
///
/// A `restore` brings a deleted resource back under its id: with `resource` as its document, `created` as before, and
/// as a member of `groups`, with `members`. It holds all that redoing needs, as the deleted resource may be forgotten.
/// For undoing it also tells what was kept of the resource: `deleted`, `modified`; `before`, the attributes that differ
/// (left out when none do); and `lostGroups`, `lostMembers`, the memberships that did not come back (left out when
/// empty). `revived` (left out when false) is for a resource that a client created again: its memberships are given up.
/// Else those with a resource that is deleted too come back when that one is restored.
///
/// An `erase` names the memberships that a resource had, if it was there, and cannot be undone. Afterwards every change of
/// that resource, in whatever record, has empty objects for `resource`, `before` and `after`, and `"erased": true`; see
/// `LogErasure`.
///
/// A record that `LogRepair` put in place of one that was lost has no changes and `"lost": true`.
struct ChangeRecord: Sendable {
  /// Milliseconds since 1970.
  let time: Int64
  let context: RequestContext
  let understanding: Understanding
  let changes: [Change]

  /// Writes another time, in milliseconds since 1970, into a payload.
  static func setTime(_ time: Int64, in payload: inout [UInt8]) {
    let start = Array("{\"time\":\"".utf8)
    let text = DateTime(milliseconds: time).utf8
    precondition(payload.starts(with: start), "a record begins with its time")
    payload.replaceSubrange(start.count..<start.count + text.count, with: text)
  }

  /// The payload that the journal frames: a JSON object.
  func encoded() -> [UInt8] {
    var writer = JSONWriter(capacity: 1024)
    writer.beginObject()
    writer.name("time")
    writer.string(DateTime(milliseconds: time).description)
    writer.name("actor")
    context.actor.write(to: &writer)
    writer.name("request")
    writer.string(context.requestID)
    writer.name("operation")
    writer.string(context.operation)
    writer.list("dialect", understanding.rules)
    writer.list("ignored", understanding.ignored)
    writer.list("skipped", understanding.skipped)
    writer.name("changes")
    writer.beginArray()
    for change in changes { writer.change(change) }
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

  fileprivate mutating func change(_ change: Change) {
    beginObject()
    switch change {
    case .create(let type, let id, let body):
      head("create", type, id)
      name("resource")
      raw(body.bytes)
    case .update(let type, let id, let before, let after):
      head("update", type, id)
      let (old, new) = Change.difference(before, after)
      member("before", old)
      member("after", new)
    case .members(let group, let added, let removed):
      name("members")
      string(group.text)
      ids("added", added)
      ids("removed", removed)
    case .delete(let type, let id, let remains):
      head("delete", type, id)
      member("resource", remains.document.attributes)
      name("created")
      string(DateTime(milliseconds: remains.created).description)
      name("modified")
      string(DateTime(milliseconds: remains.modified).description)
      member("managedBy", remains.manager)
      ids("groups", remains.groups)
      ids("members", remains.members)
    case .restore(let type, let id, let restoration):
      head("restore", type, id)
      self.restoration(restoration)
    case .erase(let type, let id, let groups, let members):
      head("erase", type, id)
      ids("groups", groups)
      ids("members", members)
    }
    endObject()
  }

  private mutating func restoration(_ restoration: Change.Restoration) {
    let remains = restoration.remains
    member("resource", restoration.document.attributes)
    let (old, _) = Change.difference(remains.document, restoration.document)
    if !old.isEmpty { member("before", old) }
    name("created")
    string(DateTime(milliseconds: remains.created).description)
    name("modified")
    string(DateTime(milliseconds: remains.modified).description)
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

  /// `document` with the attributes of a difference put in.
  static func applying(_ difference: JSONObject, to document: Document) -> Document {
    var attributes = document.attributes
    for member in difference.members { attributes[member.name] = member.value.isNull ? nil : member.value }
    return Document(attributes)
  }
}
