import Credentials
import Platform
import SCIM
import Storage

extension Command {
  static let storeBackup = Command(
    path: ["store", "backup"],
    summary: "Write everything in a data folder to one file, also while the server is "
      + "running",
    details: [
      "The file contains resources, deleted resources, history and key digests, but no keys. Each directory is "
        + "consistent in itself, and the server keeps answering requests. The file ends with a checksum and gets its "
        + "name only when it is complete.",
      "The file does not contain the master key unless you pass --include-secret-key; without it, a restore creates a "
        + "new one.",
    ],
    arguments: [
      Argument(name: "FILE", help: "The file to write, or - for standard output. It must not exist.")
    ],
    options: [
      Option(
        name: "include-secret-key", help: "Also the master key, so that cursors in use survive a restore.")
    ] + AdminClient.options + settingOptions(["secretKeyFile"]),
    examples: [
      Example(does: "to a file", line: "scimd store backup /backup/scimd.jsonl"),
      Example(
        does: "compressed on another machine",
        line: "scimd store backup - | ssh backup 'zstd > scimd.jsonl.zst'"),
    ]
  ) { invocation, console throws(CommandError) in
    let client = try AdminClient(invocation, console)
    let name = invocation.arguments[0]
    let path = name == "-" ? nil : name
    var backup: BackupFile?
    var request = AdminRequest.root("GET", "store", "backup")
    request.set("includeSecretKey", invocation.has("include-secret-key"))
    let sent = request
    try OutputFile(path, console).fill(
      check: { written throws(CommandError) in backup = try readBackup(written) },
      { sink throws(CommandError) in try client.stream(sent, sink) })
    if let backup, let path {
      console.print(
        "Backed up to \(path): \(backup.lines) lines, directories: \(names(backup.directories)).")
    }
    return .success
  }

  static let storeRestore = Command(
    path: ["store", "restore"], summary: "Create a data folder from a backup",
    details: [
      "The file is checked first, and the restored folder is read back. No server starts on a folder whose restore was "
        + "interrupted. The folder must be new or empty; nothing is ever overwritten.",
      "A backup without the master key gets a new one.",
    ],
    arguments: [Argument(name: "FILE", help: "A file that `scimd store backup` wrote.")],
    options: storeOptions + settingOptions(["secretKeyFile"]),
    examples: [
      Example(
        does: "on another machine", line: "scimd store restore /backup/scimd.jsonl --data /var/lib/scimd")
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let backup = try restore(invocation.arguments[0], configuration, console.environment)
    console.print(
      "Restored the backup of \(backup.time) into \(configuration.data), directories: "
        + "\(names(backup.directories)).")
    let (adoption, file) = try SecretCommands.adopted(configuration, console.environment)
    if adoption.before != nil, !adoption.isUnchanged {
      let what =
        adoption.isNew ? "The backup has no master key, so \(file) is new" : "The master key is \(file) now"
      console.print("\(what) (fingerprint \(adoption.fingerprint)): cursors in use end.")
    }
    return .success
  }

  private static func names(_ directories: [String]) -> String {
    directories.isEmpty ? "none" : directories.joined(separator: ", ")
  }

  /// Restores a checked backup into a new or empty folder.
  private static func restore(
    _ path: String, _ configuration: Configuration, _ environment: Environment
  ) throws(CommandError) -> BackupFile {
    let backup = try readBackup(path)
    let catalog = try StoreAccess.catalog(configuration)
    let folder = configuration.data
    do throws(BackupError) {
      try BackupRestore.run(
        backup, into: folder, catalog: catalog, environment: environment,
        takesMasterKey: configuration.secretKeyFile == nil)
    } catch {
      throw CommandError(error)
    }
    return backup
  }

  /// Checks every line and the checksum at the end.
  private static func readBackup(_ path: String) throws(CommandError) -> BackupFile {
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
    case .newerFormat: self.init(.dataCorrupt, "\(error)", advice: "Use the newer version of scimd.")
    case .system(let file, let cause): self.init(.inputOutput, file, cause)
    case .folder(let error): self.init(error, folder: "the data folder")
    }
  }
}
