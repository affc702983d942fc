import Glibc
import Platform

/// The journal's writer: the current file and its contents.
///
/// `@unchecked Sendable` is sound because after `init` it is touched on the journal's queue only.
final class JournalWriter: @unchecked Sendable {
  private let folder: String
  private let directory: String
  private let incarnation: Incarnation
  private let io: LogIO
  private let space: JournalSpace
  private var file: File
  private var first: UInt64
  /// Bytes of the file that are on disk.
  private var size: Int
  /// The last record on disk.
  private(set) var written: LogPoint
  private var batch: [UInt8] = []
  /// A longer buffer is not kept for the next batch.
  private static let maxBuffer = 256 << 10

  /// Continues the last segment, or starts one. A full disk is not an error here: writes are refused until space is
  /// free.
  init(
    folder: String, directory: String, tail: LogTail, incarnation: Incarnation, io: LogIO,
    space: JournalSpace
  ) throws(SystemError) {
    self.folder = folder
    self.directory = directory
    self.incarnation = incarnation
    self.io = io
    self.space = space
    written = tail.point
    let header = LogHeader.segment(directory: directory, after: tail.point, incarnation)
    // A segment of format 1 is not continued; one without records is replaced.
    if let segment = tail.segment, segment.format == LogName.format {
      first = segment.first
      let path = "\(folder)/\(LogName.segment(first: first))"
      file = try File.open(path, .append(create: false))
      size = segment.size
      if size == 0 {
        try io.writeAll(file, header)
        try io.sync(file)
        size = header.count
      }
    } else {
      first = tail.point.seq + 1
      let segment = try Self.segment(folder, first, header, io)
      try segment.publish()
      file = segment.file
      size = header.count
    }
    do {
      try space.move(to: file, size: size) { 0 }
    } catch {
      guard LogIO.isFull(error) else { throw error }
      space.adopt(file, size: size)
    }
  }

  /// Appends the records in one write and one sync; returns how many bytes that took.
  ///
  /// After a throw nothing may be written any more: what the file holds beyond `size` is unknown.
  func write(_ records: [JournalRecord]) throws(SystemError) -> Int {
    batch.removeAll(keepingCapacity: batch.capacity <= Self.maxBuffer)
    batch.reserveCapacity(records.reduce(0) { $0 + $1.charge })
    var point = written
    for record in records {
      let hash = RecordLine.append(
        to: &batch, seq: point.seq + 1, synced: written.seq, prev: point.hash, record)
      point = LogPoint(seq: point.seq + 1, hash: hash)
    }
    do {
      try io.writeAll(file, batch)
    } catch {
      try? io.truncate(file, size)
      throw error
    }
    try io.dataSync(file)
    guard try file.hasName else { throw SystemError(call: "the journal's file was deleted", code: ENOENT) }
    size += batch.count
    written = point
    return batch.count
  }

  /// Lets the next record be the first of a new segment, unless it is the first of this one already.
  ///
  /// Returns the error that kept the old segment in use; throws where it is unknown which of them a restart would find.
  /// `unwritten` is the bytes spent on records that will go to the new segment.
  func startSegment(unwritten: () -> Int) throws(SystemError) -> SystemError? {
    let next = written.seq + 1
    if next == first { return nil }
    let header = LogHeader.segment(directory: directory, after: written, incarnation)
    let segment: LogIO.Replacement
    do throws(SystemError) { segment = try Self.segment(folder, next, header, io) } catch { return error }
    do throws(SystemError) {
      try space.move(to: segment.file, size: header.count, unwritten: unwritten)
    } catch {
      segment.cancel()
      return error
    }
    try segment.publish()
    try? io.truncate(file, size)
    file.close()
    file = segment.file
    first = next
    size = header.count
    return nil
  }

  /// Gives the blocks that were not needed back and closes the file.
  func close() {
    try? io.truncate(file, size)
    file.close()
  }

  /// A segment with its header, on disk, not yet under its name, so that a named file never has an incomplete header.
  private static func segment(
    _ folder: String, _ first: UInt64, _ header: [UInt8], _ io: LogIO
  ) throws(SystemError) -> LogIO.Replacement {
    let segment = try io.replacement(of: "\(folder)/\(LogName.segment(first: first))")
    do throws(SystemError) {
      try io.writeAll(segment.file, header)
      try io.sync(segment.file)
    } catch {
      segment.cancel()
      throw error
    }
    return segment
  }
}
