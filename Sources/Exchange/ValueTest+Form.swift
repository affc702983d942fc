import JSON

extension ValueTest.Form {
  /// Whether the text has this form, by its bytes.
  func matches(_ text: String) -> Bool {
    switch self {
    case .dateTime: Instant(text) != nil
    case .absoluteURI: Self.hasScheme(text) && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    case .unreserved:
      !text.isEmpty && text.utf8.allSatisfy { Self.isAlphanumeric($0) || "-._~".utf8.contains($0) }
    case .entityTag: Self.isEntityTag(text)
    case .nonEmpty: !text.isEmpty
    }
  }

  private static func hasScheme(_ text: String) -> Bool {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let scheme = text.utf8[..<colon]
    return scheme.first.map(isAlphanumeric) ?? false
      && scheme.allSatisfy { isAlphanumeric($0) || "+-.".utf8.contains($0) }
  }

  /// Whether the text is `"..."` or `W/"..."` (RFC 9110 §8.8.3).
  private static func isEntityTag(_ text: String) -> Bool {
    let opaque = text.utf8.starts(with: "W/".utf8) ? text.dropFirst(2) : text[...]
    return opaque.utf8.count >= 2 && opaque.hasPrefix("\"") && opaque.hasSuffix("\"")
      && !opaque.dropFirst().dropLast().utf8.contains { $0 == UInt8(ascii: "\"") || $0 <= 0x20 }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }
}

extension ValueTest.Order {
  /// Whether each value is followed by one that does not belong before it.
  func isKept(by values: [JSONValue]) -> Bool {
    let isDescending = self == .descending || self == .descendingExact
    return zip(values, values.dropFirst()).allSatisfy { first, second in
      isDescending ? !precedes(first, second) : !precedes(second, first)
    }
  }

  /// Whether `left` comes before `right`: as numbers or as instants if both are, otherwise by the bytes of their texts.
  private func precedes(_ left: JSONValue, _ right: JSONValue) -> Bool {
    if let left = ValueTest.number(left), let right = ValueTest.number(right) { return left < right }
    if let left = ValueTest.instant(left), let right = ValueTest.instant(right) { return left < right }
    let isExact = self == .ascendingExact || self == .descendingExact
    return key(left, isExact).lexicographicallyPrecedes(key(right, isExact))
  }

  /// The bytes to compare; in lower case unless the order is exact.
  private func key(_ value: JSONValue, _ isExact: Bool) -> [UInt8] {
    let text = value.stringValue ?? ValueTest.text(value)
    return Array((isExact ? text : text.lowercased()).utf8)
  }
}
