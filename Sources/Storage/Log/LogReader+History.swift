import Glibc
import Platform

extension LogReader {
  /// Hands out every record that is kept, from the oldest on, history included; changes nothing. Returns the number of
  /// the oldest; nil where there is none.
  ///
  /// A server may write meanwhile: the oldest segments may go and records come. Damage is an error.
  static func history(
    folder: String, directory: String, record: (LogEntry) throws(LogCorruption) -> Void
  ) throws(LogError) -> UInt64? {
    let files = try LogFiles(folder)
    var oldest: UInt64?
    var point: LogPoint?
    for (index, first) in files.segments.enumerated() {
      if let seq = point?.seq, first != seq + 1 { throw .corrupt(gap(files, first, after: seq)) }
      var segment = SegmentReader(
        path: files.segmentPath(first), directory: directory, first: first,
        isLast: index == files.segments.count - 1, after: point)
      do throws(LogError) {
        try segment.read { (entry, _, _) throws(LogCorruption) in
          oldest = oldest ?? entry.seq
          try record(entry)
        }
      } catch {
        if case .system(_, let cause) = error, cause.code == ENOENT, oldest == nil { continue }
        throw error
      }
      point = segment.point
    }
    return oldest
  }
}
