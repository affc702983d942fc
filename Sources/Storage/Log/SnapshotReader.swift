import JSON
import Platform

/// A snapshot file whose checksum was found right; see `SnapshotWriter` for the format.
struct SnapshotReader {
  private static let chunk = 1 << 20

  let path: String
  let point: LogPoint
  /// The incarnations of the log up to here; none in format 1.
  let incarnations: Incarnations
  let entries: Int
  let size: Int
  /// Where the trailer line starts.
  fileprivate let trailerOffset: Int

  /// Reads the whole file once; throws `LogError.corrupt` where anything in it is not as it was written.
  init(path: String, directory: String, seq: UInt64, checkSHA256: Bool = false) throws(LogError) {
    self.path = path
    do {
      let file = try File.open(path, .read)
      size = try file.size
      let trailer = try Self.trailer(file, size)
      let damage = LogCorruption(file: path, offset: 0, reason: "the snapshot does not match its checksum")
      guard let (offset, line) = trailer,
        let stated = line.withUnsafeBytes({ SealedLine.statedChecksum($0) })
      else {
        throw LogError.corrupt(
          LogCorruption(file: path, offset: size, reason: "the snapshot has no trailer, its end is missing"))
      }
      let sums = try Self.sums(
        file, to: offset + line.count - SealedLine.sealBytes, hashing: checkSHA256 ? offset : 0)
      guard sums.crc == stated, let members = try? JSONParser.parse(line),
        let entries = members["entries"]?.integerValue, let sha256 = members["sha256"]?.stringValue,
        !checkSHA256 || Array(sha256.utf8) == sums.sha256
      else { throw LogError.corrupt(damage) }
      self.entries = Int(entries)
      trailerOffset = offset
      let header = try Self.header(file, path: path, directory: directory, seq: seq)
      point = LogPoint(seq: seq, hash: header.prev)
      incarnations = header.incarnations
    } catch let error as SystemError {
      throw .system(file: path, error)
    } catch let error as LogError {
      throw error
    } catch let error as LogCorruption {
      throw .corrupt(error)
    } catch {
      throw .corrupt(LogCorruption(file: path, offset: 0, reason: "unreadable: \(error)"))
    }
  }

  /// One way through the entries, in the order in which they were written.
  struct Pass {
    private let snapshot: SnapshotReader
    private let lines: LineReader
    private var count = 0

    fileprivate init(_ snapshot: SnapshotReader) throws(LogError) {
      self.snapshot = snapshot
      do throws(SystemError) {
        lines = LineReader(try File.open(snapshot.path, .read))
        // The header.
        _ = try lines.next()
      } catch {
        throw .system(file: snapshot.path, error)
      }
    }

    /// The next entry, valid until the following one is requested; nil at the end.
    mutating func next() throws(LogError) -> LogEntry? {
      let line: LineReader.Line?
      do { line = try lines.next() } catch { throw .system(file: snapshot.path, error) }
      guard let line, line.offset < snapshot.trailerOffset else {
        try checkCount()
        return nil
      }
      let entry = LogEntry(
        seq: snapshot.point.seq, bytes: UnsafeRawBufferPointer(line.bytes), file: snapshot.path,
        offset: line.offset)
      guard line.isWhole else { throw .corrupt(entry.corruption("the line is too long")) }
      count += 1
      return entry
    }

    private func checkCount() throws(LogError) {
      guard count != snapshot.entries else { return }
      throw .corrupt(
        LogCorruption(
          file: snapshot.path, offset: snapshot.trailerOffset,
          reason: "the snapshot has \(count) entries, not \(snapshot.entries)"))
    }
  }

  func pass() throws(LogError) -> Pass { try Pass(self) }

  /// The last line without its LF, and where it starts; nil if the file does not end like a snapshot.
  private static func trailer(_ file: File, _ size: Int) throws(SystemError) -> (Int, [UInt8])? {
    let start = max(size - 256, 0)
    let end = try file.read(upTo: size - start, at: start)
    guard end.last == UInt8(ascii: "\n"), let feed = end.dropLast().lastIndex(of: UInt8(ascii: "\n")) else {
      return nil
    }
    return (start + feed + 1, Array(end[(feed + 1)..<(end.count - 1)]))
  }

  /// The CRC32C of the first `end` bytes, and the SHA-256 of the first `hashed`, in hexadecimal.
  private static func sums(
    _ file: File, to end: Int, hashing hashed: Int
  ) throws(SystemError) -> (crc: UInt32, sha256: [UInt8]) {
    var crc = CRC32C()
    var sha256 = SHA256()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
    defer { buffer.deallocate() }
    var offset = 0
    while offset < end {
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(chunk, end - offset)])
      let count = try file.read(into: room)
      if count == 0 { break }
      let piece = UnsafeRawBufferPointer(rebasing: room[..<count])
      crc.update(piece)
      if offset < hashed { sha256.update(UnsafeRawBufferPointer(rebasing: piece.prefix(hashed - offset))) }
      offset += count
    }
    var text: [UInt8] = []
    for byte in sha256.finalize() { SealedLine.appendHexByte(byte, to: &text) }
    return (crc.value, text)
  }

  /// The header; throws unless it is of this directory and this record.
  private static func header(
    _ file: File, path: String, directory: String, seq: UInt64
  ) throws -> LogHeader {
    let start = try file.read(upTo: LogHeader.maxBytes, at: 0)
    let line = start.prefix { $0 != UInt8(ascii: "\n") }
    let header = try line.withUnsafeBytes { try LogHeader.parse($0, .snapshot, file: path) }
    guard let header else {
      throw LogCorruption(file: path, offset: 0, reason: "the first line is not the header of a snapshot")
    }
    guard Array(header.directory.utf8) == Array(directory.utf8) else {
      throw LogCorruption(
        file: path, offset: 0, reason: "this is the snapshot of the directory \"\(header.directory)\"")
    }
    guard header.number == seq else {
      throw LogCorruption(file: path, offset: 0, reason: "the header says record \(header.number)")
    }
    return header
  }
}
