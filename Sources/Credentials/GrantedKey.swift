package import SCIM
package import Storage

/// A key that was checked, and what requests under it need; an object, as each request carries it around.
package final class GrantedKey: Sendable {
  /// Whether requests with the key are taken.
  package enum Availability: Sendable, Equatable {
    case open
    /// An administrator paused the connection or the directory, in words.
    case paused(String)
    /// The connection or the directory is being removed: the key is refused.
    case removing
  }

  package let key: APIKey
  /// The secret that was presented.
  package let generation: APIKey.Generation
  package let profile: Profile
  /// Where the key leads; `_system` for a key for all directories.
  package let directory: Directory
  package let availability: Availability
  /// What the key may do, everything included that its scopes include.
  package let scopes: Scopes

  init(
    _ key: APIKey, _ generation: APIKey.Generation, in directory: Directory, _ availability: Availability
  ) {
    self.key = key
    self.generation = generation
    profile = Profile.named(key.profile) ?? .generic
    self.directory = directory
    self.availability = availability
    scopes = key.scopes.expanded
  }

  func isValid(at now: DateTime) -> Bool {
    guard availability != .removing, key.status(at: now) == .active else { return false }
    return generation.ends.map { now < $0 } ?? true
  }

  /// Who makes the changes of its requests.
  package func actor(remote: String) -> Actor {
    Actor(
      .key, key: key.id, generation: generation.number, connection: key.connection, profile: profile.name,
      remote: remote)
  }
}

/// Stands for a secret in memory without being one: two keyed hashes of it, under keys that this process drew at random
/// (SipHash, which `Hasher` is). 128 bits that nobody outside can aim at.
struct SecretTag: Hashable {
  private let first: Int
  private let second: Int

  init(_ secret: ArraySlice<UInt8>) {
    func hash(_ salt: UInt8) -> Int {
      var hasher = Hasher()
      hasher.combine(salt)
      secret.withUnsafeBytes { hasher.combine(bytes: $0) }
      return hasher.finalize()
    }
    first = hash(1)
    second = hash(2)
  }
}
