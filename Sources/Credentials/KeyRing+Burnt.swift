package import HTTP
import JSON
package import SCIM
import Storage

/// A secret that was sent over an unencrypted connection, so that anyone on the way may have read it.
package struct BurntKey: Sendable {
  package let key: APIKey
  package let generation: APIKey.Generation
  /// When it was first seen.
  package let time: DateTime
}

extension KeyRing {
  /// Records that a request with a key came unencrypted. Returns the key the first time; nil for a secret that is not
  /// valid or was recorded before. Blocks while the log is written.
  package func burn(_ head: HTTPRequestHead) -> BurntKey? {
    guard let field = head[.authorization], let secret = Self.secret(in: field),
      let granted = granted(secret),
      let directory = directory(granted.key.directory)
    else { return nil }
    let name = KeyNotes.burnt(granted.key.id, generation: granted.generation.number)
    guard case .none = directory.note(name).whenDurable() else { return nil }
    let burnt = BurntKey(key: granted.key, generation: granted.generation, time: now)
    let context = RequestContext(Actor(.clock), requestID: "clock", operation: "NOTE key sent unencrypted")
    let written = directory.write(context) { tx throws(SCIMError) in
      tx.note(name, .string(burnt.time.description))
      return nil
    }
    guard case .success = written.whenDurable() else { return nil }
    return burnt
  }

  /// The recorded ones that are still accepted.
  package var burntKeys: [BurntKey] {
    let now = now
    return keys().flatMap { key -> [BurntKey] in
      guard key.revoked == nil, let directory = directory(key.directory) else { return [] }
      return key.generations.filter { $0.isAlive(at: now) }.compactMap { generation in
        let note = directory.note(KeyNotes.burnt(key.id, generation: generation.number)).whenDurable()
        return note?.stringValue.flatMap { DateTime($0) }.map {
          BurntKey(key: key, generation: generation, time: $0)
        }
      }
    }
  }

  private static func secret(in field: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    switch PresentedCredential(field) {
    case .bearer(let secret), .bare(let secret), .basic(_, let secret): secret
    case .malformedBearer, .malformedBasic, .unsupported: nil
    }
  }
}
