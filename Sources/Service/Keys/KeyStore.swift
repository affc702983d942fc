package import Platform
package import SCIM

/// What an `Authorization` token turned out to be.
package enum KeyCheck: Sendable, Equatable {
  case valid(APIKey)
  /// Not the shape or not the checksum of a secret: refused before any look-up.
  case malformed
  /// Unknown, expired or revoked: the peer is not told which.
  case invalid
}

/// The API keys of one data folder: checked in memory, kept in `keys.json`.
package final class KeyStore: Sendable {
  private struct Table: Sendable {
    var keys: [APIKey] = []
    var indexes: [KeyDigest: Int] = [:]

    mutating func append(_ key: APIKey) {
      indexes[key.digest] = keys.count
      keys.append(key)
    }
  }

  package let environment: Environment
  private let table: Locked<Table>
  /// Held over the write, so that changes follow one another; `table` is free meanwhile.
  private let file: Locked<KeyFile>

  /// Reads `<folder>/keys.json`; a missing file is a store without keys.
  package init(folder: String, environment: Environment) throws(KeyFileError) {
    self.environment = environment
    let file = KeyFile(path: folder + "/keys.json")
    var table = Table()
    for key in try file.load() { table.append(key) }
    self.table = Locked(table)
    self.file = Locked(file)
  }

  /// Finds the key of a presented secret; about one SHA-256 block of work, and no file access.
  package func authenticate(_ token: ArraySlice<UInt8>) -> KeyCheck {
    guard APIKeySecret.isWellFormed(token) else { return .malformed }
    let digest = KeyDigest(of: token)
    let found = table.withLock { table in table.indexes[digest].map { table.keys[$0] } }
    guard let key = found, key.digest == digest, key.status(at: now) == .active else { return .invalid }
    return .valid(key)
  }

  /// All keys, oldest first, the revoked and expired ones too.
  package var all: [APIKey] { table.withLock { $0.keys } }

  package var isEmpty: Bool { table.withLock { $0.keys.isEmpty } }

  /// The environment's wall clock.
  package var now: DateTime { DateTime(milliseconds: environment.now()) }

  /// Keeps one more key; it is valid when this returns, and not where it throws.
  func add(_ key: APIKey) throws(KeyFileError) {
    try file.withLock { file throws(KeyFileError) in
      try file.save(all + [key])
      table.withLock { $0.append(key) }
    }
  }

  /// Refuses the key from now on; returns it as kept, or nil where there is none of that id.
  func revoke(_ id: String) throws(KeyFileError) -> APIKey? {
    try file.withLock { file throws(KeyFileError) -> APIKey? in
      var keys = all
      guard let index = keys.firstIndex(where: { $0.id.utf8.elementsEqual(id.utf8) }) else { return nil }
      if keys[index].revoked != nil { return keys[index] }
      keys[index].revoked = now
      let key = keys[index]
      try file.save(keys)
      table.withLock { $0.keys[index] = key }
      return key
    }
  }
}
