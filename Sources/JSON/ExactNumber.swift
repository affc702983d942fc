/// A number of JSON, compared as it is written, however many digits it has: 1, 1.0 and 10e-1 are the same, and
/// 9007199254740993 is not 9007199254740992.
package struct ExactNumber: Sendable, Hashable, Comparable {
  /// Every integer below is a double.
  private static let exactIntegers: Double = 0x1p53

  /// The double next to it; never -0.
  private let nearest: Double
  /// Nil if it is an integer that `nearest` is exactly.
  private let digits: DecimalDigits?

  package init(_ integer: Int64) {
    nearest = Double(integer)
    digits = nearest.magnitude < Self.exactIntegers ? nil : DecimalDigits(String(integer).utf8)
  }

  /// A decimal that is an integer below 2^53 becomes the same value as that integer.
  package init(_ decimal: JSONDecimal) {
    let (value, written) = (decimal.value, DecimalDigits(decimal.text.utf8))
    nearest = value == 0 ? 0 : value
    let isInteger =
      value.magnitude < Self.exactIntegers && value.rounded() == value
      && written == DecimalDigits(String(Int64(value)).utf8)
    digits = isInteger ? nil : written
  }

  /// Nil for anything but a number.
  package init?(_ value: JSONValue) {
    switch value {
    case .integer(let number): self.init(number)
    case .decimal(let number): self.init(number)
    default: return nil
    }
  }

  /// A JSON number that is the same for all ways to write it.
  package var canonical: String { digits?.text ?? String(Int64(nearest)) }

  /// The number truncated after this many digits.
  package func prefix(digits count: Int) -> ExactNumber {
    guard let digits, digits.count > count else { return self }
    return ExactNumber(JSONDecimal(validated: digits.prefix(count).text))
  }

  package static func < (left: ExactNumber, right: ExactNumber) -> Bool {
    // Rounding keeps the order, except of numbers that round to the same.
    if left.nearest != right.nearest { return left.nearest < right.nearest }
    if left.digits == nil, right.digits == nil { return false }
    return left.written < right.written
  }

  /// The digits, made from the double where they were not kept.
  private var written: DecimalDigits { digits ?? DecimalDigits(String(Int64(nearest)).utf8) }
}
