import Platform
import SCIM

/// Statistics of a directory.
package struct DirectoryInfo: Sendable {
  package let name: String
  /// Resources and deleted resources of each type.
  package let counts: [(type: String, count: Int, deleted: Int)]
  package let memberships: Int
  package let usage: DirectoryUsage
  /// The number of the last record.
  package let last: UInt64
  package let files: DirectoryFiles
}

extension Directory {
  /// Sizes and reach of its files.
  package func files() throws(LogError) -> DirectoryFiles { try DirectoryFiles(folder: folder) }

  /// The directory's current statistics; reads the sizes of its files.
  package func information() throws(LogError) -> DirectoryInfo {
    let (capture, last, quotas) = state.withLock {
      ($0.directory.capture(), $0.directory.last, $0.description.policies.quotas)
    }
    var deleted = [Int](repeating: 0, count: catalog.stored.count)
    for position in capture.tombstones.range {
      if let tombstone = capture.tombstones[position] { deleted[Int(tombstone.type)] += 1 }
    }
    var (memberships, largest) = (0, 0)
    capture.entries.forEach { _, entry in
      memberships += entry.members.count
      largest = max(largest, entry.body.bytes.count)
    }
    return DirectoryInfo(
      name: name,
      counts: catalog.types.map { type in
        let number = capture.typeNumber(type)
        return (type.name, capture.entries.count(ofTypes: [number]), deleted[Int(number)])
      },
      memberships: memberships,
      usage: DirectoryUsage(
        resources: capture.entries.count, bytes: capture.heldBytes, largest: largest,
        deleted: deleted.reduce(0, +), quotas: quotas),
      last: last, files: try files())
  }
}

extension Store {
  /// Gives the folder back without writing snapshots: for a caller that only read. Blocks; no requests may follow.
  package func release() {
    for directory in allDirectories + [system] { directory.journal.close() }
    folder.close()
  }
}
