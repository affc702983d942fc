import JSON
import Platform
import SCIM

/// The lines of a snapshot between its header and its trailer: every resource in order of creation,
///
///     {"type":"User","id":"...","created":"...","ordinal":7340032,"modified":"...","revision":7,"resource":{...}}
///
/// then the memberships, in pieces:
///
///     {"group":"<id>","members":["<id>", ...]}
enum Snapshot {
  private static let membersPerLine = 1000

  /// Returns the bytes written.
  static func write(
    _ capture: Capture, to folder: String, directory: String, point: LogPoint, time: String, catalog: Catalog,
    io: LogIO
  ) throws(SystemError) -> Int {
    let file = try SnapshotWriter(folder: folder, directory: directory, point: point, time: time, io: io)
    try capture.entries.forEach { (_, entry) throws(SystemError) in
      try file.write(line(entry, catalog))
    }
    try capture.entries.forEach { (_, entry) throws(SystemError) in
      var members = entry.members.sorted()[...]
      while !members.isEmpty {
        let ids = members.prefix(membersPerLine).compactMap { capture.entries[$0]?.id }
        try file.write(line(of: entry.id, ids))
        members = members.dropFirst(membersPerLine)
      }
    }
    return try file.finish()
  }

  private static func line(_ entry: Entry, _ catalog: Catalog) -> [UInt8] {
    var writer = JSONWriter(capacity: entry.body.bytes.count + 200)
    writer.beginObject()
    writer.name("type")
    writer.string(catalog.types[Int(entry.type)].name)
    writer.name("id")
    writer.string(entry.id.text)
    writer.name("created")
    writer.string(DateTime(milliseconds: entry.created).description)
    writer.name("ordinal")
    writer.integer(Int64(clamping: entry.ordinal))
    writer.name("modified")
    writer.string(DateTime(milliseconds: entry.modified).description)
    writer.name("revision")
    writer.integer(Int64(clamping: entry.revision))
    writer.name("resource")
    writer.raw(entry.body.bytes)
    writer.endObject()
    return writer.bytes
  }

  private static func line(of group: ResourceID, _ members: [ResourceID]) -> [UInt8] {
    var writer = JSONWriter(capacity: members.count * 39 + 80)
    writer.beginObject()
    writer.name("group")
    writer.string(group.text)
    writer.name("members")
    writer.beginArray()
    for id in members { writer.string(id.text) }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }
}

extension DirectoryState {
  /// Takes one line of a snapshot.
  func restore(line json: JSONValue) throws(ReplayError) {
    if json["group"] != nil { return restoreMembers(try id(json["group"]), try ids(json["members"])) }
    guard let type = try type(json["type"]), let created = json["created"]?.instant,
      let modified = json["modified"]?.instant, let resource = json["resource"]?.objectValue,
      let revision = json["revision"]?.integerValue.flatMap({ UInt64(exactly: $0) })
    else { throw ReplayError("a snapshot line needs type, id, created, modified, revision and resource") }
    let document = Document(resource)
    restore(
      Entry(
        id: try id(json["id"]), type: typeNumber(type), created: created,
        // Snapshots of the first version have none: their order is all there is.
        ordinal: json["ordinal"]?.integerValue.flatMap { UInt64(exactly: $0) } ?? 0, modified: modified,
        revision: revision,
        body: EncodedDocument(document, of: type)),
      document)
  }
}
