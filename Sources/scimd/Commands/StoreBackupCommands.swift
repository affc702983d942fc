import Client
import JSON
import Platform
import SCIM
import Credentials
import Storage

extension Command {
  static let storeBackup = Command(
    path: ["store", "backup"], summary: "Write everything in a data folder into one file, also while serving",
    details: [
      "Resources, deleted resources, history, and the keys' digests (never the keys). Each directory is of one "
        + "moment, and requests are answered meanwhile. The file ends with a checksum; it appears under its name "
        + "when it is whole."
    ],
    arguments: [
      Argument(name: "FILE", help: "The file to write, or - for standard output. It must not exist.")
    ],
    options: storeOptions,
    examples: [
      Example(does: "to a file", line: "scimd store backup /backup/scimd.jsonl"),
      Example(
        does: "compressed on another machine",
        line: "scimd store backup - | ssh backup 'zstd > scimd.jsonl.zst'"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let path = invocation.arguments[0]
    let desk = BackupDesk(configuration: configuration, environment: console.environment)
    if path == "-" {
      try desk.write(to: "/dev/stdout", .append(create: false))
      return .success
    }
    let backup = try desk.backUp(to: path)
    console.print(
      "Backed up \(configuration.data) to \(path): \(backup.lines) lines, directories: "
        + (backup.directories.isEmpty ? "none" : backup.directories.joined(separator: ", ")) + ".")
    return .success
  }

  static let storeRestore = Command(
    path: ["store", "restore"], summary: "Make a new data folder from a backup",
    details: [
      "The file is checked first, and what was restored is read back; a restore that is cut short leaves a "
        + "folder that no server starts on. The folder must be new or empty: nothing is ever overwritten."
    ],
    arguments: [Argument(name: "FILE", help: "A file that `scimd store backup` wrote.")],
    options: storeOptions,
    examples: [
      Example(
        does: "on another machine", line: "scimd store restore /backup/scimd.jsonl --data /var/lib/scimd")
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let desk = BackupDesk(configuration: configuration, environment: console.environment)
    let backup = try desk.restore(invocation.arguments[0])
    console.print(
      "Restored the backup of \(backup.time) into \(configuration.data), directories: "
        + (backup.directories.isEmpty ? "none" : backup.directories.joined(separator: ", ")) + ".")
    return .success
  }
}

/// Backups of a data folder: through the running server, or else from the folder.
struct BackupDesk: Sendable {
  let configuration: Configuration
  let environment: Environment

  /// The finished file, read back.
  func backUp(to path: String) throws(CommandError) -> BackupFile {
    guard !FileSystem.exists(path) else {
      throw CommandError(
        .cannotCreate, "\(path) exists; nothing is overwritten", advice: "Name another file.")
    }
    let temporary = path + ".tmp"
    try? FileSystem.unlink(temporary)
    do throws(CommandError) {
      try write(to: temporary, .createNew(mode: 0o600))
      let backup = try read(temporary)
      do throws(SystemError) {
        try FileSystem.rename(temporary, to: path)
        try FileSystem.syncDirectory(FileSystem.parent(of: path))
      } catch {
        throw CommandError(.inputOutput, "\(path): \(error)")
      }
      return backup
    } catch {
      try? FileSystem.unlink(temporary)
      throw error
    }
  }

  /// Writes the backup and brings it to disk.
  func write(to path: String, _ access: File.Access) throws(CommandError) {
    let file: File
    do { file = try File.open(path, access) } catch {
      throw CommandError(.cannotCreate, "\(path): \(error)")
    }
    var failure: SystemError?
    func write(_ piece: ArraySlice<UInt8>) -> Bool {
      do throws(SystemError) {
        try file.writeAll(Array(piece))
        return true
      } catch {
        failure = error
        return false
      }
    }
    do throws(CommandError) {
      try forEachPiece(write)
    } catch {
      throw failure.map { CommandError(.inputOutput, "\(path): \($0)") } ?? error
    }
    if let failure { throw CommandError(.inputOutput, "\(path): \(failure)") }
    guard case .createNew = access else { return }
    do { try file.sync() } catch { throw CommandError(.inputOutput, "\(path): \(error)") }
  }

  func restore(_ path: String) throws(CommandError) -> BackupFile {
    let backup = try read(path)
    let catalog = try StoreAccess.catalog(configuration)
    let folder = configuration.data
    do throws(BackupError) {
      try BackupRestore.run(backup, into: folder, catalog: catalog, environment: environment)
    } catch {
      throw CommandError(error)
    }
    return backup
  }

  private func forEachPiece(_ sink: (ArraySlice<UInt8>) -> Bool) throws(CommandError) {
    if let response = try ControlClient(folder: configuration.data).stream("GET", "/backup", sink) {
      if let text = ControlClient.refusal(response) { throw CommandError(.failure, text) }
      return
    }
    let folder = try StoreAccess.existing(configuration.data)
    defer { folder.close() }
    let catalog = try StoreAccess.catalog(configuration)
    var readers: [DirectoryReader] = []
    for name in try StoreAccess.logNames(folder) {
      readers.append(
        try StoreAccess.reader(folder, name, catalog, configuration, environment, keepsAll: true))
    }
    let pieces = DirectoryReader.backup(
      readers, catalog: catalog, time: environment.now())
    do throws(LogError) {
      while let piece = try pieces.next() {
        if !sink(piece[...]) { return }
      }
    } catch {
      throw CommandError(error)
    }
  }

  private func read(_ path: String) throws(CommandError) -> BackupFile {
    do throws(BackupError) {
      return try BackupFile(path)
    } catch {
      throw CommandError(error)
    }
  }
}

extension CommandError {
  init(_ error: BackupError) {
    switch error {
    case .unreadable(let error) where error.isAboutSchemas: self.init(error)
    case .damaged, .unreadable: self.init(.dataCorrupt, "\(error)", advice: "Use another backup.")
    case .newerFormat: self.init(.dataCorrupt, "\(error)", advice: "Run the newer scimd.")
    case .system: self.init(.inputOutput, "\(error)")
    case .folder(let error): self.init(error, folder: "the data folder")
    }
  }
}
