import JSON
import Platform
import SCIM

/// A resource in an administrator's list: a JSON object,
///
///     {"id": "...", "type": "User", "name": "ada@example.com", "externalId": "...", "active": true,
///      "created": "...", "modified": "...", "groups": 2, "members": 0}
///
/// with `"deleted"` and `"keptUntil"` behind it for a deleted one. `name` is the userName, or else the displayName;
/// what a resource does not have is left out.
struct ResourceSummary {
  private var object = JSONObject()

  init(_ entry: Entry, _ type: ResourceType) {
    set(entry.id, type, entry.body.document, entry.created, entry.modified)
    setCounts(type, groups: entry.groups.count, members: entry.members.count)
  }

  init(_ tombstone: Tombstone, _ type: ResourceType, retention: Int64) {
    set(tombstone.id, type, tombstone.body.document, tombstone.created, tombstone.modified)
    setCounts(type, groups: tombstone.groups.count, members: tombstone.members.count)
    object["deleted"] = .string(DateTime(milliseconds: tombstone.deleted).description)
    let (until, overflow) = tombstone.deleted.addingReportingOverflow(retention)
    if !overflow { object["keptUntil"] = .string(DateTime(milliseconds: until).description) }
  }

  var json: JSONValue { .object(object) }

  /// The name by which people know a resource; nil if it has none.
  static func name(_ document: Document) -> String? {
    document.attributes["userName"]?.stringValue ?? document.attributes["displayName"]?.stringValue
  }

  private mutating func set(
    _ id: ResourceID, _ type: ResourceType, _ document: Document, _ created: Int64, _ modified: Int64
  ) {
    object["id"] = .string(id.text)
    object["type"] = .string(type.name)
    if let name = Self.name(document) { object["name"] = .string(name) }
    for name in ["externalId", "active"] { object[name] = document.attributes[name] }
    object["created"] = .string(DateTime(milliseconds: created).description)
    object["modified"] = .string(DateTime(milliseconds: modified).description)
  }

  private mutating func setCounts(_ type: ResourceType, groups: Int, members: Int) {
    object["groups"] = .integer(Int64(groups))
    if type.hasMembers { object["members"] = .integer(Int64(members)) }
  }
}
