import Platform
package import SCIM
import Storage

/// When a key is to expire.
package enum KeyExpiry: Sendable, Equatable {
  /// After 90 days, or sooner if the directory's policy or the creating key allows less.
  case standard
  /// Allowed only if the directory's policy has no limit.
  case never
  case at(DateTime)

  /// The time of expiry; nil for never.
  func instant(now: DateTime, _ policies: DirectoryPolicies, ceiling: DateTime? = nil) -> DateTime? {
    switch self {
    case .never: return nil
    case .at(let instant): return instant
    case .standard:
      let most = DirectoryPolicies.defaultKeyDays
      let days = policies.keyMaxDays == 0 ? most : min(policies.keyMaxDays, most)
      let end = now.adding(days: days)
      return ceiling.map { min($0, end) } ?? end
    }
  }
}
