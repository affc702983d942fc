import Platform

/// How much history is kept: records that no start needs, because a snapshot includes them.
package struct LogRetention: Sendable, Equatable {
  /// A segment that was last written longer ago than this is given up; 90 days, a usual span for access reviews.
  package var days: Int64 = 90
  /// The oldest segments are given up until the rest has no more bytes than this; 1 GiB.
  package var bytes = 1 << 30

  package init() {}

  package init(days: Int64, bytes: Int) {
    self.days = days
    self.bytes = bytes
  }
}

extension LogRetention {
  /// The files of the folder that may be unlinked, in the order in which to do it.
  ///
  /// Kept are the newest two snapshots, all records since the older of them, and history within the limits. Call it
  /// after a snapshot was finished. `now` is in milliseconds since 1970.
  package func retired(from folder: String, now: Int64) throws(LogError) -> [String] {
    let files = try LogFiles(folder)
    var retired = files.snapshots.dropLast(2).map { files.snapshotPath($0) }
    guard files.snapshots.count >= 2 else { return retired }
    let needed = files.snapshots[files.snapshots.count - 2] + 1
    guard let start = files.segments.lastIndex(where: { $0 <= needed }) else { return retired }
    var history: [(path: String, size: Int, modified: Int64)] = []
    for first in files.segments[..<start] {
      let path = files.segmentPath(first)
      do {
        let file = try File.open(path, .read)
        history.append((path, try file.size, try file.modified))
      } catch {
        throw .system(file: path, error)
      }
    }
    var total = history.reduce(0) { $0 + $1.size }
    let oldest = now - days * 86_400_000
    for segment in history {
      guard total > bytes || segment.modified < oldest else { break }
      retired.append(segment.path)
      total -= segment.size
    }
    return retired
  }

  /// Unlinks what `retired` names and returns it.
  package func retire(from folder: String, now: Int64, io: LogIO = .system) throws(LogError) -> [String] {
    let paths = try retired(from: folder, now: now)
    guard !paths.isEmpty else { return [] }
    do {
      for path in paths { try io.unlink(path) }
      try io.syncDirectory(folder)
    } catch {
      throw .system(file: folder, error)
    }
    return paths
  }
}
