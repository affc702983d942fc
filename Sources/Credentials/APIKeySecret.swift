package import Platform

/// The secret of an API key: `scim_`, 43 random base 62 digits (256 bits), and 6 of the CRC-32 of these 48.
///
/// The checksum lets scanners and the server tell a damaged or made-up key without looking anything up.
/// The published expression is `scim_[0-9A-Za-z]{49}`.
package enum APIKeySecret {
  package static let length = 54
  private static let prefix = Array("scim_".utf8)
  private static let checksumLength = 6

  /// A new secret, 54 bytes of ASCII.
  package static func make(_ environment: Environment) -> String {
    var text = prefix
    text.reserveCapacity(length)
    Base62.appendRandom(length - prefix.count - checksumLength, from: environment.randomBytes, to: &text)
    Base62.append(CRC32.checksum(text[...]), width: checksumLength, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Whether `text` has the shape and the checksum of a secret; says nothing about its being known.
  package static func isWellFormed(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count == length, text.starts(with: prefix) else { return false }
    let body = text.dropFirst(prefix.count)
    for byte in body where !Base62.isDigit(byte) { return false }
    var rest = CRC32.checksum(text.dropLast(checksumLength))
    for byte in text.suffix(checksumLength).reversed() {
      guard byte == Base62.digit(Int(rest % 62)) else { return false }
      rest /= 62
    }
    return true
  }

  /// What may be shown of a secret: `scim_abcd…wxyz`.
  static func hint(of secret: String) -> String {
    precondition(secret.utf8.count == length, "a hint is made of a whole secret")
    return "\(secret.prefix(prefix.count + 4))…\(secret.suffix(4))"
  }
}
