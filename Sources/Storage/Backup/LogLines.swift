import Glibc
import Platform

/// The unchanged lines of a log's segments, from the oldest kept up to one record.
final class LogLines {
  private let files: LogFiles
  private let directory: String
  private let last: UInt64
  private var index = 0
  private var reader: LineReader?
  private var isFirst = true
  /// The format of the open segment's lines.
  private var format = LogName.format
  /// Where the next file continues, according to the open segment, which was rewritten.
  private var rewritten: LogPoint?
  /// After the last line returned.
  private(set) var point = LogPoint.start

  /// Record `last` must be on disk.
  init(folder: String, directory: String, upTo last: UInt64) throws(LogError) {
    files = try LogFiles(folder)
    self.directory = directory
    self.last = last
  }

  /// The next line without its LF; nil after record `last`, whose place `point` then is.
  func next() throws(LogError) -> [UInt8]? {
    if !isFirst || last == 0, point.seq == last {
      if let rewritten, rewritten.seq == last { point = rewritten }
      return nil
    }
    while true {
      if let reader {
        let path = files.segmentPath(files.segments[index])
        if let line = try Self.read(reader, path) { return try record(line, path) }
        self.reader = nil
        index += 1
        guard let rewritten else { continue }
        guard rewritten.seq == point.seq else {
          throw .corrupt(LogCorruption(file: path, offset: 0, reason: "records are missing at the end"))
        }
        point = rewritten
        if point.seq == last { return nil }
      } else if let line = try openSegment() {
        return line
      } else {
        return nil
      }
    }
  }

  /// The header of the next segment; nil if it begins after the last record.
  private func openSegment() throws(LogError) -> [UInt8]? {
    guard index < files.segments.count, files.segments[index] <= last + 1 else {
      throw .corrupt(files.gap(before: nil, after: point.seq))
    }
    let first = files.segments[index]
    let path = files.segmentPath(first)
    let reader: LineReader
    do {
      reader = LineReader(try File.open(path, .read))
    } catch {
      guard isFirst, error.code == ENOENT else { throw .system(file: path, error) }
      // The oldest history was given up a moment ago.
      index += 1
      return try openSegment()
    }
    guard let line = try Self.read(reader, path),
      let header = try LogHeader.parse(UnsafeRawBufferPointer(line.bytes), .journal, file: path),
      line.isWhole, header.number == first, isFirst || header.prev == point.hash && first == point.seq + 1
    else { throw .corrupt(LogCorruption(file: path, offset: 0, reason: "the header does not match")) }
    point = LogPoint(seq: first - 1, hash: header.prev)
    isFirst = false
    rewritten = header.rewritten
    format = header.format
    self.reader = reader
    return first > last ? nil : Array(line.bytes)
  }

  /// Checks a record against the chain, so that a backup never contains damage.
  private func record(_ line: LineReader.Line, _ path: String) throws(LogError) -> [UInt8] {
    guard line.isWhole, let record = RecordLine(UnsafeRawBufferPointer(line.bytes), format: format),
      record.seq == point.seq + 1, record.prev == point.hash
    else {
      throw .corrupt(
        LogCorruption(
          file: path, offset: line.offset, reason: "the line of record \(point.seq + 1) is damaged"))
    }
    point = LogPoint(seq: record.seq, hash: record.hash)
    return Array(line.bytes)
  }

  private static func read(_ reader: LineReader, _ path: String) throws(LogError) -> LineReader.Line? {
    do { return try reader.next() } catch { throw .system(file: path, error) }
  }
}
