import Credentials
import JSON
import Platform
import SCIM
import Storage

extension Command {
  static let history = Command(
    path: ["history"], summary: "Show what happened to a user or a group, when, and by which key",
    details: [
      "Every change that is kept in the journal, oldest first: also that a resource was added to a group or "
        + "removed from it. Names of other resources are those they have now. Works while the server runs, and "
        + "for deleted resources too."
    ],
    arguments: [Argument(name: "ID", help: "The id of the user or group.")],
    options: [directoryOption] + storeOptions + [
      Option(name: "json", help: "Print JSON, one change a line.")
    ],
    examples: [
      Example(does: "who changed this user", line: "scimd history 2819c223-7f76-453a-919d-413861904646"),
      Example(
        does: "when it was added to groups",
        line: "scimd history 2819c223-7f76-453a-919d-413861904646 --json | jq 'select(.effects[].addedTo)'"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    guard let id = ResourceID(invocation.arguments[0]) else {
      throw CommandError(
        .usage, "\"\(invocation.arguments[0])\" is not an id", advice: "`scimd user list` shows the ids.")
    }
    let name = invocation["directory"] ?? NewKey.defaultDirectory
    let report = try HistoryReport(id, directory: name, configuration, console.environment)
    if invocation.has("json") {
      for line in report.json { console.print(String(decoding: line.serialized(), as: UTF8.self)) }
      if let note = report.note { console.printError("scimd: \(note)") }
    } else {
      console.write(.output, report.text)
    }
    return .success
  }
}

/// The history of a resource with the names of keys and of other resources.
struct HistoryReport {
  private let id: ResourceID
  private let directory: String
  private let history: ResourceHistory
  private let reader: DirectoryReader
  private let keys: [String: String]

  init(
    _ id: ResourceID, directory: String, _ configuration: Configuration, _ environment: Environment
  ) throws(CommandError) {
    self.id = id
    self.directory = directory
    let folder = try DataFolder.opened(configuration.data, .readOnly)
    guard try StoreAccess.names(folder).contains(directory) else {
      throw CommandError(
        .failure, "there is no directory \"\(directory)\" in \(configuration.data)",
        advice: "`scimd store info` shows the directories.")
    }
    let catalog = try StoreAccess.catalog(configuration)
    reader = try StoreAccess.reader(folder, directory, catalog, configuration, environment)
    keys = try StoreAccess.keyNames(folder, configuration, environment)
    do throws(LogError) {
      history = try ResourceHistory(of: id, directory: reader)
    } catch {
      throw CommandError(error)
    }
    guard !history.events.isEmpty else { throw nothing }
  }

  private var nothing: CommandError {
    CommandError(
      .failure, "nothing is known of \(id.text) in the directory \(directory)",
      advice: note ?? "Is it in another directory? Name it with --directory.")
  }

  /// What is missing; nil for nothing.
  var note: String? {
    guard history.isIncomplete, let oldest = history.oldest else { return nil }
    return "history before record \(oldest) (\(history.oldestTime ?? "?")) is no longer kept, "
      + "so what happened earlier is missing"
  }

  var json: [JSONValue] {
    history.events.map { event in
      var object: JSONObject = ["seq": .integer(Int64(clamping: event.seq))]
      for member in event.record.objectValue?.members ?? [] { object[member.name] = member.value }
      if let name = keyName(event), var actor = object["actor"]?.objectValue {
        actor["name"] = .string(name)
        object["actor"] = .object(actor)
      }
      object["effects"] = .array(event.effects.map(json))
      return .object(object)
    }
  }

  var text: String {
    var text = "History of \(label(id.text)) in the directory \(directory)\n"
    if let note { text += "(\(note))\n" }
    for event in history.events {
      text += "\n\(heading(event))\n"
      for effect in event.effects { for line in lines(effect) { text += "  \(line)\n" } }
      for (member, meaning) in [
        ("dialect", "dialect rules"), ("ignored", "ignored attributes"),
        ("skipped", "unknown members left out"),
      ] {
        let items = event.record[member]?.arrayValue?.compactMap(\.stringValue) ?? []
        if !items.isEmpty { text += "  \(meaning): \(items.joined(separator: ", "))\n" }
      }
    }
    return text
  }
}

extension HistoryReport {
  private func keyName(_ event: HistoryEvent) -> String? {
    event.record["actor"]?["key"]?.stringValue.flatMap { keys[$0] }
  }

  private func heading(_ event: HistoryEvent) -> String {
    func text(_ json: JSONValue?) -> String { json?.stringValue ?? "" }
    let actor = event.record["actor"]
    let key = text(actor?["key"])
    let who =
      key.isEmpty
      ? "an administrator"
      : "key \(keyName(event).map { "\"\($0)\" (\(key))" } ?? key), profile "
        + text(actor?["profile"])
    return "\(text(event.record["time"]))  \(text(event.record["operation"]))\n  by \(who), "
      + "from \(text(actor?["remote"])), request \(text(event.record["request"])), record \(event.seq)"
  }

  /// The id with the name that it has now.
  private func label(_ id: String) -> String {
    reader.displayName(of: id).map { "\(id) (\($0))" } ?? id
  }

  private func lines(_ effect: HistoryEvent.Effect) -> [String] {
    switch effect {
    case .created(let resource): ["created"] + attributes(resource)
    case .changed(let path, let before, let after): ["\(path): \(value(before)) -> \(value(after))"]
    case .membersAdded(let ids): ids.map { "member added: \(label($0))" }
    case .membersRemoved(let ids): ids.map { "member removed: \(label($0))" }
    case .addedTo(let ids): ids.map { "added to group: \(label($0))" }
    case .removedFrom(let ids): ids.map { "removed from group: \(label($0))" }
    case .deleted(let resource): ["deleted"] + attributes(resource)
    case .restored(let resource, let deleted):
      ["restored; it was deleted at \(deleted)"] + attributes(resource)
    case .erased: ["erased: its values were taken out of the history too"]
    case .withheld: ["(the values of this change were erased)"]
    }
  }

  private func attributes(_ resource: JSONObject) -> [String] {
    resource.members.map { "  \($0.name): \(value($0.value))" }
  }

  private func value(_ json: JSONValue?) -> String {
    json.map { String(decoding: $0.serialized(), as: UTF8.self) } ?? "none"
  }

  private func json(_ effect: HistoryEvent.Effect) -> JSONValue {
    func references(_ ids: [String]) -> JSONValue {
      .array(
        ids.map { id in
          var object: JSONObject = ["id": .string(id)]
          if let name = reader.displayName(of: id) { object["name"] = .string(name) }
          return .object(object)
        })
    }
    switch effect {
    case .created(let resource): return ["created": .object(resource)]
    case .changed(let path, let before, let after):
      return ["changed": .string(path), "before": before ?? .null, "after": after ?? .null]
    case .membersAdded(let ids): return ["membersAdded": references(ids)]
    case .membersRemoved(let ids): return ["membersRemoved": references(ids)]
    case .addedTo(let ids): return ["addedTo": references(ids)]
    case .removedFrom(let ids): return ["removedFrom": references(ids)]
    case .deleted(let resource): return ["deleted": .object(resource)]
    case .restored(let resource, let deleted):
      return ["restored": .object(resource), "deleted": .string(deleted)]
    case .erased: return ["erased": true]
    case .withheld: return ["withheld": true]
    }
  }
}
