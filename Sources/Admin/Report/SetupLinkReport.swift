import Credentials
package import JSON
package import SCIM
import Storage

/// A set-up link, as an administrator sees it; right after it was created, with its secret.
package struct SetupLinkReport: Sendable {
  package let id: String
  package let connection: String
  /// `open`, `expired` or `revoked`.
  package let state: String
  package let created: DateTime
  package let expires: DateTime
  /// When it was first opened.
  package let used: DateTime?
  package let madeKey: Bool
  package let createdBy: String?
  /// The whole address; shown once.
  package var url: String?
  /// A message for the person who gets it.
  package var message: String?
  /// An address that opens a mail program with the message.
  package var mailto: String?
  /// Whether the server has sent the message.
  package var isSent: Bool?

  init(_ link: SetupLink, _ links: SetupLinks) {
    id = link.id
    connection = link.connection.text
    state = links.state(of: link).rawValue
    created = link.created
    expires = links.end(of: link)
    used = link.used
    madeKey = link.madeKey
    createdBy = link.createdBy
  }

  package var json: JSONValue {
    var object: JSONObject = [
      "id": .string(id), "connection": .string(connection), "state": .string(state),
      "created": .string(created.description), "expires": .string(expires.description),
    ]
    if let used { object["used"] = .string(used.description) }
    object["madeKey"] = .bool(madeKey)
    for (member, text) in [
      ("createdBy", createdBy), ("url", url), ("message", message), ("mailto", mailto),
    ] {
      if let text { object[member] = .string(text) }
    }
    if let isSent { object["sent"] = .bool(isSent) }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    id = try reader.text("id")
    connection = try reader.text("connection")
    state = try reader.text("state")
    created = try reader.time("created")
    expires = try reader.time("expires")
    used = try reader.optionalTime("used")
    madeKey = try reader.boolean("madeKey")
    createdBy = try reader.optionalText("createdBy")
    url = try reader.optionalText("url")
    message = try reader.optionalText("message")
    mailto = try reader.optionalText("mailto")
    isSent = try reader.optionalBoolean("sent")
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("connection", .text), .init("state", .choice(["open", "expired", "revoked"])),
    .init("created", .time), .init("expires", .time), .init("used", .time, optional: true),
    .init("madeKey", .boolean), .init("createdBy", .text, optional: true),
    .init("url", .text, optional: true),
    .init("message", .text, optional: true), .init("mailto", .text, optional: true),
    .init("sent", .boolean, optional: true),
  ])
}
