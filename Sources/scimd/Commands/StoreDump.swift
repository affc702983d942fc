import JSON
import Platform
import SCIM
import Storage

/// The canonical lines of a data folder.
struct StoreDump: Sendable {
  private let configuration: Configuration
  private let environment: Environment

  init(_ configuration: Configuration, _ environment: Environment) {
    self.configuration = configuration
    self.environment = environment
  }

  /// Calls `body` with each line, without its line feed; throws for a directory that does not exist.
  func forEach(in directory: String?, _ body: ([UInt8]) -> Void) throws(CommandError) {
    let folder = try DataFolder.opened(configuration.data, .readOnly)
    let catalog = try StoreAccess.catalog(configuration)
    let names = try StoreAccess.names(folder)
    if let directory, !names.contains(directory) {
      throw CommandError(.failure, "the directory \"\(directory)\" does not exist in \(configuration.data)")
    }
    for name in names where directory == nil || name == directory {
      try StoreAccess.reader(folder, name, catalog, configuration, environment, keepsAll: true).dump(body)
    }
  }
}
