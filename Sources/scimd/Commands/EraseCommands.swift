import JSON
import Platform
import Storage

extension Command {
  static let userErase = erase("user", "/Users")
  static let groupErase = erase("group", "/Groups")
  static let resourceErase = erase("resource", nil)

  /// - Parameter endpoint: nil where the type is the first argument.
  private static func erase(_ noun: String, _ endpoint: String?) -> Command {
    let type = endpoint == nil ? " Devices" : ""
    return Command(
      path: [noun, "erase"], summary: "Erase a \(noun) for good, from the history too",
      details: [
        "Takes the \(noun), there or deleted, with every value out of the state, the history and all files of the "
          + "data folder. Ids, times and keys stay, so that the history still tells that something happened. It "
          + "cannot be undone. Works while the server runs; backups that were made before are not changed."
      ],
      arguments: (endpoint == nil ? [typeArgument] : [])
        + [Argument(name: "ID", help: "The id, as `scimd \(noun) list\(type)` shows it.")],
      options: [directoryOption, Option(name: "yes", help: "Do not ask.")] + storeOptions + [jsonOption],
      examples: [
        Example(
          does: "asks first", line: "scimd \(noun) erase\(type) 2819c223-7f76-453a-919d-413861904646"),
        Example(
          does: "in a script",
          line: "scimd \(noun) erase\(type) 2819c223-7f76-453a-919d-413861904646 --yes --json"),
      ]
    ) { invocation, console throws(CommandError) in
      let text = invocation.arguments[endpoint == nil ? 1 : 0]
      guard let id = ResourceID(text) else {
        throw CommandError(
          .usage, "\"\(text)\" is not an id",
          advice: "`scimd \(noun) list\(type)` shows the ids, with --deleted those of deleted ones.")
      }
      let desk = try desk(invocation, console)
      if !invocation.has("yes") { try confirm(noun, id, desk, console) }
      let result = try desk.erase(endpoint ?? invocation.arguments[0], id)
      if invocation.has("json") {
        console.print(String(decoding: result.serialized(), as: UTF8.self))
      } else {
        let files = result["rewritten"]?.arrayValue?.count ?? 0
        console.print("Erased \(noun) \(id.text); files rewritten: \(files).")
      }
      try complain(result)
      return .success
    }
  }

  private static func confirm(
    _ noun: String, _ id: ResourceID, _ desk: DirectoryDesk, _ console: Console
  ) throws(CommandError) {
    let name = try desk.name(of: id).map { " (\($0))" } ?? ""
    let question = "Erase \(noun) \(id.text)\(name) for good, with all history of its values? [y/N] "
    guard let answer = console.ask(question) else {
      throw CommandError(
        .usage, "an erasure cannot be undone, and there is no terminal to ask at", advice: "Add --yes.")
    }
    guard ["y", "Y", "yes", "Yes", "YES"].contains(answer) else {
      throw CommandError(.failure, "nothing was erased")
    }
  }

  /// The resource is gone in any case, but what is left to do is no success.
  private static func complain(_ result: JSONValue) throws(CommandError) {
    if let reason = result["postponed"]?.stringValue {
      throw CommandError(
        .failure, "the values are erased from the state, but not from the files yet: \(reason)",
        advice: "The server does it with its next snapshot or start. To try now, run the same command again.")
    }
    let files = (result["unreadable"]?.arrayValue ?? []).compactMap(\.stringValue)
    guard files.isEmpty else {
      throw CommandError(
        .failure, "damaged files may still have values: \(files.joined(separator: ", "))",
        advice: "Delete files named .damaged when they are not needed. For others stop the server and run "
          + "`scimd store repair`; then run the same command again.")
    }
  }
}
