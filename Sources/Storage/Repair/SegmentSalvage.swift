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

  /// A file that is not there.
  init(missing path: String, first: UInt64) {
    self.path = path
    self.first = first
    damage = "the file is missing"
  }

  /// Reads the segment and, if it is not sound, whatever lines of it are.
  ///
  /// - Parameter next: where the next segment begins; nil for the last one.
  init(path: String, directory: String, first: UInt64, next: UInt64?) throws(LogError) {
    self.path = path
    self.first = first
    var reader = SegmentReader(
      path: path, directory: directory, first: first, isLast: next == nil, after: nil)
    do throws(LogError) {
      try reader.read { _, _, _ in }
      damage = reader.warning.map(\.message)
      if damage == nil { end = reader.point }
    } catch .corrupt(let corruption) {
      damage = corruption.reason
    }
    header = reader.header
    guard end == nil else { return }
    if header == nil { foundFormat = try Self.findFormat(path) }
    var numbers: [UInt64] = []
    try Self.forEachGood(path, format, first..<(next ?? .max)) { record, _ in numbers.append(record.seq) }
    good = numbers
  }

  /// The format of its lines; without a header, that of the lines themselves.
  var format: Int64 { header?.format ?? foundFormat }
  private var foundFormat = LogName.format

  /// Hands out the good records of that range with their lines, in order.
  func forEach(
    before next: UInt64, _ body: (_ record: RecordLine, _ line: UnsafeRawBufferPointer) -> Void
  ) throws(LogError) {
    guard FileSystem.exists(path) else { return }
    try Self.forEachGood(path, format, first..<next, body)
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

  private static func forEachGood(
    _ path: String, _ format: Int64, _ range: Range<UInt64>,
    _ body: (RecordLine, UnsafeRawBufferPointer) -> Void
  ) throws(LogError) {
    var last = range.lowerBound - 1
    func take(_ record: RecordLine, _ line: UnsafeRawBufferPointer) {
      guard range.contains(record.seq), record.seq > last else { return }
      last = record.seq
      body(record, line)
    }
    do throws(SystemError) {
      let reader = LineReader(try File.open(path, .read))
      while let line = try reader.next() {
        let bytes = UnsafeRawBufferPointer(line.bytes)
        if let record = RecordLine(bytes, format: format) {
          take(record, bytes)
        } else if let (offset, record) = RecordLine.findHidden(in: bytes, format: format) {
          // Two lines that run together, as the LF between them is damaged.
          let before = UnsafeRawBufferPointer(rebasing: bytes[..<(offset - 1)])
          if let record = RecordLine(before, format: format) { take(record, before) }
          take(record, UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        }
      }
    } catch {
      throw .system(file: path, error)
    }
  }
}
