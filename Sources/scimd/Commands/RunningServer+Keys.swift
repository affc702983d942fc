import Credentials
import Storage

extension RunningServer {
  /// Moves the keys of an older folder into its logs first.
  static func openKeys(_ store: Store) throws(CommandError) -> KeyRing {
    do throws(KeyFileError) {
      return try KeyRing(store)
    } catch {
      throw CommandError(error)
    }
  }

  /// Creates a key in the default directory for a folder that never had a key; nil if it has keys, even revoked ones.
  static func makeFirstKey(_ store: Store, _ keys: KeyRing) throws(CommandError) -> CreatedKey? {
    guard keys.isEmpty else { return nil }
    // Anything created in a directory that is being deleted is removed with it.
    if store.existingDirectory(named: NewKey.defaultDirectory)?.description.state == .removing { return nil }
    do throws(StoreError) { _ = try store.directory(named: NewKey.defaultDirectory).get() } catch {
      throw CommandError(error)
    }
    do throws(KeyAdministrationError) {
      return try KeyAdministration(store, keys).create(
        NewKey(name: "first key", description: "Created by `scimd serve` on its first start"))
    } catch {
      throw CommandError(.inputOutput, error.description)
    }
  }
}
