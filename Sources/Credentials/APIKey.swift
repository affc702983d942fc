package import SCIM

/// What is known of one API key: everything except its secret.
package struct APIKey: Sendable, Equatable {
  /// Whether a key opens the door now, and if not, why not.
  package enum Status: String, Sendable {
    case active, expired, revoked
  }

  /// `key_` and 12 base 62 digits.
  package let id: String
  package let name: String
  package let description: String?
  /// The name of the identity provider's profile, which chooses the dialect rules.
  package let profile: String
  /// The name of the directory this key reads and writes; there is no other way to choose one.
  package let directory: String
  package let created: DateTime
  /// The first instant at which the key is refused; nil for never.
  package let expires: DateTime?
  package var revoked: DateTime?
  /// The id of the user that `/Me` stands for; nil for none.
  package let user: String?
  /// `scim_abcd…wxyz`.
  package let hint: String
  package let digest: KeyDigest

  package func status(at now: DateTime) -> Status {
    if revoked != nil { return .revoked }
    if let expires, now >= expires { return .expired }
    return .active
  }
}
