package import Credentials
package import JSON
import Platform
package import SCIM

/// A session of the console, as an administrator sees it.
package struct SessionReport: Sendable {
  package let id: String
  /// The name of the user of this machine, or the id of the key.
  package let by: String
  /// Nil for all directories.
  package let directory: String?
  package let scopes: [String]
  /// Whether it can only read.
  package let isViewer: Bool
  package let created: DateTime
  package let seen: DateTime
  package let expires: DateTime
  package let remote: String
  package let agent: String?
  /// Whether it is the one that asks.
  package let isOwn: Bool

  package init(_ session: ConsoleSession, for caller: AdminCaller?) {
    id = session.id
    switch session.origin {
    case .key(let key, _): by = key
    case .link(let link): by = link
    case .user(let user): by = user.map { UserName.text($0) } ?? "a user of this machine"
    }
    directory = session.directory
    scopes = session.scopes.names
    isViewer = !session.scopes.allow(.adminWrite)
    created = session.created
    seen = session.seen
    expires = session.expires
    remote = session.remote
    agent = session.agent
    isOwn = caller?.identity == .session(session.id)
  }

  package var json: JSONValue {
    var object: JSONObject = ["id": .string(id), "by": .string(by)]
    if let directory { object["directory"] = .string(directory) }
    object["scopes"] = .array(scopes.map { .string($0) })
    object["viewer"] = .bool(isViewer)
    object["created"] = .string(created.description)
    object["lastRequest"] = .string(seen.description)
    object["expires"] = .string(expires.description)
    object["remote"] = .string(remote)
    if let agent { object["agent"] = .string(agent) }
    if isOwn { object["own"] = true }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    id = try reader.text("id")
    by = try reader.text("by")
    directory = try reader.optionalText("directory")
    scopes = try reader.texts("scopes")
    isViewer = try reader.boolean("viewer")
    created = try reader.time("created")
    seen = try reader.time("lastRequest")
    expires = try reader.time("expires")
    remote = try reader.text("remote")
    agent = try reader.optionalText("agent")
    isOwn = try reader.optionalBoolean("own") ?? false
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("by", .text), .init("directory", .text, optional: true),
    .init("scopes", .list(.text)), .init("viewer", .boolean), .init("created", .time),
    .init("lastRequest", .time), .init("expires", .time), .init("remote", .text),
    .init("agent", .text, optional: true), .init("own", .boolean, optional: true),
  ])
}
