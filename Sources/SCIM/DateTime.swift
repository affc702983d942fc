/// An instant in UTC, from an xsd:dateTime with date, time and zone (RFC 7643 §2.3.5).
package struct DateTime: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Whole seconds since 1970-01-01T00:00:00Z; may be negative.
  package let seconds: Int64
  /// The fraction, 0 ..< 1_000_000_000.
  package let nanoseconds: Int32

  /// - Parameter milliseconds: since 1970-01-01T00:00:00Z; negative before.
  package init(milliseconds: Int64) {
    let whole = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    seconds = whole
    nanoseconds = Int32(milliseconds - whole * 1000) * 1_000_000
  }

  /// Nil unless `text` is a valid xsd:dateTime; a missing zone is read as UTC.
  package init?(_ text: String) {
    var reader = Reader(bytes: Array(text.utf8))
    guard
      let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
      let day = reader.digits(2), reader.take("T") || reader.take("t"),
      let hour = reader.digits(2), reader.take(":"), let minute = reader.digits(2), reader.take(":"),
      let second = reader.digits(2),
      (1...12).contains(month), day >= 1, day <= DateTime.days(in: month, of: year),
      hour <= 23 || (hour == 24 && minute == 0 && second == 0), minute <= 59, second <= 60
    else { return nil }
    guard let fraction = reader.fraction(), hour < 24 || fraction == 0, let offset = reader.zone(),
      reader.atEnd
    else { return nil }
    let days = DateTime.daysSinceEpoch(year: year, month: month, day: day)
    seconds = Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + min(second, 59)) - Int64(offset * 60)
    nanoseconds = fraction
  }

  /// Milliseconds since 1970, fractions of a millisecond cut off.
  package var milliseconds: Int64 { seconds * 1000 + Int64(nanoseconds / 1_000_000) }

  package static func < (a: DateTime, b: DateTime) -> Bool {
    (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
  }

  /// `YYYY-MM-DDThh:mm:ss.SSSZ`.
  package var description: String { String(decoding: utf8, as: UTF8.self) }

  /// The 24 bytes of `description`.
  package var utf8: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    append(to: &bytes)
    return bytes
  }

  /// Appends the 24 bytes of `description`, for writers on the hot path.
  package func append(to bytes: inout [UInt8]) {
    var days = seconds / 86400
    var rest = Int(seconds % 86400)
    if rest < 0 {
      rest += 86400
      days -= 1
    }
    let (anyYear, month, day) = DateTime.date(daysSinceEpoch: Int(days))
    let year = max(0, min(9999, anyYear))
    let milliseconds = Int(nanoseconds / 1_000_000)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { out in
      func put(_ value: Int, _ position: Int, _ tail: UInt8) {
        out[position] = 48 + UInt8(truncatingIfNeeded: value / 10)
        out[position + 1] = 48 + UInt8(truncatingIfNeeded: value % 10)
        out[position + 2] = tail
      }
      put(year / 100, 0, 0)
      put(year % 100, 2, UInt8(ascii: "-"))
      put(month, 5, UInt8(ascii: "-"))
      put(day, 8, UInt8(ascii: "T"))
      put(rest / 3600, 11, UInt8(ascii: ":"))
      put(rest / 60 % 60, 14, UInt8(ascii: ":"))
      put(rest % 60, 17, UInt8(ascii: "."))
      out[20] = 48 + UInt8(truncatingIfNeeded: milliseconds / 100)
      put(milliseconds % 100, 21, UInt8(ascii: "Z"))
      bytes.append(contentsOf: out)
    }
  }
}

extension DateTime {
  /// The same time of day so many months later; on the last day of a month that is shorter. Nil beyond the year 9999.
  package func adding(months: Int) -> DateTime? {
    let day = Int(seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400)
    let date = DateTime.date(daysSinceEpoch: day)
    let (total, overflow) = (date.year * 12 + date.month - 1).addingReportingOverflow(months)
    guard !overflow, (0..<120_000).contains(total) else { return nil }
    let (year, month) = (total / 12, total % 12 + 1)
    let later = DateTime.daysSinceEpoch(
      year: year, month: month, day: min(date.day, DateTime.days(in: month, of: year)))
    return DateTime(milliseconds: milliseconds + Int64(later - day) * 86_400_000)
  }
}

// Civil calendar arithmetic on the proleptic Gregorian calendar.
extension DateTime {
  /// - Parameter month: from 1.
  static func days(in month: Int, of year: Int) -> Int {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// Days from 1970-01-01, for any year; shifted so that a year begins in March and leap days come last.
  static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
  }

  /// The inverse of `daysSinceEpoch`.
  static func date(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
    let z = daysSinceEpoch + 719468
    let era = (z >= 0 ? z : z - 146096) / 146097
    let dayOfEra = z - era * 146097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let m = (5 * dayOfYear + 2) / 153
    let month = m < 10 ? m + 3 : m - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * m + 2) / 5 + 1)
  }
}

/// Reads the fixed-width pieces of a dateTime.
private struct Reader {
  let bytes: [UInt8]
  var position = 0

  var atEnd: Bool { position == bytes.count }

  /// Steps over the character if it is next.
  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  /// A number of exactly so many digits.
  mutating func digits(_ count: Int) -> Int? {
    guard position + count <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[position..<position + count] {
      guard (48...57).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 48)
    }
    position += count
    return value
  }

  /// Nanoseconds; digits past the ninth are cut off; 0 without a fraction; nil for a point without digits.
  mutating func fraction() -> Int32? {
    guard take(".") else { return 0 }
    var value: Int32 = 0
    var scale: Int32 = 100_000_000
    let start = position
    while position < bytes.count, (48...57).contains(bytes[position]) {
      value += Int32(bytes[position] - 48) * scale
      scale /= 10
      position += 1
    }
    return position > start ? value : nil
  }

  /// Minutes east of UTC; nil if the zone is malformed.
  mutating func zone() -> Int? {
    if atEnd || take("Z") || take("z") { return 0 }
    let sign = take("+") ? 1 : (take("-") ? -1 : 0)
    guard sign != 0, let hours = digits(2), take(":"), let minutes = digits(2),
      hours * 60 + minutes <= 14 * 60,
      minutes <= 59
    else { return nil }
    return sign * (hours * 60 + minutes)
  }
}
