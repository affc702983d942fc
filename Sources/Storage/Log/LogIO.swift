import Glibc
package import Platform

/// The calls through which the log changes files, so that a test can make the Nth of them fail.
package struct LogIO: Sendable {
  package var create: @Sendable (String) throws(SystemError) -> File
  /// One write; returns the number of bytes accepted.
  package var write: @Sendable (File, UnsafeRawBufferPointer) throws(SystemError) -> Int
  package var dataSync: @Sendable (File) throws(SystemError) -> Void
  package var sync: @Sendable (File) throws(SystemError) -> Void
  package var truncate: @Sendable (File, Int) throws(SystemError) -> Void
  package var reserve: @Sendable (File, _ offset: Int, _ length: Int) throws(SystemError) -> Void
  package var freeSpace: @Sendable (File) throws(SystemError) -> Int
  package var rename: @Sendable (_ old: String, _ new: String) throws(SystemError) -> Void
  package var unlink: @Sendable (String) throws(SystemError) -> Void
  package var syncDirectory: @Sendable (String) throws(SystemError) -> Void

  /// The kernel's own.
  package static let system = LogIO(
    create: { (path) throws(SystemError) in try File.open(path, .createNew(mode: 0o600)) },
    write: { (file, bytes) throws(SystemError) in try file.write(bytes) },
    dataSync: { (file) throws(SystemError) in try file.dataSync() },
    sync: { (file) throws(SystemError) in try file.sync() },
    truncate: { (file, size) throws(SystemError) in try file.truncate(to: size) },
    reserve: { (file, offset, length) throws(SystemError) in
      try file.reserve(offset: offset, length: length)
    },
    freeSpace: { (file) throws(SystemError) in try file.freeSpace() },
    rename: { (old, new) throws(SystemError) in try FileSystem.rename(old, to: new) },
    unlink: { (path) throws(SystemError) in try FileSystem.unlink(path) },
    syncDirectory: { (path) throws(SystemError) in try FileSystem.syncDirectory(path) })

  /// All the bytes, in as many writes as it takes.
  func writeAll(_ file: File, _ bytes: [UInt8]) throws(SystemError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(SystemError) in
      var rest = UnsafeRawBufferPointer(buffer)
      while !rest.isEmpty {
        let count = try write(file, rest)
        guard count > 0 else { throw SystemError(call: "write", code: EIO) }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
  }

  /// A file that is written next to the one it replaces, and gets its name when every byte is on disk.
  struct Replacement {
    private let path: String
    private let io: LogIO
    let file: File

    /// Removes leftovers of an earlier attempt first.
    fileprivate init(_ path: String, _ io: LogIO) throws(SystemError) {
      self.path = path
      self.io = io
      if FileSystem.exists(path + ".tmp") { try io.unlink(path + ".tmp") }
      file = try io.create(path + ".tmp")
    }

    /// Renames the file when its bytes are on disk: after a crash the name refers to the complete old or new file. It
    /// stays open.
    func publish() throws(SystemError) {
      try io.rename(path + ".tmp", path)
      try io.syncDirectory(FileSystem.parent(of: path))
    }

    /// Takes the unfinished file away.
    func cancel() {
      file.close()
      try? io.unlink(path + ".tmp")
    }
  }

  func replacement(of path: String) throws(SystemError) -> Replacement { try Replacement(path, self) }

  /// Creates or replaces a file with the output of `body`; on a throw the old file stays, unless only the last sync of
  /// the folder failed.
  /// - Parameter failure: creates the error to throw for a failed call.
  func replace<Failure: Error>(
    _ path: String, failure: (SystemError) -> Failure, _ body: (File) throws(Failure) -> Void
  ) throws(Failure) {
    let new: Replacement
    do throws(SystemError) { new = try replacement(of: path) } catch { throw failure(error) }
    do throws(Failure) {
      try body(new.file)
      do throws(SystemError) {
        try sync(new.file)
        try new.publish()
      } catch {
        throw failure(error)
      }
      new.file.close()
    } catch {
      new.cancel()
      throw error
    }
  }

  /// The `errno` of a file that changed unexpectedly.
  static let damaged = EIO

  /// The `errno` of a disk without room.
  static let noSpace = ENOSPC

  /// The error number of a file that does not exist.
  static let missing = ENOENT

  /// Whether the error says that the disk, the quota or the file size limit is used up.
  static func isFull(_ error: SystemError) -> Bool {
    error.code == ENOSPC || error.code == EDQUOT || error.code == EFBIG
  }

  /// Whether the error says that the file system cannot reserve space.
  static func isUnsupported(_ error: SystemError) -> Bool {
    error.code == EOPNOTSUPP || error.code == ENOSYS
  }
}
