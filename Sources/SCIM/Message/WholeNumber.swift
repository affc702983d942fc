import JSON

/// Whole numbers in queries and messages, however long: one that an integer cannot hold is the largest or smallest.
enum WholeNumber {
  /// Nil for text that is not an optional minus sign and digits.
  static func clamped(_ text: String) -> Int? {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    let digits = isNegative ? text.utf8.dropFirst() : text.utf8[...]
    guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    return Int(text) ?? (isNegative ? .min : .max)
  }
}

extension JSONValue {
  /// A number without fraction and exponent, clamped; nil for anything else.
  var wholeNumber: Int? {
    switch self {
    case .integer(let number): Int(clamping: number)
    case .decimal(let number): WholeNumber.clamped(number.text)
    default: nil
    }
  }
}
