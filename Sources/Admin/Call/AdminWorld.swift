package import Credentials
package import Platform
package import Storage

/// What the admin API administers: a data folder that this process holds.
package struct AdminWorld: Sendable {
  package let store: Store
  package let keys: KeyStore
  package let environment: Environment
  /// What links to resources begin with; also the address that clients are given with a new key.
  package let base: String
  /// Every setting with its value and where that came from.
  package let settings: [SettingReport]
  package let version: String

  package init(
    store: Store, keys: KeyStore, environment: Environment, base: String, settings: [SettingReport] = [],
    version: String = ""
  ) {
    self.store = store
    self.keys = keys
    self.environment = environment
    self.base = base
    self.settings = settings
    self.version = version
  }

  /// A directory exists if it has a folder or a key names it; the default one always does. Nil for any other.
  func directory(named name: String, creates: Bool) throws(AdminProblem) -> Directory? {
    if let directory = store.existingDirectory(named: name) { return directory }
    guard DataFolder.isValidName(name) else { return nil }
    let isKnown = name == NewKey.defaultDirectory || KeysNoun.hasKey(of: name, self)
    guard creates || isKnown else { return nil }
    do throws(StoreError) { return try store.directory(named: name).get() } catch {
      throw AdminProblem(error)
    }
  }
}
