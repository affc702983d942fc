import Platform
import SCIM
import Storage

/// Identifies a secret in memory without containing it: two hashes of it, keyed with random numbers of this process
/// (`Hasher` is SipHash). Nobody outside can construct a collision of these 128 bits.
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
