package import SCIM

/// A key that was checked, and what requests under it need; an object, as each request carries it around.
package final class GrantedKey: Sendable {
  package let key: APIKey
  package let profile: Profile

  init(_ key: APIKey) {
    self.key = key
    profile = Profile.named(key.profile) ?? .generic
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
