import JSON
import Platform

/// A backup file that was verified as complete; see `BackupPieces` for the format.
package struct BackupFile: Sendable {
  package let path: String
  /// When it was begun, as text.
  package let time: String
  /// The names of the directories in it.
  package let directories: [String]
  package let lines: Int
  /// Whether the master key is in it.
  package let hasMasterKey: Bool

  /// Reads all of it once; throws if anything is not as it was written.
  package init(_ path: String) throws(BackupError) {
    var reading = Reading(path: path)
    try Self.forEach(path) { (line) throws(BackupError) in try reading.take(UnsafeRawBufferPointer(line)) }
    guard reading.isEnded, let time = reading.time else {
      throw .damaged(file: path, line: reading.lines + 1, reason: "the end of the backup is missing")
    }
    self.path = path
    self.time = time
    directories = reading.directories
    lines = reading.lines
    hasMasterKey = reading.hasMasterKey
  }

  /// The contents of the lines so far.
  private struct Reading {
    let path: String
    var lines = 0
    var time: String?
    var directories: [String] = []
    var hasMasterKey = false
    var isEnded = false
    private var sha256 = SHA256()

    init(path: String) { self.path = path }

    /// Checks one line and feeds it into the checksum.
    mutating func take(_ line: UnsafeRawBufferPointer) throws(BackupError) {
      lines += 1
      if isEnded { throw damage("data follows the last line of the backup") }
      if lines == 1 { time = try BackupFile.header(line, path) }
      if SealedLine.matches(line, at: 0, "{\"lines\":") { return try end(line) }
      sha256.update(line)
      [UInt8(ascii: "\n")].withUnsafeBytes { sha256.update($0) }
      if SealedLine.matches(line, at: 0, "{\"secretKey\":") {
        guard BackupFile.masterKey(line) != nil else { throw damage("the line is not a master key") }
        hasMasterKey = true
      }
      if SealedLine.matches(line, at: 0, "{\"directory\":") { directories.append(try directory(line)) }
    }

    /// Checks the trailer: number of lines and SHA-256 of all bytes before it.
    private mutating func end(_ line: UnsafeRawBufferPointer) throws(BackupError) {
      let trailer = try? JSONParser.parse(line)
      let digest = Hexadecimal.text(sha256.finalize())
      guard trailer?["lines"]?.integerValue == Int64(lines - 1), trailer?["sha256"]?.stringValue == digest
      else { throw damage("the backup does not match its checksum") }
      isEnded = true
    }

    private func directory(_ line: UnsafeRawBufferPointer) throws(BackupError) -> String {
      guard let name = (try? JSONParser.parse(line))?["directory"]?.stringValue,
        DataFolder.isValidName(name) || name.hasSameBytes(as: DataFolder.systemName)
      else { throw damage("the line is not a directory") }
      return name
    }

    private func damage(_ reason: String) -> BackupError {
      .damaged(file: path, line: lines, reason: reason)
    }
  }

  /// The key in its line.
  static func masterKey(_ line: UnsafeRawBufferPointer) -> MasterKey? {
    (try? JSONParser.parse(line))?["secretKey"]?.stringValue.flatMap { MasterKey(file: Array($0.utf8)) }
  }

  /// Hands out every line without its LF.
  static func forEach(
    _ path: String, _ body: (UnsafeMutableRawBufferPointer) throws(BackupError) -> Void
  ) throws(BackupError) {
    let reader: LineReader
    do { reader = LineReader(try File.open(path, .read)) } catch { throw .system(file: path, error) }
    var number = 0
    while true {
      let line: LineReader.Line?
      do { line = try reader.next() } catch { throw .system(file: path, error) }
      guard let line else { return }
      number += 1
      guard line.isWhole else {
        throw .damaged(file: path, line: number, reason: "the line is incomplete")
      }
      try body(line.bytes)
    }
  }

  /// The time of the backup.
  private static func header(_ line: UnsafeRawBufferPointer, _ path: String) throws(BackupError) -> String {
    guard let header = try? JSONParser.parse(line), header["scimd"] == "backup",
      let format = header["format"]?.integerValue, let time = header["time"]?.stringValue
    else { throw .damaged(file: path, line: 1, reason: "this is not a backup made by `scimd store backup`") }
    guard format <= BackupPieces.format else { throw .newerFormat(file: path, format: format) }
    return time
  }
}
