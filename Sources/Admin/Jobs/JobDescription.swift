import JSON
package import SCIM
import Storage
import Transfer

/// An operation on more resources than fit into one record, as the log records it: an intent, small records, an end.
package struct JobDescription: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case removeConnection, deleteDirectory, `import`, applyDraft, takeOver
  }

  package enum State: String, Sendable, CaseIterable {
    case running, finished, failed, cancelled
  }

  /// The treatment of the users of a removed connection or directory.
  package enum Users: String, Sendable, CaseIterable {
    case keep, deactivate, delete
  }

  package var kind: Kind
  package var state = State.running
  /// The id of the connection or draft, or the name of the directory.
  package var target: String
  package var targetName: String
  package var users: Users
  /// The id of the connection whose resources another one takes over; nil for other jobs.
  package var from: String?
  /// Nil for other jobs than imports.
  package var importing: ImportIntent?
  /// The command or page that began it.
  package var command: String?
  package var total: Int
  package var done = 0
  /// Changes of a draft that others had made impossible or needless.
  package var skipped = 0
  /// Set while a job undoes what it did: the state in which it ends then.
  package var ending: State?
  package var error: String?
  package var ended: DateTime?

  package init(
    _ kind: Kind, target: String, targetName: String, users: Users, command: String?, total: Int
  ) {
    self.kind = kind
    self.target = target
    self.targetName = targetName
    self.users = users
    self.command = command
    self.total = total
  }

  /// Nil if the document has no kind, state or target.
  init?(_ document: Document) {
    let attributes = document.attributes
    guard let kind = attributes["kind"]?.stringValue.flatMap(Kind.init),
      let state = attributes["state"]?.stringValue.flatMap(State.init),
      let target = attributes["target"]?.stringValue
    else { return nil }
    self.init(
      kind, target: target, targetName: attributes["targetName"]?.stringValue ?? target,
      users: attributes["users"]?.stringValue.flatMap(Users.init) ?? .keep,
      command: attributes["command"]?.stringValue,
      total: attributes["total"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0)
    from = attributes["from"]?.stringValue
    importing = ImportIntent(attributes)
    importing?.report.isApplied = state == .finished
    self.state = state
    done = attributes["done"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0
    skipped = attributes["skipped"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0
    ending = attributes["ending"]?.stringValue.flatMap(State.init)
    error = attributes["error"]?.stringValue
    ended = attributes["ended"]?.stringValue.flatMap { DateTime($0) }
  }

  var document: Document {
    var attributes = JSONObject()
    attributes["kind"] = .string(kind.rawValue)
    attributes["state"] = .string(state.rawValue)
    attributes["target"] = .string(target)
    attributes["targetName"] = .string(targetName)
    attributes["users"] = .string(users.rawValue)
    attributes["from"] = from.map { .string($0) }
    attributes["command"] = command.map { .string($0) }
    attributes["total"] = .integer(Int64(total))
    attributes["done"] = .integer(Int64(done))
    attributes["skipped"] = skipped == 0 ? nil : .integer(Int64(skipped))
    attributes["ending"] = ending.map { .string($0.rawValue) }
    attributes["error"] = error.map { .string($0) }
    attributes["ended"] = ended.map { .string($0.description) }
    importing?.write(to: &attributes)
    return Document(attributes)
  }
}
