import Glibc
import Platform

/// Every record of a log that is kept, from the oldest on; changes nothing. A server may write at the same time: the
/// oldest segments may disappear and new records appear. Damage is an error.
package struct LogHistory {
  private let files: LogFiles
  private let directory: String
  private var segment: SegmentReader?
  /// How many segments were opened.
  private var opened = 0
  private var point: LogPoint?
  /// The number of the oldest record; nil as long as none was read.
  private(set) var oldest: UInt64?

  package init(folder: String, directory: String) throws(LogError) {
    files = try LogFiles(folder)
    self.directory = directory
  }

  /// The next record, valid until the following one is requested; nil at the end.
  package mutating func next() throws(LogError) -> LogEntry? {
    while true {
      if segment == nil, try !openSegment() { return nil }
      do throws(LogError) {
        if let (entry, _, _) = try segment?.next() {
          oldest = oldest ?? entry.seq
          return entry
        }
        point = segment?.point
      } catch {
        guard case .system(_, let cause) = error, cause.code == ENOENT, oldest == nil else { throw error }
      }
      segment = nil
    }
  }

  /// False after the last segment; throws if records between two segments are missing.
  private mutating func openSegment() throws(LogError) -> Bool {
    guard opened < files.segments.count else { return false }
    let first = files.segments[opened]
    opened += 1
    if let seq = point?.seq, first != seq + 1 { throw .corrupt(files.gap(before: first, after: seq)) }
    segment = SegmentReader(
      path: files.segmentPath(first), directory: directory, first: first,
      isLast: opened == files.segments.count, after: point)
    return true
  }
}
