import Glibc
import JSON
import Platform

/// The folder that holds all state of a server. This is what is in it:
///
///     LOCK                  locked (flock) by the process that serves the folder, with its pid for people
///     format                {"scimd":"data","format":2}
///     secret.key            the master key, unless a setting names another file; see `MasterKeys`
///     console.sock          where `scimd console` forwards a port to
///     control.sock          where the command line reaches the process that serves the folder
///     directories/<name>/   the log of each directory: journal-*.jsonl and snapshot-*.jsonl
///     requests/<name>/      the last requests of each directory, written without a sync
///
/// Folders have mode 0700 and files 0600. The lock goes with the process, however it ends.
package final class DataFolder: Sendable {
  package enum Access: Sendable {
    /// Creates missing parts and holds the lock.
    case write
    /// Neither locks nor changes anything.
    case readOnly
  }

  /// The directory that lists all directories; names that begin with `_` are reserved.
  package static let systemName = "_system"

  /// The version of the folder's layout.
  package static let format: Int64 = 2

  package let path: String
  private let lock: File?

  private init(path: String, lock: File?) {
    self.path = path
    self.lock = lock
  }

  /// Opens the folder; for writing, also creates it if the path does not exist or is an empty folder.
  package static func open(
    _ path: String, _ access: Access = .write
  ) throws(DataFolderError) -> DataFolder {
    if access == .readOnly {
      guard FileSystem.isDirectory(path) else { throw .notFound(path) }
      guard try format(of: path) != nil else { throw .foreign(path) }
      return DataFolder(path: path, lock: nil)
    }
    do {
      try FileSystem.createDirectory(path)
    } catch {
      throw .system(file: path, error)
    }
    let lock = try takeLock(path)
    switch try format(of: path) {
    case nil: try initialize(path)
    case let format? where format < Self.format:
      // From here on an older version refuses the folder: it would not understand what is written now.
      do { try writeFormat(path) } catch { throw .system(file: "\(path)/format", error) }
    default: break
    }
    do {
      try FileSystem.createDirectory("\(path)/directories")
    } catch {
      throw .system(file: "\(path)/directories", error)
    }
    return DataFolder(path: path, lock: lock)
  }

  /// Unlocks the folder for other processes; also happens when the last reference is released.
  package func close() {
    lock?.close()
  }

  /// The directories that have a folder, in byte order; without `_system`.
  package func directoryNames() throws(DataFolderError) -> [String] {
    let parent = "\(path)/directories"
    guard FileSystem.isDirectory(parent) else { return [] }
    do {
      return try FileSystem.list(parent).filter {
        Self.isValidName($0) && FileSystem.isDirectory("\(parent)/\($0)")
      }
    } catch {
      throw .system(file: parent, error)
    }
  }

  /// The same, with `_system` first if it has a folder.
  package func logNames() throws(DataFolderError) -> [String] {
    let hasSystem = FileSystem.isDirectory("\(path)/directories/\(Self.systemName)")
    return (hasSystem ? [Self.systemName] : []) + (try directoryNames())
  }

  /// The folder of a directory, which may be `_system`; created if it is missing and the access is for writing.
  package func directoryFolder(_ name: String) throws(DataFolderError) -> String {
    guard Self.isValidName(name) || name.hasSameBytes(as: Self.systemName) else { throw .invalidName(name) }
    let folder = "\(path)/directories/\(name)"
    if lock == nil {
      guard FileSystem.isDirectory(folder) else { throw .notFound(folder) }
      return folder
    }
    do {
      try FileSystem.createDirectory(folder)
    } catch {
      throw .system(file: folder, error)
    }
    return folder
  }

  /// Whether a directory may have this name: 1 to 64 of a-z, 0-9 and "-".
  package static func isValidName(_ name: String) -> Bool {
    let bytes = name.utf8
    return (1...64).contains(bytes.count)
      && bytes.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
      }
  }
}

// Filling a folder from a backup.
extension DataFolder {
  /// A new or empty folder, locked; it is no data folder before `complete`.
  static func openEmpty(_ path: String) throws(DataFolderError) -> DataFolder {
    do {
      try FileSystem.createDirectory(path)
      let names = try FileSystem.list(path).filter { $0 != "LOCK" && $0 != "lost+found" }
      guard names.isEmpty else { throw DataFolderError.notEmpty(path) }
      let lock = try takeLock(path)
      try FileSystem.createDirectory("\(path)/directories")
      return DataFolder(path: path, lock: lock)
    } catch let error as SystemError {
      throw .system(file: path, error)
    } catch let error as DataFolderError {
      throw error
    } catch {
      throw .foreign(path)
    }
  }

  /// Turns the restored files into a data folder.
  func complete() throws(DataFolderError) {
    do {
      for name in try FileSystem.list("\(path)/directories") {
        try FileSystem.syncDirectory("\(path)/directories/\(name)")
      }
      try Self.writeFormat(path)
    } catch {
      throw .system(file: path, error)
    }
  }

  private static func writeFormat(_ folder: String) throws(SystemError) {
    let text = "{\"scimd\":\"data\",\"format\":\(Self.format)}\n"
    try FileSystem.replaceFile("\(folder)/format", Array(text.utf8), mode: 0o600)
  }
}

extension DataFolder {
  /// Locks the folder for the life of the file; throws `locked` with the pid of the holder, if it can be read.
  private static func takeLock(_ folder: String) throws(DataFolderError) -> File {
    let path = "\(folder)/LOCK"
    do {
      let file = try File.open(path, .readWrite(create: true))
      if try file.tryLockExclusive() {
        try file.truncate(to: 0)
        try file.writeAll(Array("\(getpid())\n".utf8))
        return file
      }
      let text = String(
        decoding: try file.read(upTo: 20, at: 0).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      throw DataFolderError.locked(pid: Int(text))
    } catch let error as SystemError {
      throw .system(file: path, error)
    } catch let error as DataFolderError {
      throw error
    } catch {
      throw .foreign(folder)
    }
  }

  /// The number in the format file; nil if the file does not exist. Throws if this version cannot read it.
  private static func format(of folder: String) throws(DataFolderError) -> Int64? {
    let path = "\(folder)/format"
    guard FileSystem.exists(path) else { return nil }
    let bytes: [UInt8]
    do { bytes = try FileSystem.readFile(path) } catch { throw .system(file: path, error) }
    guard let value = try? JSONParser.parse(bytes), let format = value["format"]?.integerValue,
      value["scimd"] == "data", format >= 1
    else { throw .damagedFormat(path) }
    guard format <= Self.format else { throw .newerFormat(file: path, format: format) }
    return format
  }

  /// Turns an empty folder into a data folder; a folder with other content is refused.
  private static func initialize(_ folder: String) throws(DataFolderError) {
    let path = "\(folder)/format"
    do {
      let known = ["LOCK", "format.tmp", "lost+found"]
      let names = try FileSystem.list(folder)
      guard names.allSatisfy({ known.contains($0) }) else { throw DataFolderError.foreign(folder) }
      try writeFormat(folder)
    } catch let error as SystemError {
      throw .system(file: path, error)
    } catch {
      throw .foreign(folder)
    }
  }
}
