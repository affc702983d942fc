import Glibc

/// A day of the Gregorian calendar and a time of that day, both in UTC, as the C library counts them.
package struct CivilTime {
  private let parts: tm

  /// - Parameter seconds: since 1970-01-01T00:00:00Z.
  package init(secondsSinceEpoch seconds: Int64) {
    var (seconds, parts) = (time_t(seconds), tm())
    gmtime_r(&seconds, &parts)
    self.parts = parts
  }

  /// Nil for a day that the month does not have, such as 31 February; `hour` may be 24 and `second` 60, which are the
  /// first moment of the next day and minute.
  package init?(_ year: Int, _ month: Int, _ day: Int, hour: Int, minute: Int, second: Int) {
    guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
      (0...24).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
    var midnight = parts
    // A day that does not exist becomes one of the next month.
    _ = timegm(&midnight)
    guard midnight.tm_mday == parts.tm_mday else { return nil }
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
    self.parts = parts
  }

  /// Since 1970-01-01T00:00:00Z; negative before.
  package var secondsSinceEpoch: Int64 {
    var parts = parts
    return Int64(timegm(&parts))
  }

  package var year: Int { Int(parts.tm_year) + 1900 }
  /// From 1.
  package var month: Int { Int(parts.tm_mon) + 1 }
  /// From 1.
  package var day: Int { Int(parts.tm_mday) }
  package var hour: Int { Int(parts.tm_hour) }
  package var minute: Int { Int(parts.tm_min) }
  package var second: Int { Int(parts.tm_sec) }
  /// From 0, which is Sunday.
  package var weekday: Int { Int(parts.tm_wday) }
}
