package import JSON

/// One line from a reader.
package struct LogEntry {
  /// The record's number; for a line of a snapshot, the last record that it includes.
  package let seq: UInt64
  /// A JSON object: the members of the record's frame and payload, or the snapshot's line. Valid during the call only.
  package let bytes: UnsafeRawBufferPointer
  /// Its position.
  package let file: String
  package let offset: Int
  /// The record; nil for a line of a snapshot.
  var line: RecordLine?

  /// The text of the frame's members, and the payload; in format 1 all is payload.
  var frame: [UInt8] { line.map { Array(bytes[inside($0.frame, $0)]) } ?? [] }
  var payload: [UInt8] {
    guard let line, let payload = line.payload else { return Array(bytes) }
    return Array(bytes[inside(payload, line)])
  }

  /// The line as in its file, with its LF.
  func wholeLine(_ record: RecordLine) -> [UInt8] {
    guard let base = bytes.baseAddress else { return [] }
    let start = record.members.lowerBound - 1
    let count = record.members.upperBound + SealedLine.sealBytes
    var line = Array(UnsafeRawBufferPointer(start: base - start, count: count))
    // The reader turned the commas around the members into braces.
    line[start] = UInt8(ascii: ",")
    line[record.members.upperBound] = UInt8(ascii: ",")
    return line + [UInt8(ascii: "\n")]
  }

  /// A part of the line within `bytes`, which begin at the comma before the members.
  private func inside(_ range: Range<Int>, _ line: RecordLine) -> Range<Int> {
    let start = line.members.lowerBound - 1
    return range.isEmpty ? 0..<0 : (range.lowerBound - start)..<(range.upperBound - start)
  }

  /// The record as JSON: the members of its frame and those of its payload side by side; see `ChangeRecord`.
  package func record() throws(LogCorruption) -> JSONValue {
    do throws(JSONError) {
      return Self.flattened(try JSONParser.parse(bytes, limits: Directory.logLimits))
    } catch {
      throw corruption("\(error)")
    }
  }

  /// In format 1 frame and payload are one already.
  static func flattened(_ line: JSONValue) -> JSONValue {
    guard var object = line.objectValue, let payload = object["payload"]?.objectValue else { return line }
    for name in ["payload", "salt", "commitment"] { object[name] = nil }
    object.members += payload.members
    return .object(object)
  }

  /// The error to throw if the line is sound but its meaning is not.
  package func corruption(_ reason: String) -> LogCorruption {
    LogCorruption(file: file, offset: offset, reason: reason)
  }
}
