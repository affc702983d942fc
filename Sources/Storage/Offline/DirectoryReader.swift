import JSON
import Platform
package import SCIM

/// A directory read from its files, without a lock and without changing anything, also while a server writes them; then
/// it is the state of a moment ago.
package struct DirectoryReader {
  /// A server that takes a snapshot at the same time can remove files; then reading starts over, this many times.
  private static let attempts = 3

  package let name: String
  package let folder: String
  package let tail: LogTail
  let state: DirectoryState
  private let now: Int64

  /// - Parameter now: in milliseconds since 1970; decides which deleted resources are still kept.
  package init(
    folder: DataFolder, directory name: String, catalog: Catalog, options: StoreOptions, now: Int64
  ) throws(StoreError) {
    let path: String
    do { path = try folder.directoryFolder(name) } catch { throw .folder(error) }
    self.name = name
    self.folder = path
    self.now = now
    var attempt = 1
    while true {
      do throws(StoreError) {
        (state, tail) = try Directory.recover(
          path, name, catalog, options, .system, now: now, mode: .readOnly)
        return
      } catch {
        if attempt == Self.attempts { throw error }
        attempt += 1
      }
    }
  }

  var capture: Capture { state.capture() }

  /// The resources of a type, or its deleted ones that are kept.
  package func summaries(_ type: ResourceType, deleted: Bool) -> SummaryPieces {
    SummaryPieces(capture, type, number: state.typeNumber(type), deleted: deleted, now: now)
  }

  /// Resources and deleted resources of each type.
  package func counts() -> [(type: String, count: Int, deleted: Int)] {
    var deleted = [Int](repeating: 0, count: state.catalog.stored.count)
    for position in state.tombstones.range {
      if let tombstone = state.tombstones[position] { deleted[Int(tombstone.type)] += 1 }
    }
    return state.catalog.types.map { type in
      let number = state.typeNumber(type)
      return (type.name, state.entries.count(ofTypes: [number]), deleted[Int(number)])
    }
  }

  /// Every resource as one line of JSON, ordered by type and id, then every deleted one: the same state always gives
  /// the same lines. In addition to the members of a snapshot's lines, each has `directory` in front, and a group has
  /// its `members` in order of their ids.
  package func dump(_ body: ([UInt8]) -> Void) {
    var slots: [(type: UInt8, id: ResourceID, slot: Slot)] = []
    state.entries.forEach { slot, entry in slots.append((entry.type, entry.id, slot)) }
    slots.sort { ($0.type, $0.id) < ($1.type, $1.id) }
    for place in slots {
      guard let entry = state.entries[place.slot] else { continue }
      var line = SnapshotLines.line(entry, state.catalog, state.managers)
      if !entry.members.isEmpty {
        let members = entry.members.compactMap { state.entries[$0]?.id }.sorted()
        var writer = JSONWriter(capacity: members.count * 39 + 80)
        writer.beginObject()
        writer.ids("members", members)
        writer.endObject()
        line.removeLast()
        line.append(UInt8(ascii: ","))
        line.append(contentsOf: writer.bytes.dropFirst())
      }
      body(prefixed(line))
    }
    let kept = state.tombstones.range.compactMap { state.tombstones[$0] }
    for tombstone in kept.sorted(by: { ($0.type, $0.id) < ($1.type, $1.id) }) {
      body(prefixed(SnapshotLines.line(tombstone, state.catalog, state.managers)))
    }
  }

  private func prefixed(_ line: [UInt8]) -> [UInt8] {
    Array("{\"directory\":\"\(name)\",".utf8) + line.dropFirst()
  }
}
