/// The algorithms of signed tokens that are used here (RFC 7518 §3.1, RFC 8037 §3.1), by their names in `alg`.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
  /// RSASSA-PKCS1-v1_5 with SHA-256.
  case rs256 = "RS256"
  /// RSASSA-PSS with SHA-256 and a salt of 32 bytes.
  case ps256 = "PS256"
  /// ECDSA with P-256 and SHA-256; the signature is r and s, 32 bytes each.
  case es256 = "ES256"
  /// Ed25519.
  case edDSA = "EdDSA"
}
