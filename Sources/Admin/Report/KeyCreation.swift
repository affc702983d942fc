package import JSON
package import SCIM

/// What is asked of a new key; the directory is in the path.
package struct KeyCreation: Sendable, Equatable {
  package var name: String
  package var description: String?
  /// Nil for the default.
  package var profile: String?
  /// The user that `/Me` stands for, by id or userName.
  package var user: String?
  /// Nil for never.
  package var expires: DateTime?

  package init(name: String) { self.name = name }

  package var json: JSONValue {
    var object: JSONObject = ["name": .string(name)]
    for (member, text) in [("description", description), ("profile", profile), ("user", user)] {
      if let text { object[member] = .string(text) }
    }
    if let expires { object["expires"] = .string(expires.description) }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(["name", "description", "profile", "user", "expires"], of: "a new key")
    self.init(name: try reader.text("name"))
    description = try reader.optionalText("description")
    profile = try reader.optionalText("profile")
    user = try reader.optionalText("user")
    expires = try reader.optionalTime("expires")
  }

  static let schema = AdminSchema.object([
    .init("name", .text), .init("description", .text, optional: true),
    .init("profile", .text, optional: true), .init("user", .text, optional: true),
    .init("expires", .nullable(.time), optional: true),
  ])
}
