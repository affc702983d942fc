import JSON
import Platform

/// The files of a directory's log, for information.
package struct DirectoryFiles: Sendable {
  package let segments: Int
  package let segmentBytes: Int
  package let snapshots: Int
  package let snapshotBytes: Int
  /// The number of the oldest record still kept, and its time as text; nil without records.
  package private(set) var oldest: UInt64?
  package private(set) var oldestTime: String?

  /// Reads only the first record of the oldest segment that has one.
  package init(folder: String) throws(LogError) {
    let files = try LogFiles(folder)
    segments = files.segments.count
    snapshots = files.snapshots.count
    segmentBytes = try Self.bytes(files.segments.map(files.segmentPath))
    snapshotBytes = try Self.bytes(files.snapshots.map(files.snapshotPath))
    for first in files.segments where oldest == nil {
      let path = files.segmentPath(first)
      do {
        let reader = LineReader(try File.open(path, .read))
        _ = try reader.next()
        guard let line = try reader.next(), line.isWhole,
          let record = try? JSONParser.parse(UnsafeRawBufferPointer(line.bytes), limits: Directory.logLimits)
        else { continue }
        oldest = record["seq"]?.integerValue.flatMap { UInt64(exactly: $0) }
        oldestTime = record["time"]?.stringValue
      } catch {
        throw .system(file: path, error)
      }
    }
  }

  private static func bytes(_ paths: [String]) throws(LogError) -> Int {
    var sum = 0
    for path in paths {
      do { sum += try File.open(path, .read).size } catch { throw .system(file: path, error) }
    }
    return sum
  }
}
