import JSON
import Platform
package import SCIM
import Storage

/// That a key is going to expire soon, or has expired: said once for each of some spans before the end.
package struct KeyExpiryNotice: Sendable, Equatable {
  package let key: APIKey
  package let expires: DateTime
  /// At most so many days are left; 0 if it has expired.
  package let days: Int

  /// Days before the end at which it is said.
  static let days = [0, 1, 7, 14, 30]

  /// What is to be said of a key now; nil if its end is far, or was near from the beginning.
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

  fileprivate var note: JSONValue {
    ["expires": .string(expires.description), "days": .integer(Int64(days))]
  }

  /// Whether that, or that fewer days are left, was said before.
  fileprivate func isSaid(by note: JSONValue?) -> Bool {
    guard let note, note["expires"]?.stringValue == expires.description,
      let said = note["days"]?.integerValue
    else { return false }
    return said <= Int64(days)
  }
}

extension KeyRing {
  /// What is to be said of keys that expire, each once also over restarts. Blocks; called now and then.
  package func expiryNotices() -> [KeyExpiryNotice] {
    let now = now
    var said: [KeyExpiryNotice] = []
    for notice in keys().compactMap({ KeyExpiryNotice($0, now: now) }) {
      guard let directory = directory(notice.key.directory) else { continue }
      let name = KeyNotes.warned(notice.key.id)
      guard !notice.isSaid(by: directory.note(name).whenDurable()) else { continue }
      // What a clock causes is written down; what cannot be is said again.
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
