/// Full-width and half-width characters mapped to the plain ones: those whose decomposition in Unicode is `<wide>` or
/// `<narrow>` (RFC 8264 §5.2.1).
enum WidthMapping {
  /// The character itself if it has no other width.
  static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x3000: " "
    case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case 0xFF5F...0xFF60: Unicode.Scalar(scalar.value - 0xFF5F + 0x2985) ?? scalar
    case 0xFF61...0xFF9F: katakana[Int(scalar.value - 0xFF61)]
    case 0xFFA0: "\u{3164}"
    case 0xFFA1...0xFFBE: Unicode.Scalar(scalar.value - 0xFFA1 + 0x3131) ?? scalar
    case 0xFFC2...0xFFDC: vowel(scalar)
    case 0xFFE0...0xFFEE: symbol(scalar)
    default: scalar
    }
  }

  /// U+FF61 to U+FF9F; the last two are the sound marks that belong to the character before them.
  private static let katakana: [Unicode.Scalar] = Array(
    ("。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテト"
      + "ナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u{3099}\u{309A}").unicodeScalars)

  /// The Korean vowels stand in groups of six, with two places free behind each.
  private static func vowel(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let (group, place) = (scalar.value - 0xFFC2).quotientAndRemainder(dividingBy: 8)
    return place < 6 ? Unicode.Scalar(0x314F + group * 6 + place) ?? scalar : scalar
  }

  /// Currency signs, arrows and the like.
  private static func symbol(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0xFFE0: "\u{A2}"
    case 0xFFE1: "\u{A3}"
    case 0xFFE2: "\u{AC}"
    case 0xFFE3: "\u{AF}"
    case 0xFFE4: "\u{A6}"
    case 0xFFE5: "\u{A5}"
    case 0xFFE6: "\u{20A9}"
    case 0xFFE8: "\u{2502}"
    case 0xFFE9...0xFFEC: Unicode.Scalar(scalar.value - 0xFFE9 + 0x2190) ?? scalar
    case 0xFFED: "\u{25A0}"
    case 0xFFEE: "\u{25CB}"
    default: scalar
    }
  }
}
