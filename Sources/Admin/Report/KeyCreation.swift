package import Credentials
package import JSON
import SCIM

/// A request for a new key. The directory is in the path; without one the key is for all directories.
package struct KeyCreation: Sendable {
  package var name: String
  package var description: String?
  /// Nil for the default.
  package var profile: String?
  /// The user that `/Me` means, by id or userName.
  package var user: String?
  package var expires = KeyExpiry.standard
  /// The connection it belongs to, by id or name; its profile is that of the key.
  package var connection: String?
  /// Its scopes by name; nil for all of SCIM.
  package var scopes: [String]?
  /// The addresses and networks it is accepted from; empty for all.
  package var networks: [String] = []
  /// The subject of the certificate that its client must present; nil if it need not present any.
  package var certificateSubject: String?
  /// Whose signed tokens it accepts; nil for nobody's.
  package var signedTokens: SignedTokens?

  package init(name: String) { self.name = name }

  package var json: JSONValue {
    var object: JSONObject = ["name": .string(name)]
    for (member, text) in [
      ("description", description), ("profile", profile), ("user", user), ("connection", connection),
      ("certificateSubject", certificateSubject),
    ] {
      if let text { object[member] = .string(text) }
    }
    if let scopes { object["scopes"] = .array(scopes.map { .string($0) }) }
    if !networks.isEmpty { object["networks"] = .array(networks.map { .string($0) }) }
    object["expires"] = expires.json
    object["signedTokens"] = signedTokens?.json
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(
      [
        "name", "description", "profile", "user", "connection", "scopes", "networks", "expires",
        "signedTokens", "certificateSubject",
      ],
      of: "a new key")
    self.init(name: try reader.text("name"))
    description = try reader.optionalText("description")
    profile = try reader.optionalText("profile")
    user = try reader.optionalText("user")
    connection = try reader.optionalText("connection")
    scopes = try Self.scopes(reader)
    networks = try reader.texts("networks")
    certificateSubject = try reader.optionalText("certificateSubject")
    expires = try KeyExpiry(reader)
    signedTokens = try reader.optionalObject("signedTokens").map { (reader) throws(AdminProblem) in
      try SignedTokens(reader)
    }
  }

  /// The member `scopes`; nil if it is absent.
  static func scopes(_ reader: ObjectReader) throws(AdminProblem) -> [String]? {
    reader.optionalJSON("scopes") == nil ? nil : try reader.texts("scopes")
  }

  static let schema = AdminSchema.object([
    .init("name", .text), .init("description", .text, optional: true),
    .init("profile", .text, optional: true), .init("user", .text, optional: true),
    .init("connection", .text, optional: true), .init("scopes", .list(.text), optional: true),
    .init("networks", .list(.text), optional: true), .init("expires", .nullable(.time), optional: true),
    .init("certificateSubject", .text, optional: true),
    .init("signedTokens", SignedTokens.bodySchema, optional: true),
  ])
}

extension KeyExpiry {
  /// The member `expires`: absent for the standard, null for never.
  init(_ reader: ObjectReader) throws(AdminProblem) {
    guard reader.has("expires") else {
      self = .standard
      return
    }
    self = try reader.optionalTime("expires").map { .at($0) } ?? .never
  }

  /// The same member; nil for an absent one.
  package var json: JSONValue? {
    switch self {
    case .standard: nil
    case .never: .null
    case .at(let instant): .string(instant.description)
    }
  }
}
