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
    /// Keys that were presented lately: spares them the digest. Emptied with every change of a key.
    var recent: [SecretTag: GrantedKey] = [:]

    /// More than the clients of one server; a bound all the same.
    static let maxRecent = 256

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

  /// Finds the key of a presented secret; one SHA-256 block of work at most, and no file access.
  package func authenticate(_ token: ArraySlice<UInt8>) -> KeyCheck {
    guard let granted = granted(token) else {
      return APIKeySecret.isWellFormed(token) ? .invalid : .malformed
    }
    return .valid(granted.key)
  }

  /// The same for the hot path: nil for every key that is not valid now.
  func granted(_ token: ArraySlice<UInt8>) -> GrantedKey? {
    guard token.count == APIKeySecret.length else { return nil }
    let tag = SecretTag(token)
    let recent = table.withLock { $0.recent[tag] }
    guard let granted = recent ?? known(token, tag), granted.key.status(at: now) == .active else {
      return nil
    }
    return granted
  }

  private func known(_ token: ArraySlice<UInt8>, _ tag: SecretTag) -> GrantedKey? {
    guard APIKeySecret.isWellFormed(token) else { return nil }
    let digest = KeyDigest(of: token)
    return table.withLock { table in
      guard let index = table.indexes[digest], table.keys[index].digest == digest else { return nil }
      let granted = GrantedKey(table.keys[index])
      if table.recent.count >= Table.maxRecent { table.recent = [:] }
      table.recent[tag] = granted
      return granted
    }
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
      table.withLock { table in
        table.keys[index] = key
        table.recent = [:]
      }
      return key
    }
  }
}
