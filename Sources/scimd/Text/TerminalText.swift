/// Text from elsewhere, made harmless for a terminal: control characters and those that change the direction of text
/// are written as escapes, as JSON writes them.
enum TerminalText {
  /// Several lines: line feeds and tabs stay.
  static func escaped(_ text: String) -> String { escaped(text, keepsLines: true) }

  /// `1 grant`, `3 grants`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A value inside a line or a cell: line feeds and tabs are escaped too.
  static func value(_ text: String) -> String { escaped(text, keepsLines: false) }

  /// As `\uXXXX`.
  private static func escaped(_ text: String, keepsLines: Bool) -> String {
    guard text.unicodeScalars.contains(where: { isHarmful($0, keepsLines) }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isHarmful(scalar, keepsLines) {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Control characters (C0, C1, DEL), and marks that override the direction of text.
  private static func isHarmful(_ scalar: Unicode.Scalar, _ keepsLines: Bool) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: !keepsLines
    case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
