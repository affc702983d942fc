package import JSON
import Platform
import SCIM
package import Storage
package import TLS

/// The keys that sign event tokens: derived from the master key, so that they are nowhere on disk; rotation counts a
/// stream's generation up.
package final class SigningKeys: Sendable {
  /// A private key, and its public half as receivers see it.
  package struct Key: Sendable {
    let key: PKey
    let algorithm: SignatureAlgorithm
    /// The SHA-256 of the public key as RFC 7638 has it.
    package let id: String
    /// The public key as RFC 7517 has it.
    package let json: JSONValue
  }

  private let keys: MasterKeys
  /// By the secret that each was made of, which changes with the master key.
  private let known = Locked<[[UInt8]: Key]>([:])
  private static let maxKnown = 1000

  package init(_ keys: MasterKeys) { self.keys = keys }

  /// Throws if OpenSSL is missing; the master key must be open.
  package func key(
    of stream: String, _ generation: Int, _ algorithm: SignatureAlgorithm
  ) throws(TLSError) -> Key {
    let label = "stream \(stream) \(generation) \(algorithm.rawValue)"
    var secret = keys.secret(for: label)
    if algorithm == .es256 {
      var turn = 1
      while !Self.isScalar(secret) {
        turn += 1
        secret = keys.secret(for: "\(label) \(turn)")
      }
    }
    if let key = known.withLock({ $0[secret] }) { return key }
    let made = try Self.made(secret, algorithm)
    known.withLock { known in
      if known.count >= Self.maxKnown { known.removeAll(keepingCapacity: true) }
      known[secret] = made
    }
    return made
  }

  private static func made(_ secret: [UInt8], _ algorithm: SignatureAlgorithm) throws(TLSError) -> Key {
    let isEC = algorithm == .es256
    let name = isEC ? "EC PRIVATE KEY" : "PRIVATE KEY"
    let form = isEC ? ecPrefix + secret + ecSuffix : edPrefix + secret
    let pem = "-----BEGIN \(name)-----\n\(Base64.encoded(form))\n-----END \(name)-----\n"
    let key = try OpenSSL.load().privateKey(Array(pem.utf8), what: "the key of a stream")
    guard let (members, thumbprint) = key.numbers.flatMap(publicMembers) else {
      throw .unusable("the key of a stream", reason: "it is not for signatures with \(algorithm.rawValue)")
    }
    var json: JSONObject = members
    json.members += [
      .init(name: "kid", value: .string(thumbprint)), .init(name: "use", value: "sig"),
      .init(name: "alg", value: .string(algorithm.rawValue)),
    ]
    return Key(key: key, algorithm: algorithm, id: thumbprint, json: .object(json))
  }

  /// The members of RFC 7638 §3.2 in their order, and their digest.
  private static func publicMembers(_ numbers: PublicKey) -> (JSONObject, String)? {
    let members: JSONObject
    switch numbers {
    case .p256(let x, let y):
      members = [
        "crv": "P-256", "kty": "EC", "x": .string(Base64.encoded(urlSafe: x)),
        "y": .string(Base64.encoded(urlSafe: y)),
      ]
    case .ed25519(let x):
      members = ["crv": "Ed25519", "kty": "OKP", "x": .string(Base64.encoded(urlSafe: x))]
    case .rsa: return nil
    }
    let digest = Digest256.of(JSONValue.object(members).serialized())
    return (members, Base64.encoded(urlSafe: digest.withBytes { Array($0) }))
  }

  /// Whether 32 bytes are a private key of P-256: neither 0 nor beyond the order of the curve.
  static func isScalar(_ bytes: [UInt8]) -> Bool {
    bytes.contains { $0 != 0 } && bytes.lexicographicallyPrecedes(order)
  }

  /// FIPS 186-4, appendix D.1.2.3.
  private static let order: [UInt8] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
  ]
  /// A private key of P-256 without its public half, which OpenSSL computes (RFC 5915 §3).
  private static let ecPrefix: [UInt8] = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20]
  private static let ecSuffix: [UInt8] = [
    0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
  ]
  /// A private key of Ed25519 (RFC 8410 §7).
  private static let edPrefix: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
}
