import Platform

/// IMF-fixdate (RFC 9110 §5.6.7).
enum HTTPDate {
  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  /// The last second of the year 9999: the form has four digits for it.
  private static let last: Int64 = 253_402_300_799

  /// `Sun, 06 Nov 1994 08:49:37 GMT` for seconds since 1970; times before 1970 are written as 1970.
  static func text(second: Int64) -> String {
    let time = CivilTime(secondsSinceEpoch: min(max(second, 0), last))
    return "\(days[time.weekday]), \(two(time.day)) \(months[time.month - 1]) \(time.year) "
      + "\(two(time.hour)):\(two(time.minute)):\(two(time.second)) GMT"
  }

  private static func two(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
