import JSON
package import SCIM
package import Storage

/// A link by which somebody without an account sets up one connection at the identity provider: what the log keeps of it.
package struct SetupLink: Sendable {
  /// How long it can be used, in milliseconds: from its beginning, and once the connection works.
  package static let lifetime: Int64 = 7 * 86_400_000
  package static let lifetimeWhenGreen: Int64 = 86_400_000

  /// The id of its resource.
  let resource: ResourceID
  /// `link_` and 12 base 62 digits; not a secret.
  package let id: String
  package let directory: String
  package let connection: ResourceID
  let digest: KeyDigest
  package let created: DateTime
  package let expires: DateTime
  package var revoked: DateTime?
  /// When it was first opened.
  package var used: DateTime?
  /// Whether it was used to make its one key.
  package var madeKey = false
  package let createdBy: String?
}

// The resource that keeps it.
extension SetupLink {
  /// Nil for a link that no longer exists, or cannot be read.
  init?(_ change: AdministrativeChange) {
    guard let attributes = change.document?.attributes, let id = attributes["linkId"]?.stringValue,
      let connection = attributes["connection"]?.stringValue.flatMap({ ResourceID($0) }),
      let digest = attributes["digest"]?.stringValue.flatMap(KeyDigest.init(hex:)),
      let expires = attributes["expires"]?.stringValue.flatMap({ DateTime($0) })
    else { return nil }
    func time(_ name: String) -> DateTime? { attributes[name]?.stringValue.flatMap { DateTime($0) } }
    self.init(
      resource: change.id, id: id, directory: change.directory.name, connection: connection, digest: digest,
      created: DateTime(milliseconds: change.created), expires: expires, revoked: time("revoked"),
      used: time("used"), madeKey: attributes["madeKey"]?.boolValue ?? false,
      createdBy: attributes["createdBy"]?.stringValue)
  }

  var document: Document {
    var attributes = JSONObject()
    attributes["linkId"] = .string(id)
    attributes["connection"] = .string(connection.text)
    attributes["digest"] = .string(digest.description)
    attributes["expires"] = .string(expires.description)
    attributes["revoked"] = revoked.map { .string($0.description) }
    attributes["used"] = used.map { .string($0.description) }
    if madeKey { attributes["madeKey"] = true }
    attributes["createdBy"] = createdBy.map { .string($0) }
    return Document(attributes)
  }
}
