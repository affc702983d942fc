/// A public key as the numbers of a JSON Web Key (RFC 7518 §6, RFC 8037 §2): unsigned, big-endian.
package enum PublicKey: Sendable, Equatable {
  /// `n` and `e`.
  case rsa(modulus: [UInt8], exponent: [UInt8])
  /// `x` and `y` of the curve P-256, 32 bytes each.
  case p256(x: [UInt8], y: [UInt8])
  /// `x` of the curve Ed25519, 32 bytes.
  case ed25519([UInt8])
}
