package import JSON
package import SCIM

/// What is asked of a new key; the directory is in the path, and a path without one means all directories.
package struct KeyCreation: Sendable, Equatable {
  package var name: String
  package var description: String?
  /// Nil for the default.
  package var profile: String?
  /// The user that `/Me` stands for, by id or userName.
  package var user: String?
  /// Nil for never.
  package var expires: DateTime?
  /// The connection it belongs to, by id or name; its profile is that of the key.
  package var connection: String?
  /// What it may do, by the names of scopes; nil for all of SCIM.
  package var scopes: [String]?

  package init(name: String) { self.name = name }

  package var json: JSONValue {
    var object: JSONObject = ["name": .string(name)]
    for (member, text) in [
      ("description", description), ("profile", profile), ("user", user), ("connection", connection),
    ] {
      if let text { object[member] = .string(text) }
    }
    if let scopes { object["scopes"] = .array(scopes.map { .string($0) }) }
    if let expires { object["expires"] = .string(expires.description) }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(
      ["name", "description", "profile", "user", "connection", "scopes", "expires"], of: "a new key")
    self.init(name: try reader.text("name"))
    description = try reader.optionalText("description")
    profile = try reader.optionalText("profile")
    user = try reader.optionalText("user")
    connection = try reader.optionalText("connection")
    scopes = try Self.scopes(reader)
    expires = try reader.optionalTime("expires")
  }

  /// The member `scopes`; nil if it is absent.
  static func scopes(_ reader: ObjectReader) throws(AdminProblem) -> [String]? {
    reader.optionalJSON("scopes") == nil ? nil : try reader.texts("scopes")
  }

  static let schema = AdminSchema.object([
    .init("name", .text), .init("description", .text, optional: true),
    .init("profile", .text, optional: true), .init("user", .text, optional: true),
    .init("connection", .text, optional: true), .init("scopes", .list(.text), optional: true),
    .init("expires", .nullable(.time), optional: true),
  ])
}
