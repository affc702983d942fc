import JSON
@_spi(_Unicode) import Swift

/// Letter case, width and normal form, where SCIM compares without them (RFC 7643 §2.2, RFC 7644 §5, RFC 8265).
package enum CaseFolding {
  /// `text` in lower case, full-width and half-width forms mapped to their plain ones, in normalization form C. Folding
  /// twice changes nothing.
  static func folded(_ text: String) -> String {
    switch Bytes.letters(in: text) {
    case .small: return text
    case .ascii: return text.lowercased()
    case .other: break
    }
    var mapped = String.UnicodeScalarView()
    var marks = 0
    for scalar in text.unicodeScalars.lazy.map(WidthMapping.plain) {
      marks = isMark(scalar) ? marks + 1 : 0
      if marks > maxMarks {
        mapped.append(joiner)
        marks = 1
      }
      lower(scalar, to: &mapped)
    }
    return composed(String(mapped))
  }

  /// Marks behind one letter that are put into order together; behind so many stands a joiner, as in the Stream-Safe
  /// Text Format (Unicode UAX #15 §13). To order them takes time that grows with the square of their number.
  private static let maxMarks = 30
  private static let joiner: Unicode.Scalar = "\u{34F}"

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x300 && scalar.properties.canonicalCombiningClass != .notReordered
  }

  /// Normalization form C. The standard library normalizes whenever it compares two strings; the only way to the result
  /// of that without Foundation is this interface of it, which the fixed version of the toolchain keeps from moving.
  private static func composed(_ text: String) -> String {
    // Below U+0300 every character is composed already; its first byte is below 0xCC.
    if text.utf8.allSatisfy({ $0 < 0xCC }) { return text }
    var composed = String.UnicodeScalarView()
    for scalar in text._nfc { composed.append(scalar) }
    return String(composed)
  }

  /// Simple case folding: to lower case, and small letters that share their capital to the same one, such as both
  /// forms of sigma. It never makes one letter two, except where lower case does.
  private static func lower(_ scalar: Unicode.Scalar, to text: inout String.UnicodeScalarView) {
    guard scalar.value >= 0x80 else {
      text.append((0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value | 0x20)) : scalar)
      return
    }
    let properties = scalar.properties
    if properties.changesWhenLowercased {
      text.append(contentsOf: properties.lowercaseMapping.unicodeScalars)
    } else if properties.changesWhenCaseFolded, scalar != iotaBelow, let small = sharedLetter(scalar) {
      text.append(small)
    } else {
      text.append(scalar)
    }
  }

  /// A mark that is part of the letter before it.
  private static let iotaBelow: Unicode.Scalar = "\u{345}"

  /// The lower case of the capital; nil if that is more than one character.
  private static func sharedLetter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    let capital = scalar.properties.uppercaseMapping.unicodeScalars
    guard capital.count == 1, let small = capital.first?.properties.lowercaseMapping.unicodeScalars else {
      return nil
    }
    return small.count == 1 ? small.first : nil
  }

  /// ASCII letter case only: attribute names, operators, URNs (RFC 7643 §2.1).
  package static func sameName(_ a: String, _ b: String) -> Bool {
    let x = a.utf8
    let y = b.utf8
    guard x.count == y.count else { return false }
    return a.hasSameBytes(as: b) || zip(x, y).allSatisfy { lower($0) == lower($1) }
  }

  /// A name with its ASCII capitals made small; nothing else: the Kelvin sign is not a k (RFC 7643 §2.1).
  package static func lowered(_ name: String) -> String {
    guard name.utf8.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
      return name
    }
    return String(decoding: name.utf8.map(lower), as: UTF8.self)
  }

  static func lower(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
