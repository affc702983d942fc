import Platform
import SCIM
import Storage

/// Ways for commands to open a data folder's content.
enum StoreAccess {
  static func catalog() throws(CommandError) -> Catalog {
    do {
      return try Catalog.standard()
    } catch {
      throw CommandError(.failure, "a schema inside this program is damaged: \(error)")
    }
  }

  /// The folder for writing, where it exists; no server may run on it.
  static func existing(_ path: String) throws(CommandError) -> DataFolder {
    // Opening for writing would make what is missing.
    _ = try DataFolder.opened(path, .readOnly)
    return try DataFolder.opened(path, .write)
  }

  /// All directories for writing.
  static func open(_ configuration: Configuration, _ environment: Environment) throws(CommandError) -> Store {
    let folder = try existing(configuration.data)
    let catalog = try catalog()
    do throws(StoreError) {
      return try Store(
        folder: folder, catalog: catalog, options: configuration.storeOptions, environment: environment
      ) { _ in }
    } catch {
      throw CommandError(error)
    }
  }

  static func names(_ folder: DataFolder) throws(CommandError) -> [String] {
    do throws(DataFolderError) {
      return try folder.directoryNames()
    } catch {
      throw CommandError(error, folder: folder.path)
    }
  }

  static func reader(
    _ folder: DataFolder, _ name: String, _ catalog: Catalog, _ configuration: Configuration,
    _ environment: Environment
  ) throws(CommandError) -> DirectoryReader {
    do throws(StoreError) {
      return try DirectoryReader(
        folder: folder, directory: name, catalog: catalog, options: configuration.storeOptions,
        now: environment.now())
    } catch {
      throw CommandError(error)
    }
  }
}
