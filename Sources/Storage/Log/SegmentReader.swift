import Platform

/// Reads one segment of the journal and judges what is wrong with it; see `RecordLine` for the format.
struct SegmentReader {
  let path: String
  let directory: String
  let first: UInt64
  /// Whether records may be missing at the end, because a crash may have cut the last batch off.
  let isLast: Bool

  /// After the last good record; for a rewritten segment, where the next file continues.
  private(set) var point: LogPoint
  /// The hash of its last record as its own lines give it, whatever its header says; zeros without records.
  private(set) var lastHash = Digest256.zero
  /// Nil without a valid header.
  private(set) var header: LogHeader?
  /// Bytes of the good lines; 0 if not even the header is good.
  private(set) var size = 0
  /// Reports the bytes that are cut off, if any.
  private(set) var warning: LogWarning?
  private var expectsHeader = true
  private var lines: LineReader?
  private var isAtEnd = false
  /// The format of its lines, as the header says.
  var format: Int64 { header?.format ?? LogName.format }

  /// `point` is where the segment must continue; nil to trust its header.
  init(path: String, directory: String, first: UInt64, isLast: Bool, after point: LogPoint?) {
    self.path = path
    self.directory = directory
    self.first = first
    self.isLast = isLast
    self.point = point ?? LogPoint(seq: first - 1, hash: .zero)
    believesHeader = point == nil
  }

  private let believesHeader: Bool

  /// The next good record and the bytes of its line, valid until the following one is requested. Nil at the end of the
  /// segment.
  mutating func next() throws(LogError) -> (entry: LogEntry, record: RecordLine, lineBytes: Int)? {
    if isAtEnd { return nil }
    let lines = try openedLines()
    while let line = try next(lines) {
      guard let record = try judged(line, lines) else {
        if isAtEnd { return nil }
        continue
      }
      point = LogPoint(seq: record.seq, hash: record.hash)
      lastHash = record.hash
      return (entry(record, line), record, line.bytes.count + 1)
    }
    isAtEnd = true
    try judgeEnd()
    return nil
  }

  private mutating func openedLines() throws(LogError) -> LineReader {
    if let lines { return lines }
    let opened: LineReader
    do { opened = LineReader(try File.open(path, .read)) } catch { throw .system(file: path, error) }
    lines = opened
    return opened
  }

  /// The record of a line at its position; nil for the header, or if the segment ends before the line.
  private mutating func judged(
    _ line: LineReader.Line, _ lines: LineReader
  ) throws(LogError) -> RecordLine? {
    let bytes = UnsafeRawBufferPointer(line.bytes)
    if expectsHeader {
      guard try takeHeader(line) else {
        try judgeDamage(line, lines)
        return nil
      }
      expectsHeader = false
      size = line.offset + line.bytes.count + 1
      return nil
    }
    guard line.isWhole, let record = RecordLine(bytes, format: format) else {
      if line.isWhole, SealedLine.check(bytes) != nil {
        throw .corrupt(corruption(line.offset, "the line is intact, but not a record of this format"))
      }
      try judgeDamage(line, lines)
      return nil
    }
    do throws(LogCorruption) { try follow(record, line) } catch { throw .corrupt(error) }
    size = line.offset + line.bytes.count + 1
    return record
  }

  /// A rebuilt segment says where the next file continues.
  private mutating func judgeEnd() throws(LogError) {
    if expectsHeader { try judgeEmpty() }
    guard let rewritten = header?.rewritten else { return }
    guard point.seq == rewritten.seq else {
      throw .corrupt(
        corruption(size, "the segment ends after record \(point.seq), its header says \(rewritten.seq)"))
    }
    point = rewritten
  }

  private func next(_ reader: LineReader) throws(LogError) -> LineReader.Line? {
    do { return try reader.next() } catch { throw .system(file: path, error) }
  }

  private func corruption(_ offset: Int, _ reason: String) -> LogCorruption {
    LogCorruption(file: path, offset: offset, reason: reason)
  }

  /// False if the line is damaged.
  private mutating func takeHeader(_ line: LineReader.Line) throws(LogError) -> Bool {
    let bytes = UnsafeRawBufferPointer(line.bytes)
    let header = try LogHeader.parse(bytes, .journal, file: path)
    guard line.isWhole, SealedLine.check(bytes) != nil, let header else { return false }
    guard Array(header.directory.utf8) == Array(directory.utf8) else {
      throw .corrupt(corruption(0, "this is the journal of the directory \"\(header.directory)\""))
    }
    guard header.number == first else {
      throw .corrupt(corruption(0, "the header says that record \(header.number) comes first"))
    }
    if believesHeader {
      point = LogPoint(seq: first - 1, hash: header.prev)
    } else if header.prev != point.hash {
      throw .corrupt(corruption(0, "the segment does not continue from record \(point.seq)"))
    }
    self.header = header
    return true
  }

  /// Throws unless the record continues the chain.
  private func follow(_ record: RecordLine, _ line: LineReader.Line) throws(LogCorruption) {
    guard record.seq == point.seq + 1 else {
      throw corruption(line.offset, "record \(record.seq) comes after record \(point.seq)")
    }
    guard record.prev == point.hash else {
      throw corruption(
        line.offset,
        "record \(record.seq) does not carry the hash of the record before it: one of the two was edited, or records are missing"
      )
    }
  }

  /// The payload, made whole in place by turning the commas around its members into braces.
  private func entry(_ record: RecordLine, _ line: LineReader.Line) -> LogEntry {
    let payload: UnsafeRawBufferPointer
    if record.members.isEmpty {
      line.bytes[0] = UInt8(ascii: "{")
      line.bytes[1] = UInt8(ascii: "}")
      payload = UnsafeRawBufferPointer(rebasing: line.bytes[0..<2])
    } else {
      line.bytes[record.members.lowerBound - 1] = UInt8(ascii: "{")
      line.bytes[record.members.upperBound] = UInt8(ascii: "}")
      payload = UnsafeRawBufferPointer(
        rebasing: line.bytes[(record.members.lowerBound - 1)...record.members.upperBound])
    }
    return LogEntry(seq: record.seq, bytes: payload, file: path, offset: line.offset, line: record)
  }
}

extension SegmentReader {
  /// Decides whether a damaged line is the remainder of the last batch after a crash; then the segment ends before it.
  ///
  /// It is, when nothing good follows; or when what follows was written in the same batch (it does not call the
  /// damaged record synced) and the damage is blocks that never reached the disk.
  private mutating func judgeDamage(_ line: LineReader.Line, _ reader: LineReader) throws(LogError) {
    isAtEnd = true
    let offset = line.offset
    let expected = expectsHeader ? first - 1 : point.seq + 1
    guard isLast, header?.rewritten == nil else {
      throw .corrupt(corruption(offset, "the line of record \(expected) is damaged, and later files follow"))
    }
    var follower = RecordLine.hidden(in: UnsafeRawBufferPointer(line.bytes), format: format)
    var damageEnd = line.offset + line.bytes.count
    var end = damageEnd
    var isSynced = follower.map { $0.synced >= expected } ?? false
    while let later = try next(reader) {
      end = later.offset + later.bytes.count
      let bytes = UnsafeRawBufferPointer(later.bytes)
      guard let record = RecordLine(bytes, format: format) ?? RecordLine.hidden(in: bytes, format: format)
      else {
        if follower == nil { damageEnd = end }
        continue
      }
      if follower == nil { damageEnd = later.offset }
      follower = follower ?? record
      isSynced = isSynced || record.synced >= expected
    }
    if let follower {
      let reason = "the line of record \(expected) is damaged, and the good record \(follower.seq) follows"
      if isSynced || expectsHeader { throw .corrupt(corruption(offset, reason)) }
      let hasHole: Bool
      do { hasHole = try Self.hasHole(reader.file, offset..<damageEnd) } catch {
        throw .system(file: path, error)
      }
      if !hasHole { throw .corrupt(corruption(offset, reason)) }
    }
    warning = LogWarning(
      file: path, offset: offset,
      message: expectsHeader
        ? "the header of the newest segment is incomplete; it holds no record"
        : "the end is incomplete after record \(point.seq): \(end - offset) bytes were never acknowledged by a "
          + "completed sync, or the last line is damaged; they are ignored")
  }

  /// An empty file is what a crash leaves of a new segment, and damage anywhere else.
  private mutating func judgeEmpty() throws(LogError) {
    guard isLast else { throw .corrupt(corruption(0, "the file is empty, and later files follow")) }
    warning = LogWarning(
      file: path, offset: 0, message: "the newest segment is empty; it holds no record")
  }

  /// Whether some 512-byte sector, or the part of it after the start of the range, is all zero.
  private static func hasHole(_ file: File, _ range: Range<Int>) throws(SystemError) -> Bool {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let chunkEnd = min(offset / 512 * 512 + (1 << 16), range.upperBound / 512 * 512)
      guard chunkEnd > offset else { return false }
      let bytes = try file.read(upTo: chunkEnd - offset, at: offset)
      guard bytes.count == chunkEnd - offset else { return false }
      var start = 0
      while start < bytes.count {
        let end = min(((offset + start) / 512 + 1) * 512 - offset, bytes.count)
        if bytes[start..<end].allSatisfy({ $0 == 0 }) { return true }
        start = end
      }
      offset = chunkEnd
    }
    return false
  }
}
