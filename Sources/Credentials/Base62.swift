import Platform

/// The digits 0-9, A-Z, a-z: text that survives any shell, header, and double click.
enum Base62 {
  private static let digits = StaticString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

  /// The digit of `value`, 0 ..< 62.
  static func digit(_ value: Int) -> UInt8 {
    precondition((0..<62).contains(value), "a base 62 digit is below 62")
    return digits.utf8Start[value]
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  /// Appends `width` digits of `value`, most significant first, padded with zeros.
  static func append(_ value: UInt32, width: Int, to text: inout [UInt8]) {
    let start = text.count
    var rest = value
    for _ in 0..<width {
      text.append(digit(Int(rest % 62)))
      rest /= 62
    }
    text[start...].reverse()
  }

  /// Appends `count` uniformly distributed digits; bytes from 248 on would favour some and are dropped.
  static func appendRandom(_ count: Int, from randomBytes: (Int) -> [UInt8], to text: inout [UInt8]) {
    var missing = count
    while missing > 0 {
      for byte in randomBytes(missing + 8) where byte < 248 && missing > 0 {
        text.append(digit(Int(byte) % 62))
        missing -= 1
      }
    }
  }
}

extension Environment {
  /// A prefix and random base 62 digits, such as the id of a key.
  func randomText(_ prefix: String, digits: Int) -> String {
    var text = Array(prefix.utf8)
    Base62.appendRandom(digits, from: randomBytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}
