import Platform

/// The SHA-256 of a secret: the only form in which it is kept.
package struct KeyDigest: Hashable, Sendable, CustomStringConvertible {
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// - Parameter secret: the whole secret, with its prefix.
  package init(of secret: ArraySlice<UInt8>) {
    let bytes = secret.withUnsafeBytes { SHA256.digest($0) }
    precondition(bytes.count == 32, "a SHA-256 has 32 bytes")
    words = (
      Self.word(bytes[0..<8]), Self.word(bytes[8..<16]), Self.word(bytes[16..<24]),
      Self.word(bytes[24..<32])
    )
  }

  /// Nil unless `hex` is 64 hexadecimal digits.
  package init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 64 else { return nil }
    var words: [UInt64] = [0, 0, 0, 0]
    for (index, digit) in digits.enumerated() {
      guard let value = Self.value(of: digit) else { return nil }
      words[index / 16] = words[index / 16] << 4 | value
    }
    self.words = (words[0], words[1], words[2], words[3])
  }

  /// Takes the same time wherever the digests differ.
  package static func == (a: KeyDigest, b: KeyDigest) -> Bool {
    let difference =
      (a.words.0 ^ b.words.0) | (a.words.1 ^ b.words.1) | (a.words.2 ^ b.words.2) | (a.words.3 ^ b.words.3)
    return difference == 0
  }

  /// One word is enough: a digest is uniformly distributed.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
  }

  /// 64 lower-case hexadecimal digits.
  package var description: String {
    var text: [UInt8] = []
    text.reserveCapacity(64)
    let digits = StaticString("0123456789abcdef")
    for word in [words.0, words.1, words.2, words.3] {
      for shift in stride(from: 60, through: 0, by: -4) {
        text.append(digits.utf8Start[Int(word >> UInt64(shift) & 15)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func value(of digit: UInt8) -> UInt64? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(digit - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
