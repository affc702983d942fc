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
  /// The provider in whose words the request is explained.
  private let provider: Profile
  private let base: String

  /// - Parameter provider: nil for that of the request's connection or key.
  init(_ entry: JSONValue, _ directory: String, _ world: AdminWorld, provider: Profile? = nil) {
    self.entry = entry
    base = world.base
    let known = entry["key"]?.stringValue.flatMap { world.keys.key($0) }
    key = known.map { key in
      RequestExplanation.Key(
        name: key.name, newest: key.generations.last.map { ($0.hint, $0.created.description) })
    }
    let connection = entry["connection"]?.stringValue.flatMap { id in
      world.store.existingDirectory(named: directory).flatMap { Self.connection(id, in: $0) }
    }
    connectionName = connection?.name
    self.provider =
      provider ?? (connection?.provider ?? known?.profile).flatMap { Profile.named($0) } ?? .generic
    var object = entry.objectValue ?? JSONObject()
    object["directory"] = .string(directory)
    object["keyName"] = known.map { .string($0.name) }
    object["connectionName"] = connectionName.map { .string($0) }
    json = .object(object)
  }

  private static func connection(_ id: String, in directory: Directory) -> ConnectionDescription? {
    let type = directory.administrativeType("Connection")
    let found = directory.administrative(type, called: id, by: "name").whenDurable()
    return found.flatMap { ConnectionDescription($0.document) }
  }

  /// The same in plain words, with a command that repeats the request.
  var explained: JSONValue {
    var object = json.objectValue ?? JSONObject()
    object["explanation"] = explanation
    object["curl"] = RequestCurl.command(entry, base: base).map { .string($0) }
    return .object(object)
  }

  /// What happened, why, and what to do about it.
  var explanation: JSONValue {
    let explanation = RequestExplanation(
      entry, key: key, connectionName: connectionName, provider: provider)
    var words: JSONObject = ["who": .string(explanation.who), "asked": .string(explanation.asked)]
    words["understood"] = .array(explanation.understood.map { .string($0) })
    words["changed"] = .array(explanation.changed.map { .string($0) })
    words["refused"] = explanation.refused.map { .string($0) }
    if let error = explanation.error {
      words["code"] = .string(error.code.rawValue)
      words["cause"] = .string(error.cause)
      words["reference"] = .string(error.reference)
      words["provider"] = .string(provider.name)
      words["log"] = .string(provider.words.log)
    }
    words["fix"] = explanation.fix.map { .string($0) }
    return .object(words)
  }

  /// The explanation with what identifies the request.
  var answer: JSONValue {
    var object: JSONObject = ["request": json["id"] ?? .null]
    for name in ["time", "directory", "status"] { object[name] = json[name] }
    for member in explanation.objectValue?.members ?? [] { object[member.name] = member.value }
    return .object(object)
  }

  static let explanationSchema = AdminSchema.open([
    .init("request", .text), .init("time", .time, optional: true), .init("directory", .text),
    .init("status", .integer, optional: true), .init("who", .text), .init("asked", .text),
    .init("understood", .list(.text)), .init("changed", .list(.text)),
    .init("refused", .text, optional: true), .init("code", .text, optional: true),
    .init("cause", .text, optional: true), .init("reference", .text, optional: true),
    .init("provider", .text, optional: true), .init("log", .text, optional: true),
    .init("fix", .text, optional: true),
  ])

  static let schema = AdminSchema.open([
    .init("id", .text), .init("time", .time, optional: true), .init("method", .text, optional: true),
    .init("path", .text, optional: true), .init("status", .integer, optional: true),
    .init("microseconds", .integer, optional: true), .init("remote", .text, optional: true),
    .init("certificate", .text, optional: true), .init("agent", .text, optional: true),
    .init("directory", .text),
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
