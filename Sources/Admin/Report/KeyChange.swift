package import JSON
package import SCIM

/// A change of an existing key; absent members stay unchanged.
package struct KeyChange: Sendable {
  package var name: String?
  /// Nil to leave it; `.some(nil)` to remove it.
  package var description: String??
  package var scopes: [String]?
  /// Nil to leave it; nil inside for never.
  package var expires: DateTime??
  /// Nil to leave them; empty to accept the key from everywhere.
  package var networks: [String]?

  /// Nil to leave it; nil inside to require no certificate.
  package var certificateSubject: String??
  /// Nil to leave them; nil inside to accept nobody's.
  package var signedTokens: SignedTokens??

  package init() {}

  package var json: JSONValue {
    var object = JSONObject()
    if let name { object["name"] = .string(name) }
    if let description { object["description"] = description.map { .string($0) } ?? .null }
    if let scopes { object["scopes"] = .array(scopes.map { .string($0) }) }
    if let networks { object["networks"] = .array(networks.map { .string($0) }) }
    if let expires { object["expires"] = expires.map { .string($0.description) } ?? .null }
    if let certificateSubject {
      object["certificateSubject"] = certificateSubject.map { .string($0) } ?? .null
    }
    if let signedTokens { object["signedTokens"] = signedTokens?.json ?? .null }
    return .object(object)
  }

  init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(
      ["name", "description", "scopes", "networks", "expires", "signedTokens", "certificateSubject"],
      of: "a change of a key")
    name = try reader.optionalText("name")
    if reader.has("description") { description = .some(try reader.optionalText("description")) }
    scopes = try KeyCreation.scopes(reader)
    if reader.has("networks") { networks = try reader.texts("networks") }
    if reader.has("certificateSubject") {
      certificateSubject = .some(try reader.optionalText("certificateSubject"))
    }
    if reader.has("signedTokens") {
      signedTokens = .some(
        try reader.optionalObject("signedTokens").map { (reader) throws(AdminProblem) in
          try SignedTokens(reader)
        })
    }
    if reader.has("expires") { expires = .some(try reader.optionalTime("expires")) }
  }

  static let schema = AdminSchema.object([
    .init("name", .text, optional: true), .init("description", .nullable(.text), optional: true),
    .init("scopes", .list(.text), optional: true), .init("networks", .list(.text), optional: true),
    .init("expires", .nullable(.time), optional: true),
    .init("certificateSubject", .nullable(.text), optional: true),
    .init("signedTokens", .nullable(SignedTokens.bodySchema), optional: true),
  ])
}
