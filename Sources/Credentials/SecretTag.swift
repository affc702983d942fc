import Platform
import SCIM
import Storage

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
