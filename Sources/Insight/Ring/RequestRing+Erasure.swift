import JSON
package import Platform
import SCIM

extension RequestRing {
  /// Masks the entries of a person: those that name the id or one of the person's names keep who asked for what and
  /// when, and lose every value. Names that entries about the id show count too. Blocks until it is on disk. Throws if a
  /// file cannot be rewritten.
  ///
  /// - Parameters:
  ///   - names: names of the person that are known, such as `userName`.
  ///   - directory: the directory of the person.
  package func erase(_ id: String, _ names: [String], in directory: String) throws(SystemError) {
    let failure = onFiles { files -> SystemError? in
      do throws(SystemError) {
        let shelf = files.shelf(directory)
        let all = try names + Self.names(of: id, in: shelf)
        try Self.erase([Array(id.utf8)] + all.flatMap(Self.needles), in: shelf)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  /// A name as it stands in an entry: alone, and in a filter.
  package static func needles(_ name: String) -> [[UInt8]] {
    guard !name.isEmpty else { return [] }
    return [name, TextKey(folding: name).text].flatMap { text -> [[UInt8]] in
      let quoted = JSONValue.string(text).serializedText
      return [Array(quoted.utf8), Array(JSONValue.string(quoted).serialized().dropFirst().dropLast())]
    }
  }

  /// The names that entries about a resource show.
  private static func names(of id: String, in shelf: RingShelf) throws(SystemError) -> [String] {
    var names: Set<String> = []
    try forEachFile(of: shelf) { lines, _ in
      for index in 0..<lines.count where contains(lines[index], Array(id.utf8)) {
        guard let entry = try? JSONParser.parse(Array(lines[index])) else { continue }
        names.formUnion(entry.names(of: id))
      }
    }
    return Array(names)
  }

  private static func forEachFile(
    of shelf: RingShelf, _ body: (RingLines, RingSegment) throws(SystemError) -> Void
  ) throws(SystemError) {
    for segment in shelf.segments {
      let path = shelf.path(segment)
      guard FileSystem.exists(path) else { continue }
      try body(RingLines(try FileSystem.readFile(path)), segment)
    }
  }

  private static func erase(_ needles: [[UInt8]], in shelf: RingShelf) throws(SystemError) {
    try forEachFile(of: shelf) { lines, segment throws(SystemError) in
      var isChanged = false
      var bytes: [UInt8] = []
      bytes.reserveCapacity(lines.bytes.count)
      for index in 0..<lines.count {
        if needles.contains(where: { contains(lines[index], $0) }) {
          isChanged = true
          bytes += erased(lines[index])
        } else {
          bytes += lines[index]
        }
        bytes.append(UInt8(ascii: "\n"))
      }
      guard isChanged else { return }
      try FileSystem.replaceFile(shelf.path(segment), bytes, mode: 0o600)
      shelf.rewrote(segment, bytes: bytes.count)
    }
  }

  /// What is left of an entry.
  private static let kept = [
    "id", "time", "method", "path", "status", "microseconds", "remote", "key", "connection", "record",
  ]

  private static func erased(_ line: ArraySlice<UInt8>) -> [UInt8] {
    guard let entry = (try? JSONParser.parse(Array(line)))?.objectValue else {
      return Array("{\"erased\":true}".utf8)
    }
    var object = JSONObject(
      entry.members.filter { member in kept.contains { $0.hasSameBytes(as: member.name) } })
    object["erased"] = true
    return JSONValue.object(object).serialized()
  }

  /// Whether the bytes are in a line; no bytes are in none.
  package static func contains(_ line: ArraySlice<UInt8>, _ needle: [UInt8]) -> Bool {
    !needle.isEmpty && line.withUnsafeBytes { ByteSearch.contains($0, needle) }
  }
}

extension JSONValue {
  private static let nameAttributes = ["userName", "displayName", "externalId"]

  /// The names that an entry shows of a resource: of what it wrote, and of what it changed.
  fileprivate func names(of id: String) -> [String] {
    let changes = (self["changes"]?.arrayValue ?? []).filter {
      $0["id"]?.stringValue?.hasSameBytes(as: id) == true
    }
    let isWritten = changes.contains { $0["created"] != nil || $0["changed"] != nil || $0["restored"] != nil }
    var values = isWritten ? JSONValue.nameAttributes.map { self["body"]?[$0] } : []
    for attribute in changes.flatMap({ $0["attributes"]?.arrayValue ?? [] })
    where JSONValue.nameAttributes.contains(where: {
      attribute["name"]?.stringValue?.hasSameBytes(as: $0) == true
    }) {
      values += [attribute["before"], attribute["after"]]
    }
    return values.compactMap { $0?.stringValue }.filter { !$0.hasSameBytes(as: ValueMask.masked) }
  }
}
