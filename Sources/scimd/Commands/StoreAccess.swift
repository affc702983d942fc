import Credentials
import Platform
import SCIM
import Protocol
import Storage

/// Ways for commands to open a data folder's content.
enum StoreAccess {
  /// Everything that resources can be: the schemas of the RFC, and those of the folder that is configured.
  static func catalog(_ configuration: Configuration) throws(CommandError) -> Catalog {
    do throws(CatalogError) {
      guard let folder = configuration.schemas else { return try CatalogBuilder.catalog(of: []) }
      return try SchemaFolder(folder).catalog()
    } catch {
      throw CommandError(error, folder: configuration.schemas)
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
    let catalog = try catalog(configuration)
    do throws(StoreError) {
      return try Store(
        folder: folder, catalog: catalog, options: configuration.cautiousStoreOptions,
        environment: environment
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

  /// The names of everything that has a log: `_system`, then the directories.
  static func logNames(_ folder: DataFolder) throws(CommandError) -> [String] {
    do throws(DataFolderError) {
      return try folder.logNames()
    } catch {
      throw CommandError(error, folder: folder.path)
    }
  }

  /// The names of all keys by their ids, from the files.
  static func keyNames(
    _ folder: DataFolder, _ configuration: Configuration, _ environment: Environment
  ) throws(CommandError) -> [String: String] {
    let catalog = try catalog(configuration)
    var readers: [DirectoryReader] = []
    for name in try logNames(folder) {
      readers.append(try reader(folder, name, catalog, configuration, environment))
    }
    do throws(KeyFileError) { return try KeyNames.all(folder, readers) } catch { throw CommandError(error) }
  }

  /// The id of the user that a text names, by id or userName; nil where there is none.
  static func user(
    _ user: String, in directory: String, _ configuration: Configuration, _ environment: Environment
  ) throws(CommandError) -> String? {
    let folder = try DataFolder.opened(configuration.data, .readOnly)
    guard try names(folder).contains(directory) else { return nil }
    return try reader(folder, directory, try catalog(configuration), configuration, environment).user(user)?
      .text
  }

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
