package import Credentials
package import JSON

/// A request for a new connection and its first key.
package struct ConnectionCreation: Sendable {
  package var name: String
  /// The name of a profile.
  package var provider: String
  package var description: String?
  /// The scopes of the first key by name; nil for all of SCIM.
  package var scopes: [String]?
  /// When the first key expires.
  package var expires = KeyExpiry.standard
  /// The addresses and networks the first key is accepted from; empty for all.
  package var networks: [String] = []

  /// The values of the roles that it can give to its users.
  package var assignableRoles: [String] = []

  /// The connection, by id or name, whose resources it takes over; nil for none.
  package var replaces: String?

  package init(name: String, provider: String) {
    self.name = name
    self.provider = provider
  }

  package var json: JSONValue {
    var object: JSONObject = ["name": .string(name), "provider": .string(provider)]
    if let description { object["description"] = .string(description) }
    if let scopes { object["scopes"] = .array(scopes.map { .string($0) }) }
    if !networks.isEmpty { object["networks"] = .array(networks.map { .string($0) }) }
    if !assignableRoles.isEmpty {
      object["assignableRoles"] = .array(assignableRoles.map { .string($0) })
    }
    if let replaces { object["replaces"] = .string(replaces) }
    object["expires"] = expires.json
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(
      ["name", "provider", "description", "scopes", "networks", "expires", "assignableRoles", "replaces"],
      of: "a new connection")
    self.init(name: try reader.text("name"), provider: try reader.text("provider"))
    description = try reader.optionalText("description")
    scopes = try KeyCreation.scopes(reader)
    networks = try reader.texts("networks")
    expires = try KeyExpiry(reader)
    replaces = try reader.optionalText("replaces")
    assignableRoles = try ConnectionChange.roles(reader)
  }

  static let schema = AdminSchema.object([
    .init("name", .text), .init("provider", .text), .init("description", .text, optional: true),
    .init("scopes", .list(.text), optional: true), .init("networks", .list(.text), optional: true),
    .init("expires", .nullable(.time), optional: true),
    .init("assignableRoles", .list(.text), optional: true), .init("replaces", .text, optional: true),
  ])
}
