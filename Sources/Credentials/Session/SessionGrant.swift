import SCIM

/// The rights that a new session gets, and from whom.
package struct SessionGrant: Sendable {
  package let origin: ConsoleSession.Origin
  /// The only directory that it may see; nil for all.
  package let directory: String?
  package let scopes: Scopes

  package init(_ origin: ConsoleSession.Origin, directory: String?, scopes: Scopes) {
    self.origin = origin
    self.directory = directory
    self.scopes = scopes
  }

  /// All that a key may do in the console.
  package init(_ key: GrantedKey) {
    self.init(
      .key(key.key.id, generation: key.generation.number),
      directory: key.key.isForAllDirectories ? nil : key.key.directory, scopes: key.scopes)
  }
}

/// A link to the console that was printed and not used yet. It lives in memory only.
struct SessionInvitation: Sendable {
  /// How long it can be used, in milliseconds.
  static let lifetime: Int64 = 60_000

  let grant: SessionGrant
  /// Whether other machines may use it.
  let isForOthers: Bool
  let expires: DateTime
}
