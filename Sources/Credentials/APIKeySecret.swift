package import Platform

/// The secret of an API key: `scim_`, 43 random base 62 digits (256 bits), and 6 of the CRC-32 of these 48. A token of the
/// token endpoint is the same with `scimt_`.
///
/// The checksum lets scanners and the server recognise a damaged or made-up key without looking anything up.
/// The published expressions are `scim_[0-9A-Za-z]{49}` and `scimt_[0-9A-Za-z]{49}`.
package enum APIKeySecret {
  package enum Form: String, Sendable, CaseIterable {
    case key, token

    /// The text before the digits.
    var prefix: UnsafeBufferPointer<UInt8> {
      let text: StaticString =
        switch self {
        case .key: "scim_"
        case .token: "scimt_"
        }
      return UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
  }

  private static let randomLength = 43
  private static let checksumLength = 6
  static let bodyLength = randomLength + checksumLength
  /// Characters of a key; a token has one more.
  package static let length = 5 + bodyLength

  /// A new secret in ASCII.
  package static func make(_ environment: Environment, _ form: Form = .key) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(length + 1)
    text.append(contentsOf: form.prefix)
    Base62.appendRandom(randomLength, from: environment.randomBytes, to: &text)
    Base62.append(CRC32.checksum(text[...]), width: checksumLength, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Whether `text` may be a secret or a token, for its length.
  static func hasLength(_ text: ArraySlice<UInt8>) -> Bool {
    text.count == length || text.count == length + 1
  }

  /// Which of the two has the shape of `text`, whatever its checksum; nil for neither.
  static func shape(of text: ArraySlice<UInt8>) -> Form? {
    Form.allCases.first { form in
      text.count == form.prefix.count + bodyLength && text.starts(with: form.prefix)
        && text.dropFirst(form.prefix.count).allSatisfy(Base62.isDigit)
    }
  }

  /// Which of the two has the shape and the checksum of `text`; nil for neither. Does not say whether it is known.
  static func form(of text: ArraySlice<UInt8>) -> Form? {
    guard let form = shape(of: text) else { return nil }
    var rest = CRC32.checksum(text.dropLast(checksumLength))
    for byte in text.suffix(checksumLength).reversed() {
      guard byte == Base62.digit(Int(rest % 62)) else { return nil }
      rest /= 62
    }
    return form
  }

  /// Whether `text` has the shape and the checksum of a key.
  package static func isWellFormed(_ text: ArraySlice<UInt8>) -> Bool { form(of: text) == .key }

  /// The part of a secret or a token that may be shown: `scim_abcd…wxyz`.
  static func hint(of secret: String) -> String {
    precondition(secret.utf8.count >= length, "a hint is made of a whole secret")
    let prefix = secret.utf8.count - bodyLength
    return "\(secret.prefix(prefix + 4))…\(secret.suffix(4))"
  }
}
