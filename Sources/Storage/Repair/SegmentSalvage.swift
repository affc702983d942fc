import Platform

/// One segment as a repair finds it, sound or not, or one that is missing.
struct SegmentSalvage {
  let path: String
  let first: UInt64
  /// Nil if the header cannot be used.
  private(set) var header: LogHeader?
  /// Where it ends, if every byte is as it was written.
  private(set) var end: LogPoint?
  /// Why it is not sound.
  private(set) var damage: String?
  /// The numbers of the good records, in order; of a sound segment just the last one is of interest.
  private(set) var good: [UInt64] = []

  /// Whether the file is missing.
  let isMissing: Bool

  /// A missing file.
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
