import Glibc
package import Platform

/// The calls through which the log changes files, so that a test can make the Nth of them fail.
package struct LogIO: Sendable {
  package var create: @Sendable (String) throws(SystemError) -> File
  /// One write: how many of the bytes were taken.
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

  /// The `errno` of a file that is not what it was a moment ago.
  static let damaged = EIO

  /// The `errno` of a disk without room.
  static let noSpace = ENOSPC

  /// Whether the error says that the disk, the quota or the file size limit is used up.
  static func isFull(_ error: SystemError) -> Bool {
    error.code == ENOSPC || error.code == EDQUOT || error.code == EFBIG
  }

  /// Whether the error says that the file system cannot reserve space.
  static func isUnsupported(_ error: SystemError) -> Bool {
    error.code == EOPNOTSUPP || error.code == ENOSYS
  }
}
