import JSON
import Platform
import SCIM

/// What an administrator sees of a resource in a list: a JSON object,
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

  /// The name by which people know a resource; nil where it has none.
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

/// The resources of one type as `ResourceSummary` lines with LF, in pieces; made from a capture, so that changes
/// meanwhile do not show.
package final class SummaryPieces: Sendable {
  private static let pieceBytes = 60 << 10

  private let capture: Capture
  private let type: ResourceType
  private let number: UInt8
  private let isDeleted: Bool
  private let now: Int64
  private let position: Locked<Slot>

  /// `now` tells which deleted ones are still kept, in milliseconds since 1970.
  init(_ capture: Capture, _ type: ResourceType, number: UInt8, deleted isDeleted: Bool, now: Int64) {
    self.capture = capture
    self.type = type
    self.number = number
    self.isDeleted = isDeleted
    self.now = now
    position = Locked(isDeleted ? capture.tombstones.range.lowerBound : 0)
  }

  /// The next piece; nil after the last.
  package func next() -> [UInt8]? {
    position.withLock { position in
      let end = isDeleted ? capture.tombstones.range.upperBound : capture.entries.end
      var bytes: [UInt8] = []
      while position < end, bytes.count < Self.pieceBytes {
        if let summary = summary(at: position) {
          bytes.append(contentsOf: summary.json.serialized())
          bytes.append(UInt8(ascii: "\n"))
        }
        position += 1
      }
      return bytes.isEmpty ? nil : bytes
    }
  }

  private func summary(at position: Slot) -> ResourceSummary? {
    if isDeleted {
      let tombstones = capture.tombstones
      guard let tombstone = tombstones[position], tombstone.type == number,
        !tombstones.isExpired(tombstone, at: now)
      else { return nil }
      return ResourceSummary(tombstone, type, retention: tombstones.retention)
    }
    guard let entry = capture.entries[position], entry.type == number else { return nil }
    return ResourceSummary(entry, type)
  }
}
