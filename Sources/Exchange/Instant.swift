/// A moment as xsd:dateTime writes it (RFC 7643 §2.3.5): "2011-08-01T21:32:44.882Z"; without a zone it is UTC.
struct Instant: Comparable {
  private let seconds: Int64
  /// Digits after the point, without trailing zeros: they compare as text.
  private let fraction: [UInt8]

  /// Nil unless the text is a date and a time.
  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    func digits(_ count: Int) -> Int64? {
      guard rest.count >= count, rest.prefix(count).allSatisfy({ (0x30...0x39).contains($0) }) else {
        return nil
      }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
    func take(_ byte: Character) -> Bool {
      guard rest.first == byte.asciiValue else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2), take("T"),
      let hour = digits(2), take(":"), let minute = digits(2), take(":"), let second = digits(2),
      (1...12).contains(month), (1...31).contains(day), hour <= 24, minute < 60, second < 61
    else { return nil }
    var fraction: [UInt8] = []
    if take(".") {
      while let byte = rest.first, (0x30...0x39).contains(byte) {
        fraction.append(byte)
        rest = rest.dropFirst()
      }
      guard !fraction.isEmpty else { return nil }
    }
    while fraction.last == 0x30 { fraction.removeLast() }
    var offset: Int64 = 0
    if !take("Z"), !rest.isEmpty {
      let isBehind = take("-")
      guard isBehind || take("+"), let hours = digits(2), take(":"), let minutes = digits(2) else {
        return nil
      }
      offset = (hours * 60 + minutes) * (isBehind ? -60 : 60)
    }
    guard rest.isEmpty else { return nil }
    seconds = (Self.days(year, month, day) * 24 + hour) * 3600 + minute * 60 + second - offset
    self.fraction = fraction
  }

  static func < (left: Instant, right: Instant) -> Bool {
    left.seconds != right.seconds
      ? left.seconds < right.seconds : left.fraction.lexicographicallyPrecedes(right.fraction)
  }

  /// Days since 1 March of the year 0 of the Gregorian calendar.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let month = (month + 9) % 12
    return year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1
  }
}
