import Credentials
import Insight
import JSON
import SCIM
import Storage

/// An entry of the ring as the API shows it: with the names of its directory, key and connection.
struct RequestReport: Sendable {
  let json: JSONValue
  private let entry: JSONValue
  private let key: RequestExplanation.Key?
  private let connectionName: String?
  private let base: String

  init(_ entry: JSONValue, _ directory: String, _ world: AdminWorld) {
    self.entry = entry
    base = world.base
    let known = entry["key"]?.stringValue.flatMap { world.keys.key($0) }
    key = known.map { key in
      RequestExplanation.Key(
        name: key.name, newest: key.generations.last.map { ($0.hint, $0.created.description) })
    }
    connectionName = entry["connection"]?.stringValue.flatMap { id in
      world.store.existingDirectory(named: directory).flatMap { Self.connection(id, in: $0) }
    }
    var object = entry.objectValue ?? JSONObject()
    object["directory"] = .string(directory)
    object["keyName"] = known.map { .string($0.name) }
    object["connectionName"] = connectionName.map { .string($0) }
    json = .object(object)
  }

  private static func connection(_ id: String, in directory: Directory) -> String? {
    let type = directory.administrativeType("Connection")
    let found = directory.administrative(type, called: id, by: "name").whenDurable()
    return found.flatMap { ConnectionDescription($0.document)?.name }
  }

  /// The same in plain words, with a command that repeats the request.
  var explained: JSONValue {
    let explanation = RequestExplanation(entry, key: key, connectionName: connectionName)
    var object = json.objectValue ?? JSONObject()
    var words: JSONObject = ["who": .string(explanation.who), "asked": .string(explanation.asked)]
    words["understood"] = .array(explanation.understood.map { .string($0) })
    words["changed"] = .array(explanation.changed.map { .string($0) })
    words["refused"] = explanation.refused.map { .string($0) }
    words["fix"] = explanation.fix.map { .string($0) }
    object["explanation"] = .object(words)
    object["curl"] = RequestCurl.command(entry, base: base).map { .string($0) }
    return .object(object)
  }

  static let schema = AdminSchema.open([
    .init("id", .text), .init("time", .time, optional: true), .init("method", .text, optional: true),
    .init("path", .text, optional: true), .init("status", .integer, optional: true),
    .init("microseconds", .integer, optional: true), .init("remote", .text, optional: true),
    .init("agent", .text, optional: true), .init("directory", .text),
    .init("key", .text, optional: true), .init("keyName", .text, optional: true),
    .init("connection", .text, optional: true), .init("connectionName", .text, optional: true),
    .init("resource", .text, optional: true), .init("query", .any, optional: true),
    .init("body", .any, optional: true), .init("rules", .list(.text), optional: true),
    .init("ignored", .list(.text), optional: true), .init("skipped", .list(.text), optional: true),
    .init("record", .integer, optional: true), .init("changes", .any, optional: true),
    .init("error", .any, optional: true), .init("refused", .any, optional: true),
    .init("explanation", .any, optional: true), .init("curl", .text, optional: true),
    .init("dryRun", .boolean, optional: true), .init("statusBefore", .integer, optional: true),
    .init("masked", .integer, optional: true),
  ])
}
