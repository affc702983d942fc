package import Platform
import SCIM
package import Storage

extension DateTime {
  func adding(days: Int) -> DateTime { DateTime(milliseconds: milliseconds + Int64(days) * 86_400_000) }
}

/// The values that an administrator gives for a new key.
package struct NewKey: Sendable, Equatable {
  package static let defaultProfile = "generic"
  package static let defaultDirectory = "default"

  package var name: String
  package var description: String?
  package var profile: String
  package var directory: String
  /// The user that `/Me` means for the key, by id or userName; nil if it has no user.
  package var user: String?
  package var expires: KeyExpiry
  /// The connection it belongs to; nil for a script's or an application's.
  package var connection: ResourceID?
  package var scopes: Scopes = .scim
  /// The networks it is accepted from; empty for everywhere.
  package var networks: [IPNetwork] = []
  /// The subject of the certificate that its client must present; nil if it need not present any.
  package var certificateSubject: String?
  /// Whose signed tokens it accepts; nil for nobody's.
  package var trust: SignedTokenTrust?

  package init(
    name: String, description: String? = nil, profile: String = defaultProfile,
    directory: String = defaultDirectory, user: String? = nil, expires: KeyExpiry = .standard
  ) {
    self.name = name
    self.description = description
    self.profile = profile
    self.directory = directory
    self.user = user
    self.expires = expires
  }
}
