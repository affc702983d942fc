import JSON
import Platform

/// A backup file that was found whole; see `BackupPieces` for the format.
package struct BackupFile: Sendable {
  package let path: String
  /// When it was begun, as text.
  package let time: String
  /// The names of the directories in it.
  package let directories: [String]
  package let lines: Int
  /// Whether the master key is in it.
  package let hasMasterKey: Bool

  /// Reads all of it once; throws where anything is not as it was written.
  package init(_ path: String) throws(BackupError) {
    self.path = path
    var sha256 = SHA256()
    var number = 0
    var time: String?
    var names: [String] = []
    var isEnded = false
    var hasMasterKey = false
    try Self.forEach(path) { (line) throws(BackupError) in
      let bytes = UnsafeRawBufferPointer(line)
      number += 1
      func damage(_ reason: String) -> BackupError { .damaged(file: path, line: number, reason: reason) }
      if isEnded { throw damage("something follows the last line of the backup") }
      if number == 1 { time = try Self.header(bytes, path) }
      if SealedLine.matches(bytes, at: 0, "{\"lines\":") {
        let trailer = try? JSONParser.parse(bytes)
        let digest = Hexadecimal.text(sha256.finalize())
        guard trailer?["lines"]?.integerValue == Int64(number - 1), trailer?["sha256"]?.stringValue == digest
        else { throw damage("the backup does not match its checksum") }
        isEnded = true
        return
      }
      sha256.update(bytes)
      [UInt8(ascii: "\n")].withUnsafeBytes { sha256.update($0) }
      if SealedLine.matches(bytes, at: 0, "{\"secretKey\":") {
        guard Self.masterKey(bytes) != nil else { throw damage("this is no master key") }
        hasMasterKey = true
      }
      guard SealedLine.matches(bytes, at: 0, "{\"directory\":") else { return }
      guard let name = (try? JSONParser.parse(bytes))?["directory"]?.stringValue,
        DataFolder.isValidName(name) || name.hasSameBytes(as: DataFolder.systemName)
      else { throw damage("this is no directory") }
      names.append(name)
    }
    guard isEnded, let time else {
      throw .damaged(file: path, line: number + 1, reason: "the end of the backup is missing")
    }
    self.time = time
    directories = names
    lines = number
    self.hasMasterKey = hasMasterKey
  }

  /// The key in the line that has it.
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
        throw .damaged(file: path, line: number, reason: "the line is not whole")
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
