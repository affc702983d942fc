import JSON
package import Platform
package import SCIM

/// Makes a data folder of a backup. The folder gets its `format` file last, so that a restore which was cut short is
/// not taken for a data folder.
package struct BackupRestore: ~Copyable {
  private let backup: BackupFile
  private let folder: DataFolder
  private let takesMasterKey: Bool
  private var name = ""
  private var seq: UInt64 = 0
  private var segment: File?
  private var buffer: [UInt8] = []
  private var snapshot: SnapshotWriter?
  private var point = LogPoint.start
  /// Record numbers used since the backup may be used again; a new incarnation distinguishes them.
  private let incarnation: Incarnation
  private var incarnations = Incarnations()

  /// Restores into a new or empty folder, and reads all of it back.
  ///
  /// - Parameter takesMasterKey: whether the master key of the backup becomes that of the folder.
  package static func run(
    _ backup: BackupFile, into path: String, catalog: Catalog, environment: Environment,
    takesMasterKey: Bool = true
  ) throws(BackupError) {
    let folder: DataFolder
    do { folder = try DataFolder.openEmpty(path) } catch { throw .folder(error) }
    defer { folder.close() }
    var restore = BackupRestore(backup, folder, Incarnation(environment), takesMasterKey)
    try BackupFile.forEach(backup.path) { (line) throws(BackupError) in
      try restore.take(UnsafeRawBufferPointer(line))
    }
    try check(backup, folder, catalog)
    do { try folder.complete() } catch { throw .folder(error) }
  }

  private init(
    _ backup: BackupFile, _ folder: DataFolder, _ incarnation: Incarnation, _ takesMasterKey: Bool
  ) {
    self.takesMasterKey = takesMasterKey
    self.incarnation = incarnation
    self.backup = backup
    self.folder = folder
  }

  /// Reads the restored folder as a server would, before it becomes a data folder.
  private static func check(
    _ backup: BackupFile, _ folder: DataFolder, _ catalog: Catalog
  ) throws(BackupError) {
    for name in backup.directories {
      do {
        let path = try folder.directoryFolder(name)
        let report = try LogReport(folder: path, directory: name)
        if let problem = report.problems.first { throw StoreError.log(.corrupt(problem)) }
        _ = try Directory.recover(path, name, catalog, StoreOptions(), .system, now: 0, mode: .readOnly)
      } catch let error as StoreError {
        throw .unreadable(error)
      } catch let error as LogError {
        throw .unreadable(.log(error))
      } catch let error as DataFolderError {
        throw .folder(error)
      } catch {
        throw .damaged(file: backup.path, line: 0, reason: "\(error)")
      }
    }
  }

  // MARK: Lines

  /// Writes one line of the backup to the file that it belongs to.
  private mutating func take(_ line: UnsafeRawBufferPointer) throws(BackupError) {
    if snapshot != nil || isInState {
      if !SealedLine.matches(line, at: 0, "{\"end\":") { return try addState(line) }
      return try endDirectory()
    }
    if SealedLine.matches(line, at: 0, "{\"seq\":") { return try addRecord(line) }
    if SealedLine.matches(line, at: 0, "{\"scimd\":\"journal\"") { return try startSegment(line) }
    if SealedLine.matches(line, at: 0, "{\"scimd\":") || SealedLine.matches(line, at: 0, "{\"lines\":") {
      return
    }
    guard let json = try? JSONParser.parse(line, limits: Directory.logLimits) else {
      throw damage("a line is not JSON")
    }
    if let keys = json["keys"] { return try write(keys: keys) }
    if json["secretKey"] != nil { return try writeMasterKey(line) }
    if let name = json["directory"]?.stringValue { return try startDirectory(name) }
    guard json["state"] != nil else { throw damage("a line does not belong to a backup") }
    try startState(json)
  }

  private var isInState = false

  /// The keys of a backup of format 1 go where the next start looks for them.
  private func write(keys: JSONValue) throws(BackupError) {
    let file = "\(folder.path)/keys.json"
    do { try FileSystem.replaceFile(file, keys.serialized() + [UInt8(ascii: "\n")], mode: 0o600) } catch {
      throw .system(file: file, error)
    }
  }

  /// Where a setting names another file, the key of that one is adopted and this one is left out.
  private func writeMasterKey(_ line: UnsafeRawBufferPointer) throws(BackupError) {
    guard takesMasterKey, let key = BackupFile.masterKey(line) else { return }
    let file = "\(folder.path)/secret.key"
    do {
      try FileSystem.replaceFile(file, Array(key.digits.utf8) + [UInt8(ascii: "\n")], mode: 0o600)
    } catch {
      throw .system(file: file, error)
    }
  }

  private mutating func startDirectory(_ name: String) throws(BackupError) {
    do { _ = try folder.directoryFolder(name) } catch { throw .folder(error) }
    self.name = name
  }

  /// Begins a new segment; the header is that of the original.
  private mutating func startSegment(_ line: UnsafeRawBufferPointer) throws(BackupError) {
    try closeSegment()
    guard let header = try? LogHeader.parse(line, .journal, file: backup.path) else {
      throw damage("a journal header is malformed")
    }
    let path = "\(path)/\(LogName.segment(first: header.number))"
    segment = try system(path) { () throws(SystemError) in try File.open(path, .createNew(mode: 0o600)) }
    try add(line)
  }

  private mutating func addRecord(_ line: UnsafeRawBufferPointer) throws(BackupError) {
    guard segment != nil else { throw damage("a record comes before the header of its segment") }
    try add(line)
  }

  /// Begins the snapshot of a directory, with a new incarnation; a directory without records needs none.
  private mutating func startState(_ json: JSONValue) throws(BackupError) {
    try closeSegment()
    guard let seq = json["seq"]?.integerValue.flatMap({ UInt64(exactly: $0) }),
      let prev = json["prev"]?.stringValue.flatMap(Self.hash)
    else { throw damage("the state of \(name) has no place in its journal") }
    point = LogPoint(seq: seq, hash: prev)
    incarnations = Incarnations(json["incarnations"]) ?? Incarnations()
    incarnations.begin(incarnation, at: seq + 1)
    isInState = true
    guard seq > 0 else { return }
    let (folder, name, point, incarnations, time) = (path, name, point, incarnations, backup.time)
    snapshot = try system(folder) { () throws(SystemError) in
      try SnapshotWriter(
        folder: folder, directory: name, point: point, incarnations: incarnations, time: time)
    }
  }

  private mutating func addState(_ line: UnsafeRawBufferPointer) throws(BackupError) {
    guard let snapshot else { throw damage("a directory without records has a state") }
    try system(path) { () throws(SystemError) in try snapshot.write(Array(line)) }
  }

  /// The snapshot is written before the segment that continues it.
  private mutating func endDirectory() throws(BackupError) {
    isInState = false
    guard let snapshot else { return }
    self.snapshot = nil
    let header = LogHeader.segment(directory: name, after: point, incarnation)
    let next = "\(path)/\(LogName.segment(first: point.seq + 1))"
    try system(path) { () throws(SystemError) in
      _ = try snapshot.finish()
      try FileSystem.replaceFile(next, header, mode: 0o600)
    }
  }

  /// The hash of a record, or in format 1 its checksum.
  private static func hash(_ text: String) -> Digest256? {
    Digest256(hex: text.utf8) ?? SealedLine.hex(text).map { Digest256(checksum: $0) }
  }

  // MARK: Files

  private var path: String { "\(folder.path)/directories/\(name)" }

  /// Buffers a line of the segment; writes about 1 MiB at a time.
  private mutating func add(_ line: UnsafeRawBufferPointer) throws(BackupError) {
    buffer.append(contentsOf: line)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count > 1 << 20 { try flush() }
  }

  private mutating func flush() throws(BackupError) {
    guard let segment else { return }
    let bytes = buffer
    try system(path) { () throws(SystemError) in try segment.writeAll(bytes) }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes the rest of the segment and syncs it.
  private mutating func closeSegment() throws(BackupError) {
    try flush()
    guard let segment else { return }
    try system(path) { () throws(SystemError) in try segment.sync() }
    segment.close()
    self.segment = nil
  }

  private func damage(_ reason: String) -> BackupError {
    .damaged(file: backup.path, line: 0, reason: reason)
  }

  private func system<Value>(
    _ file: String, _ body: () throws(SystemError) -> Value
  ) throws(BackupError) -> Value {
    do { return try body() } catch { throw .system(file: file, error) }
  }
}
