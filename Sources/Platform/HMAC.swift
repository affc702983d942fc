/// HMAC with SHA-256 (RFC 2104).
package enum HMAC {
  private static let blockSize = 64

  /// The 32 bytes for a message under a key of any length.
  package static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    var key = key.count > blockSize ? SHA256.digest(key) : key
    key.append(contentsOf: repeatElement(0, count: blockSize - key.count))
    let inner = SHA256.digest(key.map { $0 ^ 0x36 } + message)
    return SHA256.digest(key.map { $0 ^ 0x5C } + inner)
  }
}
