package import Platform
package import SCIM

/// Something that happened in the store without a request: for the log.
package enum StoreEvent: Sendable {
  case warning(String)
  case snapshot(directory: String, seq: UInt64, bytes: Int, retired: Int)
  /// A write or a sync failed: nothing more will be acknowledged, and the process should end.
  case journalStopped(directory: String, reason: String)
}

/// Why a store or a directory cannot be opened.
package enum StoreError: Error, Sendable, CustomStringConvertible {
  case log(LogError)
  case journal(String, JournalError)
  case folder(DataFolderError)
  /// What a directory holds is not defined by the schemas and resource types given, in words.
  case schemas(directory: String, problem: String)

  /// True where the files are sound, but the schemas are not those that they were written with.
  package var isAboutSchemas: Bool {
    if case .schemas = self { true } else { false }
  }

  package var description: String {
    switch self {
    case .log(let error): error.description
    case .journal(let folder, let error): "\(folder): \(error)"
    case .folder(let error): error.description
    case .schemas(let directory, let problem): "the directory \(directory) holds \(problem)"
    }
  }
}

/// The directories of a data folder.
package final class Store: Sendable {
  package let folder: DataFolder
  package let catalog: Catalog
  private let options: StoreOptions
  let environment: Environment
  private let io: LogIO
  private let report: @Sendable (StoreEvent) -> Void
  private let workers = WorkerPool()
  private let directories: Locked<[String: Directory]>

  /// Recovers every directory of the folder, which must be open for writing.
  package init(
    folder: DataFolder, catalog: Catalog, options: StoreOptions, environment: Environment,
    io: LogIO = .system, report: @escaping @Sendable (StoreEvent) -> Void
  ) throws(StoreError) {
    self.folder = folder
    self.catalog = catalog
    self.options = options
    self.environment = environment
    self.io = io
    self.report = report
    directories = Locked([:])
    for name in try Store.names(in: folder) { _ = try directory(named: name).get() }
  }

  private static func names(in folder: DataFolder) throws(StoreError) -> [String] {
    do { return try folder.directoryNames() } catch { throw .folder(error) }
  }

  /// The directory of that name, made where it is new: the first request of a new tenant waits for its folder.
  package func directory(named name: String) -> Result<Directory, StoreError> {
    directories.withLock { directories in
      if let directory = directories[name] { return .success(directory) }
      do throws(DataFolderError) {
        let path = try folder.directoryFolder(name)
        return Result { () throws(StoreError) in
          let directory = try Directory(
            name: name, folder: path, catalog: catalog, options: options, environment: environment,
            workers: workers, io: io, report: report)
          directories[name] = directory
          return directory
        }
      } catch {
        return .failure(.folder(error))
      }
    }
  }

  /// The directory of that name; nil where there is none, and none is made.
  package func existingDirectory(named name: String) -> Directory? { directories.withLock { $0[name] } }

  /// All directories, in order of their names.
  package var allDirectories: [Directory] {
    directories.withLock { $0.values.sorted { $0.name < $1.name } }
  }

  /// Brings everything to disk. Blocks; no requests may follow.
  package func close() {
    for directory in directories.withLock({ Array($0.values) }) { directory.close() }
    folder.close()
  }
}
