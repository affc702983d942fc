import Admin
import JSON
import Platform
import Protocol
import SCIM

extension Command {
  static let schemaSuggest = Command(
    path: ["schema", "suggest"],
    summary: "Show attributes that a client sends but no schema defines, and how to keep "
      + "them",
    details: [
      "Lists the attributes that a connection, or a key without one, sent and that were not stored: names, types and "
        + "counts, never values. With --to, writes the schemas and resource types that would keep them, together with "
        + "the files of --schemas, to a new folder for `scimd serve --schemas`."
    ],
    arguments: [
      Argument(name: "SENDER", help: "A connection, by id or name, or the id of a key.")
    ],
    options: [
      Option(name: "to", value: "DIR", help: "The folder to write, which must not exist."),
      ResourceCommands.directoryOption,
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "attributes that are not stored", line: "scimd schema suggest Okta"),
      Example(does: "write the files that keep them", line: "scimd schema suggest Okta --to schemas"),
    ]
  ) { invocation, console throws(CommandError) in
    let client = try AdminClient(invocation, console)
    let request = AdminRequest.directory(
      ResourceCommands.directory(invocation), "GET", ["ignored-attributes", invocation.arguments[0]])
    let (json, page) = try client.page(request, IgnoredAttribute.init)
    let folder = invocation["to"]
    if let folder { try SuggestedFolder(folder, page.items, client.configuration).write(console) }
    console.show(json, invocation) {
      if page.items.isEmpty {
        return "All attributes that \(invocation.arguments[0]) has sent are defined by a schema.\n"
      }
      guard folder == nil else { return "" }
      return SchemaText.table(page.items).text(width: console.columns())
        + "\n--to DIR writes the files that would keep them.\n"
    }
    return .success
  }
}

/// A new folder of schemas: the existing files and the suggested ones.
private struct SuggestedFolder {
  private let path: String
  private let suggestion: SchemaSuggestion
  private let source: String?

  /// Throws if the folder exists already.
  init(
    _ path: String, _ ignored: [IgnoredAttribute], _ configuration: Configuration
  ) throws(CommandError) {
    self.path = path
    source = configuration.schemas
    suggestion = SchemaSuggestion(ignored, try StoreAccess.catalog(configuration))
    guard !FileSystem.exists(path) else {
      throw CommandError(
        .cannotCreate, "\(path) exists; nothing is overwritten", advice: "Choose another folder with --to.")
    }
  }

  /// Writes the files, then checks the new folder as `schema check` does.
  func write(_ console: Console) throws(CommandError) {
    for note in suggestion.notes { console.printError(note) }
    guard !suggestion.files.isEmpty else {
      return console.print("There is nothing that a file could define.")
    }
    let kept = try keptFiles()
    do throws(SystemError) {
      try FileSystem.createDirectory(path)
      for (name, bytes) in kept { try FileSystem.replaceFile("\(path)/\(name)", bytes, mode: 0o600) }
      for file in suggestion.files {
        try FileSystem.replaceFile(
          "\(path)/\(fresh(file.name, kept))", file.json.serialized() + [UInt8(ascii: "\n")], mode: 0o600)
      }
    } catch {
      throw CommandError(.cannotCreate, path, error, isWriting: true)
    }
    try DataPlace.checkAccess(path)
    if let error = SchemaReport(path).error { throw CommandError(error, folder: path) }
    console.print(
      "Wrote \(suggestion.files.map(\.name).joined(separator: ", ")) to \(path). Check the types, then restart with "
        + "`scimd serve --schemas \(path)`.")
  }

  /// The existing files, without the resource types that are written again.
  private func keptFiles() throws(CommandError) -> [(name: String, bytes: [UInt8])] {
    guard let source else { return [] }
    var kept: [(String, [UInt8])] = []
    do throws(SystemError) {
      for name in try FileSystem.list(source) where name.hasSuffix(".json") {
        let bytes = try FileSystem.readFile("\(source)/\(name)")
        let json = try? JSONParser.parse(bytes)
        let isType = json?["schemas"]?.arrayValue?.contains(.string(SchemaURN.resourceType)) == true
        let isReplaced = isType && json?["name"]?.stringValue.map(suggestion.types.contains) == true
        if !isReplaced { kept.append((name, bytes)) }
      }
    } catch {
      throw CommandError(.inputOutput, source, error)
    }
    return kept
  }

  /// The name of a suggested file; an existing file keeps its name.
  private func fresh(_ name: String, _ kept: [(name: String, bytes: [UInt8])]) -> String {
    kept.contains { $0.name == name } ? "suggested-\(name)" : name
  }
}
