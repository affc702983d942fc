package import Platform
package import SCIM
package import Storage

/// One API key with everything that is kept of it: all but its secrets.
package struct APIKey: Sendable, Equatable {
  /// Whether a key is accepted now, and if not, why.
  package enum Status: String, Sendable {
    case active, expired, revoked
  }

  /// One secret of a key. A key has two at most while it is rotated.
  package struct Generation: Sendable, Equatable {
    /// 1 for the first.
    package let number: Int
    package let digest: KeyDigest
    /// `scim_abcd…wxyz`.
    package let hint: String
    package let created: DateTime
    /// The first instant at which this secret is refused, although the key is valid; nil for never.
    package var ends: DateTime?
    /// Whether it ends soon after the first request with the next one.
    package var untilSeen = false
    /// When the key was to expire before it was rotated to the next secret, which a cancelled rotation restores.
    var keyExpires: DateTime?

    /// Whether it is accepted while the key is.
    package func isAlive(at now: DateTime) -> Bool { ends.map { now < $0 } ?? true }
  }

  /// The id of the resource that the log keeps of it.
  package let resource: ResourceID
  /// Its public name: `key_` and 12 base 62 digits.
  package let id: String
  package var name: String
  package var description: String?
  /// The name of the identity provider's profile, which chooses the dialect rules.
  package var profile: String
  /// The name of the only directory that this key reads and writes; `_system` for a key for all directories.
  package let directory: String
  /// The connection it belongs to; nil for a script's or an application's.
  package internal(set) var connection: ResourceID?
  package var scopes: Scopes
  /// The networks it is accepted from; empty for everywhere.
  package var networks: [IPNetwork] = []
  package let created: DateTime
  /// The first instant at which the key is refused; nil for never.
  package var expires: DateTime? {
    didSet { if expires != oldValue { daysLeft = nil } }
  }
  /// The fewest days before `expires` at which a warning was given; 0 once it was said that it has expired.
  var daysLeft: Int?
  package var revoked: DateTime?
  /// The id of the user that `/Me` means for this key; nil if it has no user.
  package let user: String?
  /// Whose signed tokens it accepts; nil for nobody's.
  package var trust: SignedTokenTrust?
  /// The subject of the certificate that its client must present; nil if it need not present any.
  package var certificateSubject: String?
  /// Oldest first and at least one; the last is the newest secret.
  package var generations: [Generation]

  /// The hint of its newest secret.
  package var hint: String { generations.last?.hint ?? "" }

  /// Whether it is a key for all directories.
  package var isForAllDirectories: Bool { directory == DataFolder.systemName }

  /// Revocation comes first: a revoked key stays revoked after it has expired too.
  package func status(at now: DateTime) -> Status {
    if revoked != nil { return .revoked }
    if let expires, now >= expires { return .expired }
    return .active
  }
}
