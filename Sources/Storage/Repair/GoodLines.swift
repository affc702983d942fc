import Platform

/// The good records of a damaged segment, in order.
struct GoodLines {
  private let path: String
  private let lines: LineReader?
  private let format: Int64
  private let range: Range<UInt64>
  private var last: UInt64
  /// The second of two lines that run together.
  private var joined: (RecordLine, UnsafeRawBufferPointer)?

  /// - Parameter path: nil for a missing file.
  init(path: String?, format: Int64, range: Range<UInt64>) throws(LogError) {
    self.path = path ?? ""
    self.format = format
    self.range = range
    last = range.lowerBound - 1
    lines = try path.map { path throws(LogError) in
      try LogError.at(path) { () throws(SystemError) in LineReader(try File.open(path, .read)) }
    }
  }

  /// The next record with its line, valid until the following one is requested; nil at the end.
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

  /// False for a record that is out of range, or not after the last one.
  private mutating func takes(_ record: RecordLine) -> Bool {
    guard range.contains(record.seq), record.seq > last else { return false }
    last = record.seq
    return true
  }
}
