import JSON
import SCIM

/// The state of a directory as lines, one at a time, as in a snapshot, a backup and a dump.
struct SnapshotLines: IteratorProtocol {
  private enum Stage {
    case resources, deleted, notes, memberships, done
  }

  private static let membersPerLine = 1000

  private let capture: Capture
  private let catalog: Catalog
  private var stage = Stage.resources
  private var position: Slot = 0
  /// The keys of the notes that are left.
  private var notes: ArraySlice<String> = []
  /// The group whose members are being written, and the slot from which on they are left.
  private var group: (id: ResourceID, members: SlotSet, next: Slot)?

  init(_ capture: Capture, _ catalog: Catalog) {
    self.capture = capture
    self.catalog = catalog
  }

  /// The next line without its line feed; nil at the end.
  mutating func next() -> [UInt8]? {
    while true {
      switch stage {
      case .resources:
        if let entry = nextEntry() { return Self.line(entry, catalog, capture.managers) }
        stage = .deleted
        position = capture.tombstones.range.lowerBound
      case .deleted:
        if let tombstone = nextTombstone() { return Self.line(tombstone, catalog, capture.managers) }
        stage = .notes
        notes = capture.notes.keys[...]
      case .notes:
        if let key = notes.popFirst() {
          if let note = capture.notes[key] { return Self.line(key, note) }
          continue
        }
        stage = .memberships
        position = 0
      case .memberships:
        if let line = nextMemberships() { return line }
        stage = .done
      case .done: return nil
      }
    }
  }

  private mutating func nextEntry() -> Entry? {
    while position < capture.entries.end {
      defer { position += 1 }
      if let entry = capture.entries[position] { return entry }
    }
    return nil
  }

  private mutating func nextTombstone() -> Tombstone? {
    while position < capture.tombstones.range.upperBound {
      defer { position += 1 }
      if let tombstone = capture.tombstones[position] { return tombstone }
    }
    return nil
  }

  /// The next members of a group; a large group has several lines.
  private mutating func nextMemberships() -> [UInt8]? {
    while group == nil {
      guard let entry = nextEntry() else { return nil }
      if !entry.members.isEmpty { group = (entry.id, entry.members, 0) }
    }
    guard let (id, members, start) = group else { return nil }
    let slots = members.slots(from: start, limit: Self.membersPerLine + 1)
    group = slots.count > Self.membersPerLine ? (id, members, slots[Self.membersPerLine]) : nil
    return Self.line(of: id, slots.prefix(Self.membersPerLine).compactMap { capture.entries[$0]?.id })
  }

  static func line(_ entry: Entry, _ catalog: Catalog, _ managers: ManagerTable) -> [UInt8] {
    var writer = JSONWriter(capacity: entry.body.bytes.count + 200)
    writer.beginObject()
    writer.head(catalog.stored[Int(entry.type)].name, entry.id, entry.created, entry.modified)
    writer.name("ordinal")
    writer.integer(Int64(clamping: entry.ordinal))
    writer.name("revision")
    writer.integer(Int64(clamping: entry.revision))
    writer.member("managedBy", managers.name(of: entry.manager))
    writer.name("resource")
    writer.raw(entry.body.bytes)
    writer.endObject()
    return writer.bytes
  }

  static func line(_ tombstone: Tombstone, _ catalog: Catalog, _ managers: ManagerTable) -> [UInt8] {
    var writer = JSONWriter(capacity: tombstone.body.bytes.count + 300)
    writer.beginObject()
    writer.name("deleted")
    writer.string(DateTime(milliseconds: tombstone.deleted).description)
    writer.name("seq")
    writer.integer(Int64(clamping: tombstone.seq))
    writer.head(
      catalog.stored[Int(tombstone.type)].name, tombstone.id, tombstone.created, tombstone.modified)
    writer.member("managedBy", managers.name(of: tombstone.manager))
    writer.name("resource")
    writer.raw(tombstone.body.bytes)
    writer.ids("groups", tombstone.groups)
    writer.ids("members", tombstone.members)
    writer.endObject()
    return writer.bytes
  }

  /// A note with the resource it is about.
  private static func line(_ key: String, _ note: Note) -> [UInt8] {
    var writer = JSONWriter(capacity: 200)
    writer.beginObject()
    writer.member("note", key)
    writer.member("about", note.about?.text)
    writer.name("value")
    writer.value(note.value)
    writer.endObject()
    return writer.bytes
  }

  /// A portion of a group's members; a large group has several such lines.
  private static func line(of group: ResourceID, _ members: [ResourceID]) -> [UInt8] {
    var writer = JSONWriter(capacity: members.count * 39 + 80)
    writer.beginObject()
    writer.name("group")
    writer.string(group.text)
    writer.ids("members", members)
    writer.endObject()
    return writer.bytes
  }
}

extension JSONWriter {
  /// The members that lines of existing and of deleted resources share.
  fileprivate mutating func head(_ type: String, _ id: ResourceID, _ created: Int64, _ modified: Int64) {
    name("type")
    string(type)
    name("id")
    string(id.text)
    name("created")
    string(DateTime(milliseconds: created).description)
    name("modified")
    string(DateTime(milliseconds: modified).description)
  }
}
