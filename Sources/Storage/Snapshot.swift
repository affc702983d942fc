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
/// then what the server observed,
///
///     {"note":"lastUse:key_...","about":"<id>","value":{...}}
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
    let file = try SnapshotWriter(
      folder: folder, directory: directory, point: point, incarnations: capture.incarnations, time: time,
      io: io)
    var lines = SnapshotLines(capture, catalog)
    while let line = lines.next() { try file.write(line) }
    return try file.finish()
  }
}

extension DirectoryState {
  /// A line of a note.
  private func restoreNote(_ line: SnapshotLine) throws(ReplayError) {
    guard let key = line.string(.note), let text = line[.value], let value = try? JSONParser.parse(text)
    else {
      throw ReplayError("a note needs a key and a value")
    }
    let about = line[.about] == nil ? nil : try line.id(.about)
    setNote(key, Note(about: about, value: value))
  }

  /// Takes one line of a snapshot.
  func restore(line text: UnsafeRawBufferPointer) throws(ReplayError) {
    guard let line = SnapshotLine(text) else {
      throw ReplayError("a snapshot line is not an object, or has white space between its members")
    }
    if line[.deleted] != nil {
      guard let json = try? JSONParser.parse(text, limits: Directory.logLimits) else {
        throw ReplayError("a snapshot line is not an object")
      }
      return try restoreDeleted(line: json)
    }
    if line[.note] != nil { return try restoreNote(line) }
    if line[.group] != nil { return restoreMembers(try line.id(.group), try line.ids(.members)) }
    guard let type = try type(line.string(.type)), let created = line.instant(.created),
      let modified = line.instant(.modified), let revision = line.number(.revision),
      let body = line[.resource].flatMap({ EncodedDocument($0, of: type) })
    else { throw ReplayError("a snapshot line needs type, id, created, modified, revision and resource") }
    let id = try line.id(.id)
    insert(
      Entry(
        id: id, type: typeNumber(type), created: created,
        // Without one, only the order of the lines is known.
        ordinal: line.number(.ordinal) ?? 0, modified: modified, revision: revision,
        manager: managerNumber(line.string(.managedBy)), body: fitting(body, type, id)))
  }
}
