package import Platform

/// Writes the state of a directory at one place of its log. This is the format of a snapshot:
///
/// The file `snapshot-<seq>.jsonl` holds the state after record `<seq>`. Its first line is the header, then comes one
/// entry a line, each a JSON object, then the trailer:
///
///     {"scimd":"snapshot","format":2,"directory":"default","seq":7,"incarnations":[{"first":1,"name":"4gT0aZk9"}],
///      "prev":"<64 hexadecimal digits>","time":"2026-11-21T03:36:03Z"}
///     {...}
///     {"entries":1,"sha256":"<64 hexadecimal digits>","crc":"0f9a3b77"}
///
/// `incarnations` are the lives of the log, each with its first record. `prev` is the hash of record `<seq>`, so that
/// the journal can be verified to continue from here. `sha256` is over all lines before the trailer; `crc` is the
/// CRC32C of all bytes of the file before `,"crc":`.
///
/// It is written under a temporary name and gets its own when every byte is on disk: a snapshot is whole or absent.
package final class SnapshotWriter {
  private static let bufferBytes = 512 << 10

  private let io: LogIO
  private let replacement: LogIO.Replacement
  private var buffer: [UInt8] = []
  private var entries: Int64 = 0
  private var crc = CRC32C()
  private var sha256 = SHA256()
  private var isOpen = true

  /// Starts the file. `point` is the result of `Journal.rotate`; `time` is the time as text, for people.
  init(
    folder: String, directory: String, point: LogPoint, incarnations: Incarnations, time: String,
    io: LogIO = .system
  ) throws(SystemError) {
    self.io = io
    replacement = try io.replacement(of: "\(folder)/\(LogName.snapshot(seq: point.seq))")
    buffer.reserveCapacity(Self.bufferBytes + 4096)
    var header = LogHeader(kind: .snapshot, directory: directory, number: point.seq, prev: point.hash)
    header.incarnations = incarnations
    buffer += header.opened(time: time)
    buffer += [UInt8(ascii: "}"), UInt8(ascii: "\n")]
  }

  deinit {
    cancel()
  }

  /// One entry: a JSON object on one line, LF not included.
  package func write(_ line: borrowing [UInt8]) throws(SystemError) {
    precondition(isOpen, "a snapshot is written before it is finished")
    precondition(line.withUnsafeBytes(SealedLine.isOneLine), "an entry is one line")
    buffer.append(contentsOf: copy line)
    buffer.append(UInt8(ascii: "\n"))
    entries += 1
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Ends the file and gives it its name; on disk when the call returns. Returns its size in bytes.
  package func finish() throws(SystemError) -> Int {
    precondition(isOpen, "a snapshot is finished once")
    try flush()
    buffer = Array("{\"entries\":\(entries),\"sha256\":\"".utf8)
    for byte in sha256.finalize() { SealedLine.appendHexByte(byte, to: &buffer) }
    buffer.append(UInt8(ascii: "\""))
    buffer.withUnsafeBytes { crc.update($0) }
    _ = SealedLine.seal(&buffer, from: 0, crc: crc.value)
    try io.writeAll(replacement.file, buffer)
    try io.sync(replacement.file)
    let size = try replacement.file.size
    try replacement.publish()
    isOpen = false
    replacement.file.close()
    return size
  }

  /// Takes the unfinished file away; nothing happens after `finish`.
  package func cancel() {
    guard isOpen else { return }
    isOpen = false
    replacement.cancel()
  }

  /// Writes the buffer, and feeds it into both checksums.
  private func flush() throws(SystemError) {
    buffer.withUnsafeBytes {
      crc.update($0)
      sha256.update($0)
    }
    try io.writeAll(replacement.file, buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
