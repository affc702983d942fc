import Credentials
package import JSON
import Platform
package import SCIM
import Storage

/// A connection as an administrator sees it; right after it was created, with its first key.
package struct ConnectionReport: Sendable {
  package let id: String
  package let name: String
  /// The name of its profile.
  package let provider: String
  package let description: String?
  package let directory: String
  /// The name of a `ConnectionCondition`.
  package let state: String
  package let created: DateTime
  package let modified: DateTime
  /// The entity tag.
  package let version: String
  package var assignableRoles: [String] = []
  /// Whether what it brings grants nothing until its first review is applied.
  package var isHeldBack = false
  /// When a key of it was last accepted.
  package var lastRequest: DateTime?
  /// The usual pause between its visits, in seconds; nil until it is learnt.
  package var interval: Int?
  package var keys: [KeyReport] = []
  /// How many resources of these types it manages; nil in a list.
  package var users: Int?
  package var groups: Int?
  /// The attributes without a schema that it sent; nil in a list.
  package var ignored: [IgnoredAttribute]?
  /// What was seen of its set-up; nil in a list.
  package var steps: [ConnectionStep]?
  /// The address to give to the provider; with a new connection.
  package var baseURL: String?
  /// The secret of its first key; shown once.
  package var key: String?
}

extension ConnectionReport {
  /// Nil if the resource has no connection's document.
  init?(_ resource: AdministrativeResource, in directory: String, _ world: AdminWorld) {
    guard let description = ConnectionDescription(resource.document) else { return nil }
    let activity = world.activity(of: resource.id, in: directory)
    let condition = ConnectionCondition(description.state, activity, now: world.environment.now())
    self.init(
      id: resource.id.text, name: description.name, provider: description.provider,
      description: description.description, directory: directory, state: condition.rawValue,
      created: resource.created, modified: resource.modified, version: resource.version,
      assignableRoles: description.assignableRoles, isHeldBack: description.isHeldBack,
      lastRequest: activity.last.map { DateTime(milliseconds: $0) },
      interval: activity.interval.map { Int($0 / 1000) })
  }

  package var json: JSONValue {
    var object: JSONObject = ["id": .string(id), "name": .string(name)]
    if let key { object["key"] = .string(key) }
    if let baseURL { object["baseURL"] = .string(baseURL) }
    object["provider"] = .string(provider)
    if let description { object["description"] = .string(description) }
    object["directory"] = .string(directory)
    object["state"] = .string(state)
    if let lastRequest { object["lastRequest"] = .string(lastRequest.description) }
    if let interval { object["intervalSeconds"] = .integer(Int64(interval)) }
    object["created"] = .string(created.description)
    object["modified"] = .string(modified.description)
    object["version"] = .string(version)
    if let users { object["users"] = .integer(Int64(users)) }
    if let groups { object["groups"] = .integer(Int64(groups)) }
    object["assignableRoles"] = .array(assignableRoles.map { .string($0) })
    object["heldBack"] = .bool(isHeldBack)
    object["keys"] = .array(keys.map(\.json))
    if let steps { object["steps"] = .array(steps.map(\.json)) }
    if let ignored { object["ignoredAttributes"] = .array(ignored.map(\.json)) }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      id: try reader.text("id"), name: try reader.text("name"), provider: try reader.text("provider"),
      description: try reader.optionalText("description"), directory: try reader.text("directory"),
      state: try reader.text("state"), created: try reader.time("created"),
      modified: try reader.time("modified"), version: try reader.text("version"),
      assignableRoles: try reader.texts("assignableRoles"), isHeldBack: try reader.boolean("heldBack"),
      lastRequest: try reader.optionalTime("lastRequest"),
      interval: try reader.optionalInteger("intervalSeconds"),
      keys: try reader.objects("keys") { (reader) throws(AdminProblem) in try KeyReport(reader) },
      users: try reader.optionalInteger("users"), groups: try reader.optionalInteger("groups"),
      ignored: reader.optionalJSON("ignoredAttributes") == nil
        ? nil
        : try reader.objects("ignoredAttributes") { (reader) throws(AdminProblem) in
          try IgnoredAttribute(reader)
        },
      steps: reader.optionalJSON("steps") == nil
        ? nil : try reader.objects("steps") { (reader) throws(AdminProblem) in try ConnectionStep(reader) },
      baseURL: try reader.optionalText("baseURL"), key: try reader.optionalText("key"))
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("name", .text), .init("key", .text, optional: true),
    .init("baseURL", .text, optional: true), .init("provider", .text),
    .init("description", .text, optional: true), .init("directory", .text),
    .init("state", .choice(ConnectionCondition.allCases.map(\.rawValue))),
    .init("lastRequest", .time, optional: true), .init("intervalSeconds", .integer, optional: true),
    .init("created", .time),
    .init("modified", .time), .init("version", .text), .init("users", .integer, optional: true),
    .init("groups", .integer, optional: true), .init("assignableRoles", .list(.text)),
    .init("heldBack", .boolean), .init("keys", .list(.named("Key"))),
    .init("steps", .list(.named("ConnectionStep")), optional: true),
    .init("ignoredAttributes", .list(.named("IgnoredAttribute")), optional: true),
  ])
}
