import Platform
import SCIM
import Protocol
import Storage

/// Ways for commands to open a data folder's content.
enum StoreAccess {
  /// All resource types: the schemas of the RFC, and those of the configured folder.
  static func catalog(_ configuration: Configuration) throws(CommandError) -> Catalog {
    if let folder = configuration.schemas { try DataPlace.checkAccess(folder) }
    do throws(CatalogError) {
      guard let folder = configuration.schemas else { return try CatalogBuilder.catalog(of: []) }
      return try SchemaFolder(folder).catalog()
    } catch {
      throw CommandError(error, folder: configuration.schemas)
    }
  }

  /// The folder for writing, which must exist; no server may run on it.
  static func existing(_ configuration: Configuration) throws(CommandError) -> DataFolder {
    // Opening for writing would create missing files.
    try DataPlace(configuration).check()
    return try DataFolder.opened(configuration.data, .write)
  }

  /// Opens all directories. A caller that only reads sees what the server would show. One that writes removes no old data:
  /// the server may be set to keep it for longer.
  static func open(
    _ configuration: Configuration, _ environment: Environment, toWrite: Bool
  ) throws(CommandError) -> Store {
    var options = configuration.cautiousStoreOptions
    if !toWrite { options.deletedRetention = configuration.storeOptions.deletedRetention }
    let folder = try existing(configuration)
    let catalog = try catalog(configuration)
    do throws(StoreError) {
      return try Store(
        folder: folder, catalog: catalog, options: options, environment: environment
      ) { _ in }
    } catch {
      throw CommandError(error)
    }
  }

  /// The names of the directories, without `_system`.
  static func names(_ folder: DataFolder) throws(CommandError) -> [String] {
    do throws(DataFolderError) {
      return try folder.directoryNames()
    } catch {
      throw CommandError(error, folder: folder.path)
    }
  }

  /// Reads one directory without locking the folder.
  ///
  /// - Parameter keepsAll: also deleted resources whose time has passed.
  static func reader(
    _ folder: DataFolder, _ name: String, _ catalog: Catalog, _ configuration: Configuration,
    _ environment: Environment, keepsAll: Bool = false
  ) throws(CommandError) -> DirectoryReader {
    do throws(StoreError) {
      return try DirectoryReader(
        folder: folder, directory: name, catalog: catalog,
        options: keepsAll ? configuration.cautiousStoreOptions : configuration.storeOptions,
        now: environment.now())
    } catch {
      throw CommandError(error)
    }
  }
}
