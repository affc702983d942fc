import JSON
import Platform
import SCIM

/// A whole data folder in one file, piece by piece. This is the format of a backup:
///
/// Every line is a JSON object and ends with LF. The first line is the header:
///
///     {"scimd":"backup","format":2,"time":"2026-11-21T03:36:03.123Z"}
///
/// In format 1 a second line follows, `{"keys":{...}}`, with what was in `keys.json`. A backup that was asked for the
/// master key has the line `{"secretKey":"<64 hexadecimal digits>"}`. Then comes each directory, `_system` first, as it
/// was after record `seq`:
///
///     {"directory":"default","seq":7}
///     {"scimd":"journal","format":2,...}      the lines of the journal's segments as they are, up to record 7:
///     {"seq":1,...}                           history and all; see `RecordLine`
///     {"state":"default","seq":7,"incarnations":[{"first":1,"name":"4gT0aZk9"}],"prev":"<64 hexadecimal digits>"}
///     {"type":"User",...}                     the lines of a snapshot; see `SnapshotLines`
///     {"end":"default"}
///
/// `prev` is the hash of record 7, with which the journal continues after a restore, in another incarnation: numbers
/// may come again, names never. In format 1 it is the `crc` of record 7, without incarnations. The last line
/// says how many lines come before it and their SHA-256, each with its LF; a file without it is not whole:
///
///     {"lines":9,"sha256":"<64 hexadecimal digits>"}
/// Each directory is consistent in itself, taken without delaying its requests, and already on disk.
package final class BackupPieces: Sendable {
  /// A directory at one moment.
  struct Source: Sendable {
    let name: String
    let folder: String
    let capture: Capture
    let seq: UInt64
    /// Keeps the files where they are while they are read.
    var hold: RetentionHold?
  }

  private enum Stage {
    case header, secretKey
    case directory(Int)
    case history(Int, LogLines)
    case state(Int, SnapshotLines)
    case trailer, done
  }

  private struct Progress {
    var stage = Stage.header
    var lines: Int64 = 0
    var sha256 = SHA256()
  }

  private static let pieceBytes = 60 << 10
  static let format: Int64 = 2

  private let sources: [Source]
  private let masterKey: MasterKey?
  private let catalog: Catalog
  private let time: Int64
  private let progress = Locked(Progress())

  /// - Parameter time: milliseconds since 1970.
  init(_ sources: [Source], masterKey: MasterKey?, catalog: Catalog, time: Int64) {
    self.sources = sources
    self.masterKey = masterKey
    self.catalog = catalog
    self.time = time
  }

  /// The next piece; nil after the last. An error means that the files of a directory cannot be read.
  package func next() throws(LogError) -> [UInt8]? {
    try progress.withLock { (progress) throws(LogError) in
      var bytes: [UInt8] = []
      while bytes.count < Self.pieceBytes, let line = try line(&progress) {
        bytes.append(contentsOf: line)
        bytes.append(UInt8(ascii: "\n"))
      }
      return bytes.isEmpty ? nil : bytes
    }
  }

  /// The next line, counted and fed into the checksum; nil after the trailer.
  private func line(_ progress: inout Progress) throws(LogError) -> [UInt8]? {
    if case .trailer = progress.stage {
      progress.stage = .done
      let digest = Hexadecimal.text(progress.sha256.finalize())
      return JSONValue.object(["lines": .integer(progress.lines), "sha256": .string(digest)]).serialized()
    }
    guard let line = try content(&progress.stage) else { return nil }
    progress.lines += 1
    line.withUnsafeBytes { progress.sha256.update($0) }
    [UInt8(ascii: "\n")].withUnsafeBytes { progress.sha256.update($0) }
    return line
  }

  /// The next line before the trailer, and the stage after it.
  private func content(_ stage: inout Stage) throws(LogError) -> [UInt8]? {
    switch stage {
    case .header:
      stage = masterKey == nil ? .directory(0) : .secretKey
      let time = DateTime(milliseconds: time).description
      return JSONValue.object(["scimd": "backup", "format": .integer(Self.format), "time": .string(time)])
        .serialized()
    case .secretKey:
      stage = .directory(0)
      return JSONValue.object(["secretKey": .string(masterKey?.digits ?? "")]).serialized()
    case .directory(let index):
      let source = sources[index]
      stage = .history(
        index, try LogLines(folder: source.folder, directory: source.name, upTo: source.seq))
      return JSONValue.object([
        "directory": .string(source.name), "seq": .integer(Int64(clamping: source.seq)),
      ]).serialized()
    case .history(let index, let lines):
      if let line = try lines.next() { return line }
      let source = sources[index]
      stage = .state(index, SnapshotLines(source.capture, catalog))
      return stateLine(source, lines.point)
    case .state(let index, var lines):
      if let line = lines.next() {
        stage = .state(index, lines)
        return line
      }
      stage = index + 1 < sources.count ? .directory(index + 1) : .trailer
      return JSONValue.object(["end": .string(sources[index].name)]).serialized()
    case .trailer, .done: return nil
    }
  }

  /// The line between the records and the state of a directory.
  private func stateLine(_ source: Source, _ point: LogPoint) -> [UInt8] {
    var writer = JSONWriter(capacity: 260)
    writer.beginObject()
    writer.member("state", source.name)
    writer.member("seq", Int64(clamping: source.seq))
    writer.incarnations(source.capture.incarnations)
    writer.member("prev", point.hash.text)
    writer.endObject()
    return writer.bytes
  }
}
