import JSON
import Platform

/// The first line of a journal segment or a snapshot.
struct LogHeader {
  enum Kind: String {
    case journal, snapshot

    /// The member that numbers the file: its first record, or the last record it includes.
    var numberName: String { self == .journal ? "first" : "seq" }
  }

  /// The longest header; a log that was restored a thousand times has a shorter one.
  static let maxBytes = 64 << 10

  let kind: Kind
  var format = LogName.format
  let directory: String
  let number: UInt64
  /// The hash of the record before the segment, or of the last record in the snapshot.
  let prev: Digest256
  /// The incarnation of a segment's records, or those of a snapshot's log; none in format 1.
  var incarnations = Incarnations()
  /// For a segment that was put together by a repair, or in format 1 by an erasure: its last record, with the hash that
  /// this one had before; the next file continues from there.
  var rewritten: LogPoint?

  /// Of a segment.
  var incarnation: Incarnation? { incarnations.current }

  /// The members up to and without the closing brace; `time` is for people.
  func opened(time: String? = nil) -> [UInt8] {
    var writer = JSONWriter(capacity: 260)
    writer.beginObject()
    writer.member("scimd", kind.rawValue)
    writer.member("format", format)
    writer.member("directory", directory)
    writer.name(kind.numberName)
    writer.integer(Int64(clamping: number))
    if kind == .journal {
      writer.member("incarnation", incarnation?.name)
    } else {
      writer.incarnations(incarnations)
    }
    writer.member("prev", text(prev))
    if let rewritten {
      writer.name("rewritten")
      writer.beginObject()
      writer.member("last", Int64(clamping: rewritten.seq))
      writer.name(format == 1 ? "crc" : "hash")
      writer.string(text(rewritten.hash))
      writer.endObject()
    }
    writer.member("time", time)
    return writer.bytes
  }

  /// Format 1 has the 8 digits of a CRC32C instead of a digest.
  private func text(_ hash: Digest256) -> String {
    if format > 1 { return hash.text }
    var digits: [UInt8] = []
    SealedLine.appendHex(hash.checksum, to: &digits)
    return String(decoding: digits, as: UTF8.self)
  }

  /// The header line of a segment, with its LF.
  static func segment(directory: String, after point: LogPoint, _ incarnation: Incarnation) -> [UInt8] {
    var header = LogHeader(kind: .journal, directory: directory, number: point.seq + 1, prev: point.hash)
    header.incarnations.begin(incarnation, at: point.seq + 1)
    return header.sealed()
  }

  /// The header line of a segment, with its LF.
  func sealed() -> [UInt8] {
    var line = opened()
    _ = SealedLine.seal(&line, from: 0)
    return line
  }

  /// Nil if the line is no such header; a later format is an error even if all else is strange.
  static func parse(
    _ line: UnsafeRawBufferPointer, _ kind: Kind, file: String
  ) throws(LogError) -> LogHeader? {
    guard line.count <= maxBytes, let value = try? JSONParser.parse(line),
      let name = value["scimd"]?.stringValue, name.hasSameBytes(as: kind.rawValue),
      let format = value["format"]?.integerValue
    else { return nil }
    if format > LogName.format { throw .newerFormat(file: file, format: format) }
    guard format >= 1, let directory = value["directory"]?.stringValue,
      let number = value[kind.numberName]?.integerValue, number >= 0,
      let prev = hash(value["prev"], format)
    else { return nil }
    var header = LogHeader(
      kind: kind, format: format, directory: directory, number: UInt64(number), prev: prev)
    if format > 1 {
      guard let incarnations = incarnations(value, kind, UInt64(number)) else { return nil }
      header.incarnations = incarnations
    }
    if let rewritten = value["rewritten"] {
      guard let last = rewritten["last"]?.integerValue, last >= number,
        let hash = hash(rewritten[format == 1 ? "crc" : "hash"], format)
      else { return nil }
      header.rewritten = LogPoint(seq: UInt64(last), hash: hash)
    }
    return header
  }

  private static func hash(_ json: JSONValue?, _ format: Int64) -> Digest256? {
    guard let text = json?.stringValue else { return nil }
    return format == 1 ? SealedLine.hex(text).map { Digest256(checksum: $0) } : Digest256(hex: text.utf8)
  }

  /// A snapshot has all incarnations, a segment only the one that it begins with.
  private static func incarnations(_ value: JSONValue, _ kind: Kind, _ first: UInt64) -> Incarnations? {
    if kind == .snapshot { return Incarnations(value["incarnations"]) }
    guard let incarnation = value["incarnation"]?.stringValue.flatMap({ Incarnation($0) }) else { return nil }
    var incarnations = Incarnations()
    incarnations.begin(incarnation, at: first)
    return incarnations
  }
}

extension Incarnations {
  /// From `[{"first":1,"name":"4gT0aZk9"},...]`; nil for anything else.
  init?(_ json: JSONValue?) {
    guard let list = json?.arrayValue else { return nil }
    for element in list {
      guard let first = element["first"]?.integerValue.flatMap({ UInt64(exactly: $0) }),
        let incarnation = element["name"]?.stringValue.flatMap({ Incarnation($0) })
      else { return nil }
      begin(incarnation, at: first)
    }
  }
}

extension JSONWriter {
  /// The member `incarnations`.
  mutating func incarnations(_ incarnations: Incarnations) {
    name("incarnations")
    beginArray()
    for (first, incarnation) in incarnations.list {
      beginObject()
      member("first", Int64(clamping: first))
      member("name", incarnation.name)
      endObject()
    }
    endArray()
  }
}
