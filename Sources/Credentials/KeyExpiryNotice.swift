import JSON
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

  /// The value of the note that records the warning.
  fileprivate var note: JSONValue {
    ["expires": .string(expires.description), "days": .integer(Int64(days))]
  }

  /// Whether this warning, or one for fewer days, was given before.
  fileprivate func isSaid(by note: JSONValue?) -> Bool {
    guard let note, note["expires"]?.stringValue == expires.description,
      let said = note["days"]?.integerValue
    else { return false }
    return said <= Int64(days)
  }
}

extension KeyRing {
  /// The warnings that are due now, each given only once, also across restarts. Blocks; called from time to time.
  package func expiryNotices() -> [KeyExpiryNotice] {
    let now = now
    var said: [KeyExpiryNotice] = []
    for notice in keys().compactMap({ KeyExpiryNotice($0, now: now) }) {
      guard let directory = directory(notice.key.directory) else { continue }
      let name = KeyNotes.warned(notice.key.id)
      guard !notice.isSaid(by: directory.note(name).whenDurable()) else { continue }
      // A warning counts as given once the log has it; otherwise it is given again.
      let context = RequestContext(Actor(.clock), requestID: "clock", operation: "NOTE key expires")
      let written = directory.write(context) { tx throws(SCIMError) in
        tx.note(name, notice.note)
        return nil
      }
      if case .success = written.whenDurable() { said.append(notice) }
    }
    return said
  }
}
