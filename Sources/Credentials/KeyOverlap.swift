import Platform
import SCIM
import Storage

/// When the previous secret of a rotated key ends.
package enum KeyOverlap: Sendable, Equatable {
  case milliseconds(Int64)
  /// Soon after the first request with the new one.
  case untilSeen
  case none

  package static let standard = KeyOverlap.milliseconds(86_400_000)
  /// 90 days.
  package static let longest: Int64 = 90 * 86_400_000

  /// From a span of 90 days at most (`24h`, `30m`, `7d`), `until-seen` or `none`; nil for anything else.
  package init?(_ text: String) {
    switch text {
    case "until-seen": self = .untilSeen
    case "none": self = .none
    default:
      guard let span = TimeSpan(text)?.milliseconds, span <= Self.longest else { return nil }
      self = .milliseconds(span)
    }
  }
}
