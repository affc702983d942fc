import Platform
package import SCIM
import Storage

/// A warning that a key will expire soon or has expired: given once for each of several spans before the end.
package struct KeyExpiryNotice: Sendable, Equatable {
  package let key: APIKey
  package let expires: DateTime
  /// At most this many days are left; 0 if it has expired.
  package let days: Int

  /// Days before the end at which a warning is given.
  static let days = [0, 1, 7, 14, 30]

  /// The warning that is due for a key now; nil if its end is far away, or if the key never had more time than the
  /// span.
  init?(_ key: APIKey, now: DateTime) {
    guard key.revoked == nil, let expires = key.expires,
      let days = Self.days.first(where: { expires <= now.adding(days: $0) })
    else { return nil }
    let began = key.generations.last?.created ?? key.created
    guard days == 0 || expires > began.adding(days: days) else { return nil }
    self.key = key
    self.expires = expires
    self.days = days
  }
}

extension KeyRing {
  /// The warnings that are due now, each given only once, also across restarts. Blocks; called from time to time.
  package func expiryNotices() -> [KeyExpiryNotice] {
    let now = now
    return keys().compactMap { key in
      guard let notice = KeyExpiryNotice(key, now: now) else { return nil }
      return key.daysLeft.map { $0 <= notice.days } == true || !write(notice) ? nil : notice
    }
  }

  /// A warning counts as given once the log has it, as an event for everyone; otherwise it is given again.
  private func write(_ notice: KeyExpiryNotice) -> Bool {
    guard let directory = directory(notice.key.directory) else { return false }
    let context = RequestContext(Actor(.clock), requestID: "clock", operation: "EXPIRE /keys/{id}")
    let type = directory.administrativeType("Key")
    let written = directory.write(context) { tx throws(SCIMError) -> ResourceID? in
      let old = try tx.resource(type, notice.key.resource.text)
      guard var key = APIKey(old.administrative(in: directory)), key.expires == notice.expires else {
        return nil
      }
      key.daysLeft = notice.days
      try tx.update(old, key.document.ordered(for: type), [], skipsUnknown: false)
      return old.id
    }
    if case .success = written.whenDurable() { return true }
    return false
  }
}
