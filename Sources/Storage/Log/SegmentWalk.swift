import JSON
import Platform

/// The lines of one segment of a log that is being written to, up to a record that is on disk.
struct SegmentWalk {
  private static let noteOnly = Array("\"kinds\":[[\"note\"]]".utf8)

  let directory: Directory
  /// The number in the name of the segment.
  let first: UInt64
  let path: String
  /// The last record that is on disk; what follows is not read.
  let durable: UInt64

  /// Calls `body` with the records after `last`, which moves on with them, until it returns false or the segment ends.
  func read(
    after last: inout UInt64, _ body: (RecordLine, UnsafeRawBufferPointer) -> Bool
  ) throws(LogError) {
    do throws(SystemError) {
      let file = try File.open(path, .read)
      let inode = try file.inode
      let place = directory.bookmarks.withLock { [last] in $0.place(behind: last) }
      if let place, place.segment == first, place.inode == inode {
        // The file may be another one with the same inode.
        if try walk(LineReader(file, from: place.offset), inode, true, &last, body) { return }
      }
      if try walk(LineReader(file, from: 0), inode, false, &last, body) { return }
    } catch {
      throw .system(file: path, error)
    }
    throw .corrupt(LogCorruption(file: path, offset: 0, reason: "record \(last + 1) cannot be read"))
  }

  /// False if a line is not that of the record after the last one.
  private func walk(
    _ lines: LineReader, _ inode: UInt64, _ isMarked: Bool, _ last: inout UInt64,
    _ body: (RecordLine, UnsafeRawBufferPointer) -> Bool
  ) throws(SystemError) -> Bool {
    var isHeader = !isMarked
    var format = LogName.format
    while last < durable, let line = try lines.next() {
      let content = UnsafeRawBufferPointer(line.bytes)
      if isHeader {
        guard let header = try? LogHeader.parse(content, .journal, file: path) else { return false }
        format = header.format
        isHeader = false
        continue
      }
      guard line.isWhole, let record = RecordLine(content, format: format) else { return false }
      guard record.seq > last else { continue }
      guard record.seq == last + 1 else { return false }
      last = record.seq
      if !body(record, content) {
        let end = line.offset + line.bytes.count + 1
        if format == LogName.format { mark(last, inode, end) }
        return true
      }
      if last == durable, format == LogName.format {
        mark(last, inode, line.offset + line.bytes.count + 1)
      }
    }
    return true
  }

  private func mark(_ last: UInt64, _ inode: UInt64, _ offset: Int) {
    let place = LogBookmarks.Place(segment: first, inode: inode, offset: offset)
    directory.bookmarks.withLock { $0.mark(place, behind: last) }
  }

  /// Whether the record has nothing but one note.
  static func isNote(_ record: RecordLine, _ line: UnsafeRawBufferPointer) -> Bool {
    line[record.frame].suffix(noteOnly.count).elementsEqual(noteOnly)
  }

  /// Nil if the members are not JSON.
  static func logged(_ record: RecordLine, _ line: UnsafeRawBufferPointer) -> LoggedRecord? {
    logged(record.seq, record.hash, Array(line[record.members]))
  }

  static func logged(_ seq: UInt64, _ hash: Digest256, _ members: [UInt8]) -> LoggedRecord? {
    let text = [UInt8(ascii: "{")] + members + [UInt8(ascii: "}")]
    guard let json = try? JSONParser.parse(text, limits: Directory.logLimits) else { return nil }
    return LoggedRecord(seq: seq, hash: hash, record: LogEntry.flattened(json))
  }
}
