package import JSON

/// A value made comparable once, by the type of its attribute.
package enum SortValue: Sendable, Comparable {
  /// Of longer text only so many octets count, so that a cursor can hold them.
  private static let maxTextBytes = 512
  /// The same for numbers.
  private static let maxDigits = 400

  case boolean(Int)
  case number(ExactNumber)
  case instant(DateTime)
  case text(TextKey)

  /// Nil for null and for values that have no order.
  init?(_ value: JSONValue, _ attribute: Attribute) {
    switch value {
    case .bool(let flag): self = .boolean(flag ? 1 : 0)
    case .integer(let number): self = .number(ExactNumber(number))
    case .decimal(let number): self = .number(ExactNumber(number).prefix(digits: SortValue.maxDigits))
    case .string(let text):
      if attribute.kind == .dateTime, let instant = DateTime(text) {
        self = .instant(instant)
      } else {
        self = .text(TextKey(text, of: attribute).prefix(bytes: SortValue.maxTextBytes))
      }
    case .null, .array, .object: return nil
    }
  }
}
