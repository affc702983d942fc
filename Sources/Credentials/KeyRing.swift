import Dispatch
import JSON
package import Platform
package import SCIM
package import Storage

/// The API keys of all directories: a view of their logs that identifies the caller with one look-up.
package final class KeyRing: Sendable {
  let store: Store
  let table = Locked(KeyTable())
  /// Registrations that are being written.
  let claims = Locked<[SignedTokenTrust]>([])
  /// Ends of secrets that requests have caused and the log does not have yet.
  let endings = Locked<[ResourceID: DateTime]>([:])
  /// The queue on which the ring writes to the logs.
  let queue = DispatchQueue(label: "scimd.keys")

  /// Follows the store from now on. Throws if the keys of an older data folder cannot be moved into the logs.
  package init(_ store: Store) throws(KeyFileError) {
    self.store = store
    try KeyMigration.run(store)
    store.follow { [weak self] change in self?.table.withLock { $0.take(change) } }
    store.followNotes { [weak self] change in
      if KeyNotes.followed.contains(where: { change.key.hasPrefix($0) }) {
        self?.table.withLock { $0.take(change) }
      }
    }
    for directory in [store.system] + store.allDirectories { load(directory) }
  }

  /// Reads the notes first: granting a key needs its tokens and last uses.
  private func load(_ directory: Directory) {
    for (name, value) in directory.notes(withPrefix: KeyNotes.usePrefix) {
      if let use = KeyUse(value) { table.withLock { $0.restore(use, named: name) } }
    }
    for prefix in KeyNotes.followed {
      for (name, value) in directory.notes(withPrefix: prefix) {
        table.withLock { $0.take(NoteChange(directory: directory, key: name, value: value)) }
      }
    }
    for name in ["Directory", "Connection", "Key"] {
      for resource in directory.administrativeResources(directory.administrativeType(name)) {
        table.withLock { $0.take(resource) }
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

  /// The same for the hot path, for secrets and tokens; nil if it is not valid now.
  package func granted(_ token: ArraySlice<UInt8>) -> GrantedKey? { granted(token, at: now) }

  func granted(_ token: ArraySlice<UInt8>, at now: DateTime) -> GrantedKey? {
    guard APIKeySecret.hasLength(token) else { return nil }
    let tag = SecretTag(token)
    let recent = table.withLock { $0.recent[tag] }
    guard let granted = recent ?? known(token, tag), granted.isValid(at: now) else { return nil }
    return granted
  }

  /// Looks a secret up by its digest, and remembers it by its tag. Not checked for validity.
  private func known(_ token: ArraySlice<UInt8>, _ tag: SecretTag) -> GrantedKey? {
    guard APIKeySecret.form(of: token) != nil else { return nil }
    let digest = KeyDigest(of: token)
    return table.withLock { table in
      guard let granted = table.granted[digest] else { return nil }
      if table.recent.count >= KeyTable.maxRecent { table.recent = [:] }
      table.recent[tag] = granted
      return granted
    }
  }

  /// The key and secret with that digest, valid or not; nil if it is not known.
  func known(_ digest: KeyDigest) -> GrantedKey? { table.withLock { $0.granted[digest] } }

  /// The keys of a directory, or of all if nil, oldest first; including revoked and expired ones.
  package func keys(of directory: String? = nil) -> [APIKey] {
    table.withLock { table in
      table.keys.values.filter { directory == nil || $0.directory == directory }
    }.sorted { ($0.created, $0.directory, $0.name, $0.id) < ($1.created, $1.directory, $1.name, $1.id) }
  }

  /// The key with that `keyId`; nil if it does not exist.
  package func key(_ id: String) -> APIKey? { table.withLock { $0.key(id) } }

  /// When and from where a secret of a key was last accepted; nil if it never was.
  package func lastUse(of key: APIKey, _ generation: APIKey.Generation) -> KeyUse? {
    let name = KeyNotes.use(of: key.id, generation: generation.number)
    return table.withLock { $0.usages[name] }?.last
  }

  /// Keys of a directory, including revoked and expired ones.
  package func count(in directory: String) -> Int {
    table.withLock { table in table.keys.values.reduce(0) { $0 + ($1.directory == directory ? 1 : 0) } }
  }

  /// The ways to authenticate that at least one directory allows.
  var offeredKinds: Set<DirectoryPolicies.AuthKind> { table.withLock { $0.offeredKinds } }

  /// The policies of a directory; the defaults for `_system` and for a directory without a description.
  func policies(of directory: String) -> DirectoryPolicies {
    table.withLock { $0.descriptions[directory]?.policies } ?? DirectoryPolicies()
  }

  package var isEmpty: Bool { table.withLock { $0.keys.isEmpty } }

  /// The environment's wall clock.
  package var now: DateTime { DateTime(milliseconds: environment.now()) }

  /// The directory that keeps a key, by its name; nil if it does not exist.
  func directory(_ name: String) -> Directory? {
    name.hasSameBytes(as: DataFolder.systemName) ? store.system : store.existingDirectory(named: name)
  }
}
