import JSON
import Platform
import SCIM
import Storage

extension Command {
  static let storeDump = Command(
    path: ["store", "dump"], summary: "Print everything that a data folder holds, in a stable order",
    details: [
      "One line of JSON for every resource, ordered by directory, type and id, deleted ones last: the same "
        + "state always prints the same. Of keys it has the digests; history is not in it. Reads the files and changes nothing; "
        + "may run next to a server."
    ],
    options: [Option(name: "directory", value: "NAME", help: "This directory only.")] + storeOptions,
    examples: [
      Example(does: "all of it", line: "scimd store dump > state.jsonl"),
      Example(
        does: "the userNames of a directory",
        line: "scimd store dump --directory contoso | jq -r '.resource.userName // empty'"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    try DataPlace(configuration).check()
    var buffer: [UInt8] = []
    try StoreDump(configuration, console.environment).forEach(in: invocation["directory"]) { line in
      buffer.append(contentsOf: line)
      buffer.append(UInt8(ascii: "\n"))
      if buffer.count > 256 << 10 {
        console.data(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
    }
    console.data(buffer)
    return .success
  }

  static let storeDiff = Command(
    path: ["store", "diff"], summary: "Compare two data folders, or what `store dump` printed of them",
    details: [
      "Prints a line for every resource that only one has (- for A, + for B) and for every attribute that "
        + "differs (~). Exit code 0 when both hold the same, 1 when not."
    ],
    arguments: [
      Argument(name: "A", help: "A data folder, or a file with the output of `scimd store dump`."),
      Argument(name: "B", help: "The one to compare it with."),
    ],
    options: [
      Option(
        name: "content", help: "Compare what clients wrote: not times, versions, order and deleted resources."
      ), ConfigurationLoader.fileOption,
    ] + settingOptions(["schemas"]),
    examples: [
      Example(
        does: "a restored backup with the original", line: "scimd store diff /var/lib/scimd /mnt/restored"),
      Example(does: "now with then", line: "scimd store diff state.jsonl /var/lib/scimd"),
      Example(
        does: "what was imported with its source", line: "scimd store diff --content /var/lib/scimd new"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let content = invocation.has("content")
    let a = try StoreDiff.load(
      invocation.arguments[0], configuration, console.environment, contentOnly: content)
    let b = try StoreDiff.load(
      invocation.arguments[1], configuration, console.environment, contentOnly: content)
    let lines = StoreDiff.lines(a, b)
    for line in lines { console.print(line) }
    if lines.isEmpty { console.printError("Both hold the same: \(a.count) lines.") }
    return lines.isEmpty ? .success : .failure
  }
}

/// The canonical lines of a data folder.
struct StoreDump: Sendable {
  private let configuration: Configuration
  private let environment: Environment

  init(_ configuration: Configuration, _ environment: Environment) {
    self.configuration = configuration
    self.environment = environment
  }

  func forEach(in directory: String?, _ body: ([UInt8]) -> Void) throws(CommandError) {
    let folder = try DataFolder.opened(configuration.data, .readOnly)
    let catalog = try StoreAccess.catalog(configuration)
    let names = try StoreAccess.names(folder)
    if let directory, !names.contains(directory) {
      throw CommandError(.failure, "there is no directory \"\(directory)\" in \(configuration.data)")
    }
    for name in names where directory == nil || name == directory {
      try StoreAccess.reader(folder, name, catalog, configuration, environment, keepsAll: true).dump(body)
    }
  }
}

/// What two dumps do not have in common.
enum StoreDiff {
  /// The lines of a folder or of a dump by what they are of, such as `default User <id>`.
  static func load(
    _ path: String, _ configuration: Configuration, _ environment: Environment, contentOnly: Bool
  ) throws(CommandError) -> [String: JSONValue] {
    var lines: [String: JSONValue] = [:]
    var failure: CommandError?
    func take(_ line: ArraySlice<UInt8>) {
      guard let json = try? JSONParser.parse(line), let id = json["id"]?.stringValue,
        let directory = json["directory"]?.stringValue, let type = json["type"]?.stringValue
      else {
        failure = failure ?? CommandError(.failure, "\(path) is neither a data folder nor a dump of one")
        return
      }
      let key = "\(directory) \(json["deleted"] == nil ? "" : "deleted ")\(type) \(id)"
      guard contentOnly else { return lines[key] = json }
      guard json["deleted"] == nil, var object = json.objectValue else { return }
      for name in ["created", "modified", "ordinal", "revision"] { object[name] = nil }
      lines[key] = .object(object)
    }
    if FileSystem.isDirectory(path) {
      var configuration = configuration
      configuration.data = path
      try StoreDump(configuration, environment).forEach(in: nil) { take($0[...]) }
    } else {
      do throws(SystemError) {
        for line in try FileSystem.readFile(path).split(separator: UInt8(ascii: "\n")) { take(line) }
      } catch {
        throw CommandError(.inputOutput, path, error)
      }
    }
    if let failure { throw failure }
    return lines
  }

  static func lines(_ a: [String: JSONValue], _ b: [String: JSONValue]) -> [String] {
    var lines: [String] = []
    for key in Set(a.keys).union(b.keys).sorted() {
      switch (a[key], b[key]) {
      case (let old?, let new?):
        for (path, before, after) in HistoryEvent.changes(old, new) {
          lines.append("~ \(key) \(path): \(text(before)) -> \(text(after))")
        }
      case (let old?, nil): lines.append("- \(key)\(name(old))")
      case (nil, let new?): lines.append("+ \(key)\(name(new))")
      case (nil, nil): break
      }
    }
    return lines
  }

  private static func name(_ json: JSONValue) -> String {
    let resource = json["resource"]
    let name = (resource?["userName"] ?? resource?["displayName"])?.stringValue
    return name.map { " (\($0))" } ?? ""
  }

  private static func text(_ json: JSONValue?) -> String {
    json.map { String(decoding: $0.serialized(), as: UTF8.self) } ?? "none"
  }
}
