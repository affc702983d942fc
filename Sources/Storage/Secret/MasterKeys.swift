import JSON
import Platform
import SCIM

/// The master key of a data folder: its file, and its fingerprint in the log of `_system`.
///
/// The file is `secret.key` in the folder, or the one that a setting names. File and log never disagree after a crash:
/// a new key is first put on disk as `FILE.next`, then the log names it, then it takes the place of the old file. A
/// start that finds the log ahead of the file ends that; one that finds a `FILE.next` that the log does not name
/// removes it.
package final class MasterKeys: Sendable {
  private struct State {
    var key: MasterKey?
    var isChanging = false
  }

  /// The result of adopting a key.
  package struct Adoption: Sendable {
    /// The fingerprint before; nil if the log named none.
    package let before: String?
    package let fingerprint: String
    /// Whether the file was made, because it did not exist.
    package let isNew: Bool

    package var isUnchanged: Bool { before?.hasSameBytes(as: fingerprint) ?? false }
  }

  /// The file.
  package let path: String
  private let store: Store
  private let io: LogIO
  private let isInFolder: Bool
  private let state = Locked(State())

  private static let noteName = "secret"
  private static let opening = RequestContext(Actor(.server), requestID: "start", operation: "OPEN")

  /// - Parameters:
  ///   - file: what the setting names; nil for `secret.key` in the data folder.
  ///   - io: how files are changed.
  package init(_ store: Store, file: String?, io: LogIO = .system) {
    self.store = store
    self.io = io
    if let file {
      (path, isInFolder) = (file, false)
    } else {
      (path, isInFolder) = ("\(store.folder.path)/secret.key", true)
    }
  }

  /// The 32 bytes for one purpose; `open` must have succeeded.
  package func secret(for label: String) -> [UInt8] {
    guard let key = state.withLock({ $0.key }) else { preconditionFailure("the master key is open") }
    return key.secret(for: label)
  }

  /// Reads the key for a server, which must not start with another one. A folder that never had one gets it, from
  /// `cursor.key` if that exists.
  package func open() throws(MasterKeyError) {
    let key = try settled()
    state.withLock { $0.key = key }
  }

  /// The fingerprint in the log and when it was entered; nil if the log names none.
  package func recorded() -> (fingerprint: String, since: String)? {
    guard let note = store.system.note(Self.noteName).whenDurable(),
      let fingerprint = note["fingerprint"]?.stringValue
    else { return nil }
    return (fingerprint, note["since"]?.stringValue ?? "")
  }

  /// The fingerprint of the file; nil if it does not exist.
  package func fingerprintOfFile() throws(MasterKeyError) -> String? { try read(path)?.fingerprint }

  /// The key in the file, for a backup.
  package func current() throws(MasterKeyError) -> MasterKey { try settled() }

  /// Makes a new key; returns when file and log have it. What was derived from the old one is void from then on.
  package func rotate(_ context: RequestContext) throws(MasterKeyError) {
    try changing { () throws(MasterKeyError) in
      _ = try settled()
      let key = MasterKey(store.environment)
      try write(key, to: next)
      do throws(MasterKeyError) { try record(key, context) } catch {
        try? io.unlink(next)
        throw error
      }
      state.withLock { $0.key = key }
      try publishNext()
    }
  }

  /// Enters the key of the file into the log, whatever was there; one in the data folder is made if it does not exist.
  package func adopt(_ context: RequestContext) throws(MasterKeyError) -> Adoption {
    let before = recorded()?.fingerprint
    let found = try read(path)
    let key = if let found { found } else { try made() }
    let adoption = Adoption(before: before, fingerprint: key.fingerprint, isNew: found == nil)
    if !adoption.isUnchanged { try record(key, context) }
    try removeLeftovers()
    return adoption
  }

  /// Throws `changing` if another change of the key is in progress.
  private func changing(_ body: () throws(MasterKeyError) -> Void) throws(MasterKeyError) {
    let isFirst = state.withLock { state in
      defer { state.isChanging = true }
      return !state.isChanging
    }
    guard isFirst else { throw .changing }
    defer { state.withLock { $0.isChanging = false } }
    try body()
  }
}

// File and log.
extension MasterKeys {
  private var next: String { path + ".next" }

  private var oldFile: String { "\(store.folder.path)/cursor.key" }

  /// The key that file and log agree on, after what a crash left undone was done.
  private func settled() throws(MasterKeyError) -> MasterKey {
    let found = try read(path)
    guard let recorded = recorded()?.fingerprint else {
      let key = if let found { found } else { try made() }
      try record(key, Self.opening)
      try removeLeftovers()
      return key
    }
    if let found, found.fingerprint.hasSameBytes(as: recorded) {
      try removeLeftovers()
      return found
    }
    if let waiting = try? read(next), waiting.fingerprint.hasSameBytes(as: recorded) {
      try publishNext()
      return waiting
    }
    guard let found else { throw .missing(file: path, recorded: recorded) }
    throw .another(file: path, found: found.fingerprint, recorded: recorded)
  }

  /// A first key in the data folder.
  private func made() throws(MasterKeyError) -> MasterKey {
    guard isInFolder else { throw .missing(file: path, recorded: nil) }
    if let key = try? read(oldFile) {
      try changingFiles(path) { () throws(SystemError) in
        try io.rename(oldFile, path)
        try io.syncDirectory(FileSystem.parent(of: path))
      }
      return key
    }
    let key = MasterKey(store.environment)
    try write(key, to: path)
    return key
  }

  /// The key in a file; nil if the file does not exist.
  private func read(_ file: String) throws(MasterKeyError) -> MasterKey? {
    guard FileSystem.exists(file) else { return nil }
    let bytes: [UInt8]
    do { bytes = try FileSystem.readFile(file) } catch { throw .system(file: file, error) }
    guard let key = MasterKey(file: bytes) else { throw .malformed(file: file) }
    return key
  }

  /// Replaces the file, whole or not at all.
  private func write(_ key: MasterKey, to file: String) throws(MasterKeyError) {
    try io.replace(file, failure: { MasterKeyError.system(file: file, $0) }) {
      (opened) throws(MasterKeyError) in
      try changingFiles(file) { () throws(SystemError) in
        try io.writeAll(opened, Array(key.digits.utf8) + [UInt8(ascii: "\n")])
      }
    }
  }

  /// Renames the new key over the old one and syncs the folder: a crash leaves either.
  private func publishNext() throws(MasterKeyError) {
    try changingFiles(path) { () throws(SystemError) in
      try io.rename(next, path)
      try io.syncDirectory(FileSystem.parent(of: path))
    }
  }

  /// Removes the files that a crash or an older version left.
  private func removeLeftovers() throws(MasterKeyError) {
    for file in [next, next + ".tmp", path + ".tmp"] { try remove(file) }
    if isInFolder { try remove(oldFile) }
  }

  private func remove(_ file: String) throws(MasterKeyError) {
    guard FileSystem.exists(file) else { return }
    try changingFiles(file) { () throws(SystemError) in
      try io.unlink(file)
      try io.syncDirectory(FileSystem.parent(of: file))
    }
  }

  private func changingFiles(_ file: String, _ body: () throws(SystemError) -> Void) throws(MasterKeyError) {
    do throws(SystemError) { try body() } catch { throw .system(file: file, error) }
  }

  /// Records the fingerprint of the key; returns when that is on disk.
  private func record(_ key: MasterKey, _ context: RequestContext) throws(MasterKeyError) {
    let since = DateTime(milliseconds: store.environment.now()).description
    let written = store.system.write(context) { tx throws(SCIMError) in
      tx.note(
        Self.noteName, ["fingerprint": .string(key.fingerprint), "since": .string(since)])
      return nil
    }
    if case .failure(let error) = written.whenDurable() { throw .refused(error) }
  }
}
