import Platform

/// A moment as xsd:dateTime writes it (RFC 7643 §2.3.5): "2011-08-01T21:32:44.882Z"; without a zone it is UTC.
struct Instant: Comparable {
  private let seconds: Int64
  /// Digits after the point, without trailing zeros: they compare as text.
  private let fraction: [UInt8]

  /// Nil unless the text is a date and a time.
  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    func digits(_ count: Int) -> Int? {
      guard rest.count >= count,
        rest.prefix(count).allSatisfy(Self.isDigit)
      else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
    func take(_ byte: Character) -> Bool {
      guard rest.first == byte.asciiValue else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2), take("T"),
      let hour = digits(2), take(":"), let minute = digits(2), take(":"), let second = digits(2),
      let time = CivilTime(year, month, day, hour: hour, minute: minute, second: second)
    else { return nil }
    var fraction: [UInt8] = []
    if take(".") {
      fraction = Array(rest.prefix(while: Self.isDigit))
      rest = rest.dropFirst(fraction.count)
      guard !fraction.isEmpty else { return nil }
    }
    while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
    var offset = 0
    if !take("Z"), !rest.isEmpty {
      let isBehind = take("-")
      guard isBehind || take("+"), let hours = digits(2), take(":"), let minutes = digits(2) else {
        return nil
      }
      offset = (hours * 60 + minutes) * (isBehind ? -60 : 60)
    }
    guard rest.isEmpty else { return nil }
    seconds = time.secondsSinceEpoch - Int64(offset)
    self.fraction = fraction
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  static func < (left: Instant, right: Instant) -> Bool {
    left.seconds != right.seconds
      ? left.seconds < right.seconds : left.fraction.lexicographicallyPrecedes(right.fraction)
  }
}
