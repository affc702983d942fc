import CPlatform
import Glibc

/// Operations on files by name.
package enum FileSystem {
  /// Whether something, of whatever kind, has this name.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Whether this names a directory.
  package static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The permission bits of what the name leads to; nil if that cannot be known.
  package static func mode(of path: String) -> UInt32? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
  }

  /// What is left of the file system that a folder is on, for this process.
  package struct Space: Sendable {
    package let totalBytes: Int
    package let freeBytes: Int
    /// Files that can still be made.
    package let freeFiles: Int

    init(_ info: statvfs) {
      func bytes(_ blocks: fsblkcnt_t) -> Int {
        let (bytes, overflow) = UInt64(blocks).multipliedReportingOverflow(by: UInt64(info.f_frsize))
        return overflow ? .max : Int(clamping: bytes)
      }
      totalBytes = bytes(info.f_blocks)
      freeBytes = bytes(info.f_bavail)
      // Some file systems have no limit of files, and say 0.
      freeFiles = info.f_files == 0 ? .max : Int(clamping: info.f_favail)
    }
  }

  package static func space(_ folder: String) throws(SystemError) -> Space {
    var info = statvfs()
    try SystemError.retrying("statvfs") { statvfs(folder, &info) }
    return Space(info)
  }

  /// The names in a directory, without "." and "..", in byte order.
  package static func list(_ directory: String) throws(SystemError) -> [String] {
    guard let stream = opendir(directory) else { throw .current("opendir") }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw .current("readdir") }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Creates the directory with mode 0700, and its missing parents; does nothing if it exists, ENOTDIR if something
  /// else has its name.
  ///
  /// Each new name is synced into its parent.
  package static func createDirectory(_ path: String) throws(SystemError) {
    if isDirectory(path) { return }
    let parent = parent(of: path)
    if parent != path { try createDirectory(parent) }
    do {
      try SystemError.retrying("mkdir") { mkdir(path, 0o700) }
    } catch {
      guard error.code == EEXIST else { throw error }
      if isDirectory(path) { return }
      throw SystemError(call: "mkdir", code: ENOTDIR)
    }
    try syncDirectory(parent)
  }

  /// Gives a file another name, in place of what had that name; not on disk before `syncDirectory`.
  package static func rename(_ old: String, to new: String) throws(SystemError) {
    try SystemError.retrying("rename") { Glibc.rename(old, new) }
  }

  /// Gives a file a second name, which must not exist (EEXIST); not on disk before `syncDirectory`.
  package static func link(_ path: String, as second: String) throws(SystemError) {
    try SystemError.retrying("link") { Glibc.link(path, second) }
  }

  /// Removes a name; not on disk before `syncDirectory`.
  package static func unlink(_ path: String) throws(SystemError) {
    try SystemError.retrying("unlink") { Glibc.unlink(path) }
  }

  /// Removes an empty directory; not on disk before `syncDirectory` of its parent.
  package static func removeDirectory(_ path: String) throws(SystemError) {
    try SystemError.retrying("rmdir") { Glibc.rmdir(path) }
  }

  /// Syncs the names of a directory to disk: what was created, renamed and unlinked in it.
  package static func syncDirectory(_ path: String) throws(SystemError) {
    let opened = try SystemError.retrying("open") { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    defer { _ = close(opened) }
    try SystemError.retrying("fsync") { fsync(opened) }
  }

  /// All bytes of a file.
  package static func readFile(_ path: String) throws(SystemError) -> [UInt8] {
    try File.open(path, .read).readAll()
  }

  /// Replaces a file with one of these bytes: after a crash it is either the complete old or the complete new file.
  ///
  /// On disk when the call returns; on a throw the old file stays, unless only the last directory sync failed.
  package static func replaceFile(_ path: String, _ bytes: [UInt8], mode: UInt32) throws(SystemError) {
    let temporary = path + ".tmp"
    if exists(temporary) { try unlink(temporary) }
    do {
      let file = try File.open(temporary, .createNew(mode: mode))
      try file.writeAll(bytes)
      try file.sync()
      file.close()
      try rename(temporary, to: path)
    } catch {
      _ = Glibc.unlink(temporary)
      throw error
    }
    try syncDirectory(parent(of: path))
  }

  /// The directory part of a path: "." for a bare name, "/" for the root.
  package static func parent(of path: String) -> String {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    var end = slash
    while end > 1, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
    return end == 0 ? "/" : String(decoding: bytes[..<end], as: UTF8.self)
  }
}
