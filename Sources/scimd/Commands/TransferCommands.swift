import Client
import Glibc
import JSON
import Platform
import SCIM
import Admin
import Credentials
import Transfer
import Storage

extension Command {
  private static let formatHelp =
    "ndjson (one JSON object a line) or csv. Default: csv for a FILE that ends so, else ndjson."

  static let export = Command(
    path: ["export"], summary: "Write users and groups as lines of JSON, or as a table",
    details: [
      "JSON lines have everything. A CSV has one type: its first row has attribute paths, such as userName, "
        + "name.givenName, emails[type eq \"work\"].value; members are userNames with ; between. Cells that a "
        + "spreadsheet would calculate begin with '. `scimd import` reads both again. Reads the files; may run "
        + "beside a server. Deleted resources, history and keys are not in it: `scimd store backup` has all."
    ],
    arguments: [
      Argument(
        name: "FILE", help: "The file to write, which must not exist. Default: standard output.",
        isRequired: false)
    ],
    options: [
      Option(name: "format", value: "FORMAT", help: formatHelp),
      Option(
        name: "type", value: "TYPE",
        help: "This resource type only, such as User. A CSV without it is of users."),
      directoryOption,
    ] + storeOptions,
    examples: [
      Example(does: "everything", line: "scimd export all.ndjson"),
      Example(does: "users for a spreadsheet", line: "scimd export --type User users.csv"),
      Example(does: "to another program", line: "scimd export --format csv --type Group | column -s, -t"),
    ]
  ) { invocation, console throws(CommandError) in
    try TransferDesk(invocation, console).export()
    return .success
  }

  static let `import` = Command(
    path: ["import"], summary: "Bring users and groups in from lines of JSON, or from a table",
    details: [
      "All lines or none: every line is checked, errors name their lines, and nothing is changed unless all are "
        + "right (see --partial). A line means the resource with its id, else the user with its userName or the "
        + "group with its displayName; where there is none it is created, under its id if it has one. A line of "
        + "JSON replaces all of a resource; a table only the columns that it has, where an empty cell clears. "
        + "Members are ids, userNames or displayNames of groups, and may come later in the file. Works while the "
        + "server runs."
    ],
    arguments: [Argument(name: "FILE", help: "The file to read, or - for standard input.")],
    options: [
      Option(name: "format", value: "FORMAT", help: formatHelp),
      Option(
        name: "type", value: "TYPE",
        help: "The resource type of the rows of a CSV (default User), or the only one to take of JSON."),
      Option(name: "dry-run", help: "Check and count only."),
      Option(
        name: "on-conflict", value: "WHAT",
        help: "For a resource that is there and differs: fail, skip or replace. Default: fail."),
      Option(name: "partial", help: "Import the lines that are right, although others are wrong."),
      directoryOption,
    ] + storeOptions + [jsonOption],
    examples: [
      Example(does: "what would happen", line: "scimd import --dry-run users.csv"),
      Example(does: "groups after users", line: "scimd import --type Group groups.csv"),
      Example(does: "bring existing ones up to date", line: "scimd import --on-conflict replace all.ndjson"),
    ]
  ) { invocation, console throws(CommandError) in
    let report = try TransferDesk(invocation, console).importFile()
    let invalid = report["invalid"]?.integerValue ?? 0
    if invocation.has("json") {
      console.print(String(decoding: report.serialized(), as: UTF8.self))
    } else {
      for error in report["errors"]?.arrayValue ?? [] {
        console.printError(
          "line \(error["line"]?.integerValue ?? 0): \(error["error"]?.stringValue ?? "")")
      }
      console.print(TransferDesk.text(report, isDryRun: invocation.has("dry-run")))
    }
    return invalid == 0 ? .success : .failure
  }
}

/// Exports from a folder's files, and imports through the running server or else into the folder.
struct TransferDesk: Sendable {
  private let invocation: Invocation
  private let console: Console
  private let configuration: Configuration
  private let format: ImportOptions.Format
  private let directory: String

  init(_ invocation: Invocation, _ console: Console) throws(CommandError) {
    self.invocation = invocation
    self.console = console
    configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    directory = invocation["directory"] ?? NewKey.defaultDirectory
    let isTable = invocation.arguments.first?.lowercased().hasSuffix(".csv") == true
    format = try Self.choice(invocation, "format", isTable ? .csv : .ndjson)
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ invocation: Invocation, _ option: String, _ fallback: Choice
  ) throws(CommandError) -> Choice {
    guard let text = invocation[option] else { return fallback }
    guard let choice = Choice(rawValue: text) else {
      let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError(.usage, "--\(option): \"\(text)\" is not one of \(all)")
    }
    return choice
  }

  // MARK: Export

  func export() throws(CommandError) {
    let catalog = try StoreAccess.catalog(configuration)
    let types = try types(catalog)
    let folder = try DataFolder.opened(configuration.data, .readOnly)
    guard try StoreAccess.names(folder).contains(directory) else { throw unknownDirectory() }
    let reader = try StoreAccess.reader(folder, directory, catalog, configuration, console.environment)
    let path = invocation.arguments.first.flatMap { $0 == "-" ? nil : $0 }
    let output = try ExportOutput(path, console)
    for type in types {
      switch format {
      case .ndjson: reader.export(type) { output.write(ExportLine.json($0).serialized() + [0x0A]) }
      case .csv:
        var table = ExportTable(type)
        reader.export(type) { table.note($0) }
        let (head, row) = table.head()
        output.write(head)
        reader.export(type) { output.write(row($0)) }
      }
    }
    try output.finish()
    if let path { console.print("Exported \(output.lines) lines to \(path).") }
  }

  private func types(_ catalog: Catalog) throws(CommandError) -> [ResourceType] {
    guard let name = invocation["type"] else {
      return format == .csv ? Array(catalog.types.prefix(1)) : catalog.types
    }
    guard let type = catalog.type(called: name) else {
      throw CommandError(.usage, "--type: \(catalog.unknownType(name))")
    }
    return [type]
  }

  private func unknownDirectory() -> CommandError {
    CommandError(
      .failure, "there is no directory \"\(directory)\" in \(configuration.data)",
      advice: "`scimd store info` shows the directories.")
  }

  // MARK: Import

  /// What it did; see `ImportReport`.
  func importFile() throws(CommandError) -> JSONValue {
    var options = ImportOptions()
    options.format = format
    if invocation["type"] != nil {
      options.type = try types(try StoreAccess.catalog(configuration)).first?.name
    }
    options.conflict = try Self.choice(invocation, "on-conflict", .fail)
    options.isDryRun = invocation.has("dry-run")
    options.isPartial = invocation.has("partial")
    guard DataFolder.isValidName(directory) else {
      throw CommandError(DataFolderError.invalidName(directory), folder: configuration.data)
    }
    let bytes = try read(invocation.arguments[0])
    console.progress("Importing \(bytes.count) bytes ...")
    let path = "/directories/\(directory)/import?\(AdminAPI.query(options))"
    if let response = try ControlClient(folder: configuration.data).send("POST", path, bytes: bytes) {
      if let text = ControlClient.refusal(response) { throw CommandError(.failure, text) }
      guard let report = try? response.json() else {
        throw CommandError(.failure, "the server's answer is not JSON")
      }
      return report
    }
    return try importIntoFolder(bytes, options)
  }

  private func importIntoFolder(
    _ bytes: [UInt8], _ options: ImportOptions
  ) throws(CommandError) -> JSONValue {
    // A folder that is not there yet is made.
    let folder = try DataFolder.opened(configuration.data, .write)
    folder.close()
    let store = try StoreAccess.open(configuration, console.environment)
    defer { store.close() }
    guard case .success(let open) = store.directory(named: directory) else { throw unknownDirectory() }
    let administration = DirectoryAdministration(
      open, environment: console.environment, origin: "command line")
    do throws(SCIMError) {
      return try administration.importing(bytes, options)
    } catch {
      throw CommandError(.failure, error.detail)
    }
  }

  private func read(_ path: String) throws(CommandError) -> [UInt8] {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { room.deallocate() }
    do throws(SystemError) {
      let file = try File.open(path == "-" ? "/dev/stdin" : path, .read)
      var bytes: [UInt8] = []
      while bytes.count <= ImportOptions.maxBytes {
        let count = try file.read(into: room)
        if count == 0 { return bytes }
        bytes += room[..<count]
      }
    } catch {
      throw CommandError(.failure, "\(path): \(error)")
    }
    throw CommandError(
      .failure, "\(path) has more than \(ImportOptions.maxBytes) bytes", advice: "Split it, users first.")
  }

  static func text(_ report: JSONValue, isDryRun: Bool) -> String {
    func number(_ name: String) -> Int64 { report[name]?.integerValue ?? 0 }
    let counts =
      "\(number("created")) \(isDryRun ? "to create" : "created"), "
      + "\(number("updated")) \(isDryRun ? "to update" : "updated"), \(number("unchanged")) unchanged, "
      + "\(number("skipped")) skipped, \(number("invalid")) invalid"
    let lines = "\(number("lines")) lines"
    if isDryRun { return "Nothing was changed (--dry-run). \(lines): \(counts)." }
    if report["applied"]?.boolValue == true { return "Imported. \(lines): \(counts)." }
    let wouldBe = "without errors it would be: \(number("created")) created, \(number("updated")) updated"
    return "Nothing was imported: \(number("invalid")) of \(lines) are wrong; \(wouldBe)."
  }
}

/// Where an export goes: a new file, or standard output.
private final class ExportOutput {
  private static let bufferBytes = 256 << 10

  private let path: String?
  private let console: Console
  private let file: File?
  private var buffer: [UInt8] = []
  private var failure: SystemError?
  private(set) var lines = 0

  /// - Parameter path: nil for standard output.
  init(_ path: String?, _ console: Console) throws(CommandError) {
    self.path = path
    self.console = console
    do {
      file = try path.map { path throws(SystemError) in try File.open(path, .createNew(mode: 0o600)) }
    } catch {
      throw CommandError(
        .cannotCreate, "\(path ?? ""): \(error)", advice: "Name a file that does not exist.")
    }
  }

  func write(_ line: [UInt8]) {
    lines += 1
    buffer += line
    if buffer.count > Self.bufferBytes { flush() }
  }

  private func flush() {
    defer { buffer.removeAll(keepingCapacity: true) }
    guard let file else { return console.write(.output, String(decoding: buffer, as: UTF8.self)) }
    guard failure == nil else { return }
    do { try file.writeAll(buffer) } catch { failure = error }
  }

  /// Everything is written; a file is on disk.
  func finish() throws(CommandError) {
    flush()
    do throws(SystemError) {
      if let failure { throw failure }
      try file?.sync()
    } catch {
      throw CommandError(.inputOutput, "\(path ?? ""): \(error)")
    }
  }
}
