extension JSONReader {
  /// RFC 8259 §6: an Int64, or a decimal when there is a fraction or an exponent, or more digits than an Int64 has.
  mutating func number() throws(JSONError) -> JSONValue {
    let start = at
    let negative = bytes[at] == UInt8(ascii: "-")
    if negative { at += 1 }
    let integer = try integerPart(negative: negative, start: start)
    guard at < bytes.count, bytes[at] == UInt8(ascii: ".") || bytes[at] | 0x20 == UInt8(ascii: "e")
    else {
      if let integer { return .integer(integer) }
      return try decimal(from: start)
    }
    try fractionAndExponent()
    return try decimal(from: start)
  }

  /// The number from `start` up to `at`; throws `numberOutOfRange` if it is too large for a double.
  private func decimal(from start: Int) throws(JSONError) -> JSONValue {
    let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw JSONError(.numberOutOfRange, at: start) }
    return .decimal(JSONDecimal(validated: text))
  }

  /// Steps over the digits before the point; nil when they exceed Int64.
  private mutating func integerPart(negative: Bool, start: Int) throws(JSONError) -> Int64? {
    let first = at
    try digits()
    guard bytes[first] != UInt8(ascii: "0") || at == first + 1 else {
      throw JSONError(.leadingZero, at: start)
    }
    var total: Int64 = 0
    for index in first..<at {
      let digit = Int64(bytes[index] &- UInt8(ascii: "0"))
      let (product, overflow) = total.multipliedReportingOverflow(by: 10)
      let (sum, tooFar) =
        negative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      if overflow || tooFar { return nil }
      total = sum
    }
    return total
  }

  /// Steps over both, if they exist; `at` is at the point or the `e`.
  private mutating func fractionAndExponent() throws(JSONError) {
    if bytes[at] == UInt8(ascii: ".") {
      at += 1
      try digits()
    }
    guard at < bytes.count, bytes[at] == UInt8(ascii: "e") || bytes[at] == UInt8(ascii: "E") else { return }
    at += 1
    if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
    try digits()
  }

  /// Steps over one digit or more.
  private mutating func digits() throws(JSONError) {
    let first = at
    while at < bytes.count, bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9") { at += 1 }
    guard at > first else {
      throw JSONError(at < bytes.count ? .unexpectedCharacter : .unexpectedEnd, at: at)
    }
  }
}
