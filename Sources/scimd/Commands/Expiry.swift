import Credentials
import Platform
import SCIM

/// When a new key expires, as written by an administrator: `90d`, `12h`, `4w`, `6mo`, `1y`, `2027-01-31`, a date and
/// time, `never`.
enum Expiry {
  static let help = "90d, 12h, 4w, 6mo, 1y, a date, or never"

  static let standard = "Default: 90 days, or fewer if the directory's policy keyMaxDays is lower."

  /// The expiry that --expires gives a new key.
  static func creation(_ invocation: Invocation, _ console: Console) throws(CommandError) -> KeyExpiry {
    guard invocation["expires"] != nil else { return .standard }
    return try option(invocation, console).map { .at($0) } ?? .never
  }

  /// The time that --expires gives; nil for never and if it is absent.
  static func option(_ invocation: Invocation, _ console: Console) throws(CommandError) -> DateTime? {
    try invocation["expires"].flatMap { text throws(CommandError) in
      try instant(text, now: DateTime(milliseconds: console.environment.now()))
    }
  }

  /// Nil for never; throws if `text` is not a valid time.
  ///
  /// - Parameter option: its name, for the error.
  static func instant(
    _ text: String, now: DateTime, option: String = "expires"
  ) throws(CommandError) -> DateTime? {
    if text == "never" { return nil }
    // "6m" could be meant as months: nothing that expires lasts minutes.
    let span = TimeSpan(text).flatMap { $0.unit == .minutes ? nil : $0.after(now) }
    if let instant = span ?? DateTime(text) ?? DateTime(text + "T00:00:00Z") {
      return instant
    }
    throw CommandError(
      .usage, "--\(option): \"\(text)\" is not a time; write 90d, 12h, 4w, 6mo, 1y, 2027-01-31 or never")
  }
}
