package import JSON
package import SCIM

/// What is asked of a new connection and of its first key.
package struct ConnectionCreation: Sendable {
  package var name: String
  /// The name of a profile.
  package var provider: String
  package var description: String?
  /// What the first key may do, by the names of scopes; nil for all of SCIM.
  package var scopes: [String]?
  /// When the first key expires; nil for never.
  package var expires: DateTime?

  package init(name: String, provider: String) {
    self.name = name
    self.provider = provider
  }

  package var json: JSONValue {
    var object: JSONObject = ["name": .string(name), "provider": .string(provider)]
    if let description { object["description"] = .string(description) }
    if let scopes { object["scopes"] = .array(scopes.map { .string($0) }) }
    if let expires { object["expires"] = .string(expires.description) }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(["name", "provider", "description", "scopes", "expires"], of: "a new connection")
    self.init(name: try reader.text("name"), provider: try reader.text("provider"))
    description = try reader.optionalText("description")
    scopes = try KeyCreation.scopes(reader)
    expires = try reader.optionalTime("expires")
  }

  static let schema = AdminSchema.object([
    .init("name", .text), .init("provider", .text), .init("description", .text, optional: true),
    .init("scopes", .list(.text), optional: true), .init("expires", .nullable(.time), optional: true),
  ])
}
