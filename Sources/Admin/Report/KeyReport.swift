import Credentials
package import JSON
package import SCIM

/// A key as an administrator sees it; right after it was created, with its secret.
package struct KeyReport: Sendable {
  package let id: String
  package let name: String
  package let description: String?
  package let profile: String
  package let directory: String
  /// The id of the user it belongs to.
  package let user: String?
  package let created: DateTime
  /// Nil for never.
  package let expires: DateTime?
  package let revoked: DateTime?
  package let status: String
  /// A part of the secret, by which people recognise a key.
  package let hint: String
  /// Shown once.
  package var secret: String?
  /// The address to give to the client with the secret.
  package var baseURL: String?
}

extension KeyReport {
  init(_ key: APIKey, now: DateTime) {
    self.init(
      id: key.id, name: key.name, description: key.description, profile: key.profile,
      directory: key.directory, user: key.user, created: key.created, expires: key.expires,
      revoked: key.revoked, status: key.status(at: now).rawValue, hint: key.hint)
  }

  package var json: JSONValue {
    var object: JSONObject = ["id": .string(id), "name": .string(name)]
    if let secret { object["key"] = .string(secret) }
    if let baseURL { object["baseURL"] = .string(baseURL) }
    if let description { object["description"] = .string(description) }
    object["profile"] = .string(profile)
    object["directory"] = .string(directory)
    if let user { object["user"] = .string(user) }
    object["created"] = .string(created.description)
    object["expires"] = expires.map { .string($0.description) } ?? .null
    if let revoked { object["revoked"] = .string(revoked.description) }
    object["status"] = .string(status)
    object["hint"] = .string(hint)
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      id: try reader.text("id"), name: try reader.text("name"),
      description: try reader.optionalText("description"), profile: try reader.text("profile"),
      directory: try reader.text("directory"), user: try reader.optionalText("user"),
      created: try reader.time("created"), expires: try reader.optionalTime("expires"),
      revoked: try reader.optionalTime("revoked"), status: try reader.text("status"),
      hint: try reader.text("hint"), secret: try reader.optionalText("key"),
      baseURL: try reader.optionalText("baseURL"))
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("name", .text), .init("key", .text, optional: true),
    .init("baseURL", .text, optional: true), .init("description", .text, optional: true),
    .init("profile", .text), .init("directory", .text), .init("user", .text, optional: true),
    .init("created", .time), .init("expires", .nullable(.time)), .init("revoked", .time, optional: true),
    .init("status", .text), .init("hint", .text),
  ])
}
