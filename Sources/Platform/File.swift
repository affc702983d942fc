import CPlatform
import Glibc
import Synchronization

/// One open file: owns its descriptor, closes it on `close()` or when the last reference goes.
///
/// EINTR is retried everywhere; descriptors are close-on-exec; new files have mode 0600 by default. Calls after
/// `close()` fail with EBADF.
package final class File: Sendable {
  /// The access mode of an open file, and whether it may be created.
  package enum Access: Sendable, Equatable {
    /// Reading a file that exists.
    case read
    /// Appending: every write goes to the end of the file.
    case append(create: Bool)
    /// Reading and writing in place.
    case readWrite(create: Bool)
    /// Writing a file that must not exist yet (EEXIST otherwise).
    case createNew(mode: UInt32)

    fileprivate var flags: CInt {
      switch self {
      case .read: O_RDONLY
      case .append(let create): O_WRONLY | O_APPEND | (create ? O_CREAT : 0)
      case .readWrite(let create): O_RDWR | (create ? O_CREAT : 0)
      case .createNew: O_WRONLY | O_CREAT | O_EXCL
      }
    }

    fileprivate var mode: UInt32 {
      if case .createNew(let mode) = self { mode_t(mode) } else { 0o600 }
    }
  }

  private let descriptor: Atomic<CInt>

  private init(_ descriptor: CInt) {
    self.descriptor = Atomic(descriptor)
  }

  deinit {
    close()
  }

  /// Throws the `errno` of open(2), such as ENOENT, EACCES or EEXIST.
  package static func open(_ path: String, _ access: Access) throws(SystemError) -> File {
    let opened = try SystemError.retrying("open") { Glibc.open(path, access.flags | O_CLOEXEC, access.mode) }
    return File(opened)
  }

  /// Standard input as a descriptor, which may refer to a file that only the caller's shell could open.
  package static func standardInput() throws(SystemError) -> File {
    File(try SystemError.retrying("dup") { fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) })
  }

  /// Gives the descriptor back; harmless when done twice.
  package func close() {
    let closing = descriptor.exchange(-1, ordering: .acquiringAndReleasing)
    if closing >= 0 { _ = Glibc.close(closing) }
  }

  /// -1 after `close()`, for which the kernel reports EBADF.
  private var number: CInt { descriptor.load(ordering: .acquiring) }
}

extension File {
  /// One write(2): how many of the bytes were taken, which may be fewer than given.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    return try SystemError.retrying("write") { Glibc.write(number, base, bytes.count) }
  }

  /// All the bytes, in as many writes as it takes; after a throw some of them may be written.
  package func writeAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = try write(rest)
      guard count > 0 else { throw SystemError(call: "write", code: EIO) }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }

  /// All the bytes, in as many writes as it takes; after a throw some of them may be written.
  package func writeAll(_ bytes: borrowing [UInt8]) throws(SystemError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(SystemError) in
      try writeAll(UnsafeRawBufferPointer(buffer))
    }
  }

  /// One read(2) at the file's position: how many bytes were put into `buffer`, 0 at the end of the file.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    return try SystemError.retrying("read") { Glibc.read(number, base, buffer.count) }
  }

  /// The next `read(into:)` begins at this offset.
  package func seek(to offset: Int) throws(SystemError) {
    try SystemError.retrying("lseek") { Int(lseek(number, off_t(offset), SEEK_SET)) }
  }

  /// At most `count` bytes from `offset` on, fewer only at the end of the file; the position is left alone.
  package func read(upTo count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(SystemError) -> Int in
        let rest = UnsafeMutableBufferPointer(rebasing: buffer[filled...])
        return try SystemError.retrying("pread") {
          pread(number, rest.baseAddress, rest.count, off_t(offset + filled))
        }
      }
      if got == 0 { break }
      filled += got
    }
    bytes.removeLast(count - filled)
    return bytes
  }

  /// Everything from the start, whatever the position.
  package func readAll() throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let size = try size
      let wanted = max(size - bytes.count, 0) + 1
      let piece = try read(upTo: wanted, at: bytes.count)
      bytes.append(contentsOf: piece)
      if piece.count < wanted { return bytes }
    }
  }
}

extension File {
  /// fdatasync(2): the bytes, and the size that is needed to read them, are on disk.
  package func dataSync() throws(SystemError) {
    try SystemError.retrying("fdatasync") { fdatasync(number) }
  }

  /// fsync(2): the bytes and all attributes are on disk; the name is not, see `FileSystem.syncDirectory`.
  package func sync() throws(SystemError) {
    try SystemError.retrying("fsync") { fsync(number) }
  }

  /// Cuts or zero-extends to `size` bytes; also gives reserved blocks beyond `size` back.
  package func truncate(to size: Int) throws(SystemError) {
    try SystemError.retrying("ftruncate") { ftruncate(number, off_t(size)) }
  }

  /// Takes blocks for the range from the disk without changing the size (fallocate(2), FALLOC_FL_KEEP_SIZE). ENOSPC or
  /// EDQUOT if there are none, EOPNOTSUPP if the file system cannot.
  package func reserve(offset: Int, length: Int) throws(SystemError) {
    try SystemError.retrying("fallocate") { cplatform_reserve(number, off_t(offset), off_t(length)) }
  }

  /// The bytes of the file system that this process may still use.
  package func freeSpace() throws(SystemError) -> Int {
    var info = statvfs()
    try SystemError.retrying("fstatvfs") { fstatvfs(number, &info) }
    return FileSystem.Space(info).freeBytes
  }

  /// Bytes in the file.
  package var size: Int {
    get throws(SystemError) { Int(try status.st_size) }
  }

  /// When the contents last changed, milliseconds since 1970.
  package var modified: Int64 {
    get throws(SystemError) {
      let time = try status.st_mtim
      return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec / 1_000_000)
    }
  }

  /// Sets when the contents last changed, milliseconds since 1970.
  package func setModified(_ milliseconds: Int64) throws(SystemError) {
    let time = timespec(
      tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
    var times = (time, time)
    try SystemError.retrying("futimens") {
      withUnsafePointer(to: &times) {
        $0.withMemoryRebound(to: timespec.self, capacity: 2) { futimens(number, $0) }
      }
    }
  }

  /// The number by which the file system tells files apart; another file may get it after this one is gone.
  package var inode: UInt64 {
    get throws(SystemError) { UInt64(try status.st_ino) }
  }

  /// Whether the file still has a name: data written to a file without one is lost with the process.
  package var hasName: Bool {
    get throws(SystemError) { try status.st_nlink > 0 }
  }

  private var status: stat {
    get throws(SystemError) {
      var status = stat()
      try SystemError.retrying("fstat") { fstat(number, &status) }
      return status
    }
  }

  /// flock(2), LOCK_EX | LOCK_NB: false when another open file holds the lock; kept until this one closes.
  package func tryLockExclusive() throws(SystemError) -> Bool {
    do {
      try SystemError.retrying("flock") { flock(number, LOCK_EX | LOCK_NB) }
      return true
    } catch {
      if error.code == EWOULDBLOCK { return false }
      throw error
    }
  }
}
