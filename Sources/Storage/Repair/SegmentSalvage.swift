import Platform

/// One segment as a repair finds it, sound or not, or one that is missing.
struct SegmentSalvage {
  let path: String
  let first: UInt64
  /// Nil where the header cannot be used.
  private(set) var header: LogHeader?
  /// Where it ends, if every byte is as it was written.
  private(set) var end: LogPoint?
  /// Why it is not sound.
  private(set) var damage: String?
  /// The numbers of the good records, in order; of a sound segment just the last one is of interest.
  private(set) var good: [UInt64] = []

  /// Whether there is no file.
  let isMissing: Bool

  /// A file that is not there.
  init(missing path: String, first: UInt64) {
    isMissing = true
    self.path = path
    self.first = first
    damage = "the file is missing"
  }

  /// Reads the segment and, if it is not sound, whatever lines of it are.
  ///
  /// - Parameter next: where the next segment begins; nil for the last one.
  init(path: String, directory: String, first: UInt64, next: UInt64?) throws(LogError) {
    isMissing = false
    self.path = path
    self.first = first
    var reader = SegmentReader(
      path: path, directory: directory, first: first, isLast: next == nil, after: nil)
    do throws(LogError) {
      while try reader.next() != nil {}
      damage = reader.warning.map(\.message)
      if damage == nil { end = reader.point }
    } catch .corrupt(let corruption) {
      damage = corruption.reason
    }
    header = reader.header
    guard end == nil else { return }
    if header == nil { foundFormat = try Self.findFormat(path) }
    var lines = try goodLines(before: next ?? .max)
    while let (record, _) = try lines.next() { good.append(record.seq) }
  }

  /// The format of its lines; without a header, that of the lines themselves.
  var format: Int64 { header?.format ?? foundFormat }
  private var foundFormat = LogName.format

  /// The good records before that one.
  func goodLines(before next: UInt64) throws(LogError) -> GoodLines {
    try GoodLines(path: isMissing ? nil : path, format: format, range: first..<next)
  }

  /// The format of the first record that can be read.
  private static func findFormat(_ path: String) throws(LogError) -> Int64 {
    do throws(SystemError) {
      let reader = LineReader(try File.open(path, .read))
      while let line = try reader.next() {
        let bytes = UnsafeRawBufferPointer(line.bytes)
        for format in [LogName.format, 1] where RecordLine(bytes, format: format) != nil { return format }
      }
      return LogName.format
    } catch {
      throw .system(file: path, error)
    }
  }
}

/// The good records of a damaged segment, in order.
struct GoodLines {
  private let path: String
  private let lines: LineReader?
  private let format: Int64
  private let range: Range<UInt64>
  private var last: UInt64
  /// The second of two lines that run together.
  private var joined: (RecordLine, UnsafeRawBufferPointer)?

  /// - Parameter path: nil for a file that is not there.
  fileprivate init(path: String?, format: Int64, range: Range<UInt64>) throws(LogError) {
    self.path = path ?? ""
    self.format = format
    self.range = range
    last = range.lowerBound - 1
    lines = try path.map { path throws(LogError) in
      try LogError.at(path) { () throws(SystemError) in LineReader(try File.open(path, .read)) }
    }
  }

  /// The next record with its line, which holds until the one after it is asked for; nil at the end.
  mutating func next() throws(LogError) -> (record: RecordLine, line: UnsafeRawBufferPointer)? {
    while true {
      if let (record, line) = joined.take(), takes(record) { return (record, line) }
      guard let lines, let line = try LogError.at(path, { () throws(SystemError) in try lines.next() }) else {
        return nil
      }
      let bytes = UnsafeRawBufferPointer(line.bytes)
      if let record = RecordLine(bytes, format: format) {
        if takes(record) { return (record, bytes) }
      } else if let (offset, record) = RecordLine.findHidden(in: bytes, format: format) {
        // Two lines that run together, as the LF between them is damaged.
        joined = (record, UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        let before = UnsafeRawBufferPointer(rebasing: bytes[..<(offset - 1)])
        if let record = RecordLine(before, format: format), takes(record) { return (record, before) }
      }
    }
  }

  private mutating func takes(_ record: RecordLine) -> Bool {
    guard range.contains(record.seq), record.seq > last else { return false }
    last = record.seq
    return true
  }
}
