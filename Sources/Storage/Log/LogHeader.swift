import JSON
import Platform

/// The first line of a journal segment or a snapshot.
struct LogHeader {
  enum Kind: String {
    case journal, snapshot

    /// The member that numbers the file: its first record, or the last record it includes.
    var numberName: String { self == .journal ? "first" : "seq" }
  }

  let kind: Kind
  let directory: String
  let number: UInt64
  let prev: UInt32
  /// For a segment that was rewritten: its last record, with the checksum that this one had before; the next file goes
  /// on from there.
  var rewritten: LogPoint?

  /// The members up to and without the closing brace; `time` is for people.
  func opened(time: String? = nil) -> [UInt8] {
    var prevText: [UInt8] = []
    SealedLine.appendHex(prev, to: &prevText)
    var writer = JSONWriter(capacity: 160)
    writer.beginObject()
    writer.name("scimd")
    writer.string(kind.rawValue)
    writer.name("format")
    writer.integer(LogName.format)
    writer.name("directory")
    writer.string(directory)
    writer.name(kind.numberName)
    writer.integer(Int64(clamping: number))
    writer.name("prev")
    writer.string(String(decoding: prevText, as: UTF8.self))
    if let rewritten {
      var chainText: [UInt8] = []
      SealedLine.appendHex(rewritten.chain, to: &chainText)
      writer.name("rewritten")
      writer.beginObject()
      writer.name("last")
      writer.integer(Int64(clamping: rewritten.seq))
      writer.name("crc")
      writer.string(String(decoding: chainText, as: UTF8.self))
      writer.endObject()
    }
    if let time {
      writer.name("time")
      writer.string(time)
    }
    return writer.bytes
  }

  /// The header line of a segment, with its LF.
  static func segment(directory: String, after point: LogPoint) -> [UInt8] {
    LogHeader(kind: .journal, directory: directory, number: point.seq + 1, prev: point.chain).sealed()
  }

  /// The header line of a segment, with its LF.
  func sealed() -> [UInt8] {
    var line = opened()
    _ = SealedLine.seal(&line, from: 0)
    return line
  }

  /// Nil where the line is no such header; a later format is an error even where all else is strange.
  static func parse(
    _ line: UnsafeRawBufferPointer, _ kind: Kind, file: String
  ) throws(LogError) -> LogHeader? {
    guard line.count <= 4096, let value = try? JSONParser.parse(line),
      let name = value["scimd"]?.stringValue, Array(name.utf8) == Array(kind.rawValue.utf8),
      let format = value["format"]?.integerValue
    else { return nil }
    if format > LogName.format { throw .newerFormat(file: file, format: format) }
    guard format == LogName.format, let directory = value["directory"]?.stringValue,
      let number = value[kind.numberName]?.integerValue, number >= 0,
      let prev = value["prev"]?.stringValue.flatMap({ SealedLine.hex($0) })
    else { return nil }
    var header = LogHeader(kind: kind, directory: directory, number: UInt64(number), prev: prev)
    if let rewritten = value["rewritten"] {
      guard let last = rewritten["last"]?.integerValue, last >= number,
        let chain = rewritten["crc"]?.stringValue.flatMap({ SealedLine.hex($0) })
      else { return nil }
      header.rewritten = LogPoint(seq: UInt64(last), chain: chain)
    }
    return header
  }
}
