/// A number with a fraction or an exponent; the text is kept so that it is echoed as it came.
package struct JSONDecimal: Sendable, Equatable, CustomStringConvertible {
  /// The number as RFC 8259 §6 spells it, "1.0" or "6.02e23".
  package let text: String

  /// The nearest double; finite, since nothing else is accepted.
  package var value: Double { Double(text) ?? 0 }

  package var description: String { text }

  /// Takes a text that the parser has already judged.
  init(validated text: String) { self.text = text }

  /// The shortest text that reads back as this double; nil for NaN and the infinities, which JSON lacks.
  package init?(_ value: Double) {
    guard value.isFinite else { return nil }
    text = value.description
  }

  /// Equal by text: 1.0 and 1.00 are echoed differently.
  package static func == (left: JSONDecimal, right: JSONDecimal) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }
}
