import JSON
package import Platform
package import SCIM
package import Storage

/// What an `Authorization` token turned out to be.
package enum KeyCheck: Sendable, Equatable {
  case valid(APIKey)
  /// Not the shape or not the checksum of a secret: refused before any look-up.
  case malformed
  /// Unknown, expired or revoked: the peer is not told which.
  case invalid
}

/// The API keys of all directories: a view of their logs that answers who is calling with one look-up.
package final class KeyRing: Sendable {
  private struct Table: Sendable {
    /// By the id of their resource.
    var keys: [ResourceID: APIKey] = [:]
    /// By the digest of each secret.
    var granted: [KeyDigest: GrantedKey] = [:]
    /// The states of connections; one that is not in here is active.
    var connections: [ResourceID: (name: String, state: ConnectionState)] = [:]
    /// The states of directories; one that is not in here is active.
    var directories: [String: DirectoryDescription.State] = [:]
    /// Keys that were presented lately: spares them the digest. Emptied with every change.
    var recent: [SecretTag: GrantedKey] = [:]

    /// More than the clients of one server; a bound all the same.
    static let maxRecent = 256
  }

  private let store: Store
  private let table = Locked(Table())

  /// Follows the store from now on. Throws if the keys of an older data folder cannot be brought into the logs.
  package init(_ store: Store) throws(KeyFileError) {
    self.store = store
    try KeyMigration.run(store)
    store.follow { [weak self] change in self?.take(change) }
    for directory in [store.system] + store.allDirectories {
      for name in ["Directory", "Connection", "Key"] {
        for resource in directory.administrativeResources(directory.administrativeType(name)) {
          take(resource)
        }
      }
    }
  }

  package var environment: Environment { store.environment }

  /// Finds the key of a presented secret; one SHA-256 block of work at most, and no file access.
  package func authenticate(_ token: ArraySlice<UInt8>) -> KeyCheck {
    guard let granted = granted(token) else {
      return APIKeySecret.isWellFormed(token) ? .invalid : .malformed
    }
    return .valid(granted.key)
  }

  /// The same for the hot path: nil for every key that is not valid now.
  package func granted(_ token: ArraySlice<UInt8>) -> GrantedKey? {
    guard token.count == APIKeySecret.length else { return nil }
    let tag = SecretTag(token)
    let recent = table.withLock { $0.recent[tag] }
    guard let granted = recent ?? known(token, tag), granted.isValid(at: now) else { return nil }
    return granted
  }

  private func known(_ token: ArraySlice<UInt8>, _ tag: SecretTag) -> GrantedKey? {
    guard APIKeySecret.isWellFormed(token) else { return nil }
    let digest = KeyDigest(of: token)
    return table.withLock { table in
      guard let granted = table.granted[digest], granted.generation.digest == digest else { return nil }
      if table.recent.count >= Table.maxRecent { table.recent = [:] }
      table.recent[tag] = granted
      return granted
    }
  }

  /// The key that has a secret with that digest, valid or not; nil if there is none.
  func key(withDigest digest: KeyDigest) -> APIKey? { table.withLock { $0.granted[digest]?.key } }

  /// The keys of a directory, oldest first, the revoked and expired ones too; nil for those of all directories.
  package func keys(of directory: String? = nil) -> [APIKey] {
    table.withLock { table in
      table.keys.values.filter { directory == nil || $0.directory == directory }
    }.sorted { ($0.created, $0.directory, $0.name, $0.id) < ($1.created, $1.directory, $1.name, $1.id) }
  }

  /// The key of that `keyId`; nil if there is none.
  package func key(_ id: String) -> APIKey? {
    table.withLock { table in table.keys.values.first { $0.id.hasSameBytes(as: id) } }
  }

  package func count(in directory: String) -> Int {
    table.withLock { table in table.keys.values.reduce(0) { $0 + ($1.directory == directory ? 1 : 0) } }
  }

  package var isEmpty: Bool { table.withLock { $0.keys.isEmpty } }

  /// The environment's wall clock.
  package var now: DateTime { DateTime(milliseconds: environment.now()) }

  // MARK: Following the logs

  private func take(_ change: AdministrativeChange) {
    table.withLock { table in
      table.recent = [:]
      switch change.type.name {
      case "Key": Self.takeKey(change, &table)
      case "Connection":
        table.connections[change.id] = change.document.flatMap { ConnectionDescription($0) }.map {
          ($0.name, $0.state)
        }
        regrant(&table) { $0.connection == change.id }
      case "Directory":
        guard let description = change.document.flatMap({ DirectoryDescription($0) }) else { return }
        table.directories[description.name] = description.state
        regrant(&table) { $0.directory.hasSameBytes(as: description.name) }
      default: break
      }
    }
  }

  private static func takeKey(_ change: AdministrativeChange, _ table: inout Table) {
    for generation in table.keys[change.id]?.generations ?? [] { table.granted[generation.digest] = nil }
    let key = APIKey(change)
    table.keys[change.id] = key
    if let key { grant(key, in: change.directory, &table) }
  }

  private static func grant(_ key: APIKey, in directory: Directory, _ table: inout Table) {
    let availability = availability(of: key, table)
    for generation in key.generations {
      table.granted[generation.digest] = GrantedKey(key, generation, in: directory, availability)
    }
  }

  /// Keys whose connection or directory changed.
  private func regrant(_ table: inout Table, _ isAffected: (APIKey) -> Bool) {
    for key in table.keys.values where isAffected(key) {
      guard let digest = key.generations.first?.digest, let directory = table.granted[digest]?.directory
      else { continue }
      Self.grant(key, in: directory, &table)
    }
  }

  private static func availability(of key: APIKey, _ table: Table) -> GrantedKey.Availability {
    let connection = key.connection.flatMap { table.connections[$0] }
    let directory = table.directories[key.directory] ?? .active
    if connection?.state == .removing || directory == .removing { return .removing }
    if directory == .paused { return .paused("The directory \(key.directory) is paused.") }
    if let connection, connection.state == .paused {
      return .paused("The connection \"\(connection.name)\" is paused.")
    }
    return .open
  }
}
