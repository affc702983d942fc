import Credentials
import Platform
import SCIM

/// When a new key expires, as written by an administrator: `90d`, `12h`, `4w`, `6mo`, `1y`, `2027-01-31`, a date and
/// time, `never`.
enum Expiry {
  static let help = "90d, 12h, 4w, 6mo, 1y, a date, or never"

  static let standard = "Default: 90 days, or fewer if the directory's policy keyMaxDays is lower."

  /// What --expires says of a new key.
  static func creation(_ invocation: Invocation, _ console: Console) throws(CommandError) -> KeyExpiry {
    guard invocation["expires"] != nil else { return .standard }
    return try option(invocation, console).map { .at($0) } ?? .never
  }

  /// What --expires says; nil for never and if it is absent.
  static func option(_ invocation: Invocation, _ console: Console) throws(CommandError) -> DateTime? {
    try invocation["expires"].flatMap { text throws(CommandError) in
      try instant(text, now: DateTime(milliseconds: console.environment.now()))
    }
  }

  /// Nil for never; throws if `text` is not a valid time.
  static func instant(_ text: String, now: DateTime) throws(CommandError) -> DateTime? {
    if text == "never" { return nil }
    if let instant = span(text, from: now) ?? calendarSpan(text, from: now) ?? DateTime(text)
      ?? DateTime(text + "T00:00:00Z")
    {
      return instant
    }
    throw CommandError(
      .usage, "--expires: \"\(text)\" is not a time; write 90d, 12h, 4w, 6mo, 1y, 2027-01-31 or never")
  }

  /// Months and years as the calendar has them, a hundred years at most.
  private static func calendarSpan(_ text: String, from now: DateTime) -> DateTime? {
    let (digits, months) = text.hasSuffix("mo") ? (text.dropLast(2), 1) : (text.dropLast(), 12)
    guard months == 1 || text.hasSuffix("y"), let count = Int(digits), (1...1200 / months).contains(count)
    else { return nil }
    return now.adding(months: count * months)
  }

  private static func span(_ text: String, from now: DateTime) -> DateTime? {
    let hours: Int64
    switch text.last {
    case "h": hours = 1
    case "d": hours = 24
    case "w": hours = 24 * 7
    default: return nil
    }
    // A hundred years are the most: no sum below can overflow.
    guard let count = Int64(text.dropLast()), (1...876_600).contains(count), count * hours <= 876_600 else {
      return nil
    }
    return DateTime(milliseconds: now.milliseconds + count * hours * 3_600_000)
  }
}
