import JSON
import Platform
import SCIM
import Storage

/// Moves the keys of `keys.json`, in which older versions kept them, into the logs of their directories.
///
/// Each directory gets its keys in one record, except those that it already has, so that a migration can be repeated
/// after a crash. When all are on disk, the file is renamed to `keys.json.migrated`, which is never read.
enum KeyMigration {
  private static let context = RequestContext(
    Actor(.server), requestID: "migration", operation: "MIGRATE keys.json")

  /// Does nothing if the file does not exist.
  static func run(_ store: Store) throws(KeyFileError) {
    let file = KeyFile(path: store.folder.path + "/keys.json")
    guard let keys = try file.load() else { return }
    var names: [String] = []
    for key in keys where !names.contains(key.directory) { names.append(key.directory) }
    for name in names {
      try bring(keys.filter { $0.directory.hasSameBytes(as: name) }, into: name, store, file)
    }
    do { try FileSystem.rename(file.path, to: file.path + ".migrated") } catch {
      throw KeyFileError(path: file.path, kind: .system(error))
    }
    do { try FileSystem.syncDirectory(store.folder.path) } catch {
      throw KeyFileError(path: file.path, kind: .system(error))
    }
  }

  /// Writes the keys of one directory, which is created if it does not exist.
  private static func bring(
    _ keys: [KeyFile.Key], into name: String, _ store: Store, _ file: KeyFile
  ) throws(KeyFileError) {
    let directory: Directory
    do throws(StoreError) { directory = try store.directory(named: name).get() } catch {
      throw KeyFileError(path: file.path, kind: .notTaken(error.description))
    }
    let type = directory.administrativeType("Key")
    let result = directory.write(context) { tx throws(SCIMError) in
      for key in keys where tx.find(type, "keyId", key.id).isEmpty {
        let id = tx.unusedID()
        _ = try tx.create(type, key.document, members: [], skipsUnknown: false, id: id)
      }
      return nil
    }
    do { _ = try result.whenDurable().get() } catch {
      throw KeyFileError(path: file.path, kind: .notTaken(error.detail))
    }
  }
}
