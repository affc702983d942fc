import JSON
import Platform
import SCIM

/// The lines of a snapshot between its header and its trailer: every resource in order of creation,
///
///     {"type":"User","id":"...","created":"...","modified":"...","ordinal":7340032,"revision":7,
///      "resource":{...}}
///
/// then the deleted resources that are still kept, in order of deletion; `seq` is the record that deleted them, and
/// `groups` and `members` are what they had then,
///
///     {"deleted":"...","seq":9,"type":"User","id":"...","created":"...","modified":"...","resource":{...},
///      "groups":["<id>", ...],"members":["<id>", ...]}
///
/// then the memberships, in pieces:
///
///     {"group":"<id>","members":["<id>", ...]}
enum Snapshot {
  /// Returns the bytes written.
  static func write(
    _ capture: Capture, to folder: String, directory: String, point: LogPoint, time: String, catalog: Catalog,
    io: LogIO
  ) throws(SystemError) -> Int {
    let file = try SnapshotWriter(folder: folder, directory: directory, point: point, time: time, io: io)
    var lines = SnapshotLines(capture, catalog)
    while let line = lines.next() { try file.write(line) }
    return try file.finish()
  }
}

extension DirectoryState {
  /// Takes one line of a snapshot.
  func restore(line json: JSONValue) throws(ReplayError) {
    if json["deleted"] != nil { return try restoreDeleted(line: json) }
    if json["group"] != nil { return restoreMembers(try id(json["group"]), try ids(json["members"])) }
    guard let type = try type(json["type"]), let created = json["created"]?.instant,
      let modified = json["modified"]?.instant, json["resource"] != nil,
      let revision = json["revision"]?.integerValue.flatMap({ UInt64(exactly: $0) })
    else { throw ReplayError("a snapshot line needs type, id, created, modified, revision and resource") }
    let document = try document(json["resource"], type)
    restore(
      Entry(
        id: try id(json["id"]), type: typeNumber(type), created: created,
        // Where there is none, the order of the lines is all there is.
        ordinal: json["ordinal"]?.integerValue.flatMap { UInt64(exactly: $0) } ?? 0, modified: modified,
        revision: revision,
        body: EncodedDocument(document, of: type)),
      document)
  }
}
