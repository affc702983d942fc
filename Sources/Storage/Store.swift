import JSON
package import Platform
package import SCIM

/// The directories of a data folder. The store in brief, its limits first. One process serves a folder at a time. All
/// state is in memory; a directory is as large as memory allows, and its quotas say how large. Writes of one directory
/// are one after the other.
///
/// A **directory** is one isolated tenant: its resources, its indexes, its log. A **transaction** is one unfinished
/// change: it sees its own changes, and nothing of it is visible before it is complete. Its **record** is its entry in
/// the log: who, when and what, enough to redo and to undo. The **journal** is the records in order, each with the hash
/// of the one before; one write and one sync cover all waiting records, and only then are they visible. A **snapshot**
/// is the state after one record: a start reads the newest and the records after it, older records are history. A
/// **capture** is an immutable view of the current state: long work (searches, exports, snapshots, drafts) uses one,
/// outside the lock. A **note** is an observation of the server, not a decision: in the log, without a version and a
/// history. The reserved directory `_system` lists all directories; each of the others has everything that belongs to
/// it in its own folder.
package final class Store: Sendable {
  package let folder: DataFolder
  package let catalog: Catalog
  /// Holds the directories themselves and the keys for all of them.
  package let system: Directory
  private let options: StoreOptions
  package let environment: Environment
  private let io: LogIO
  private let report: @Sendable (StoreEvent) -> Void
  private let workers: WorkerPool
  private let relay: AdministrativeRelay
  package let meters: StoreMeters
  private let directories = Locked<[String: Directory]>([:])

  /// Recovers every directory of the folder, which must be open for writing.
  ///
  /// - Parameters:
  ///   - io: how the logs of the directories change files.
  ///   - systemIO: the same for the log of `_system`.
  package init(
    folder: DataFolder, catalog: Catalog, options: StoreOptions, environment: Environment,
    io: LogIO = .system, systemIO: LogIO = .system, report: @escaping @Sendable (StoreEvent) -> Void
  ) throws(StoreError) {
    self.folder = folder
    self.catalog = catalog
    self.options = options
    self.environment = environment
    self.io = io
    self.report = report
    workers = WorkerPool()
    relay = AdministrativeRelay()
    meters = StoreMeters(environment)
    system = try Directory(
      name: DataFolder.systemName, folder: try Store.path(DataFolder.systemName, in: folder),
      catalog: catalog,
      options: options, environment: environment, workers: workers, relay: relay, io: systemIO,
      meters: meters,
      report: report)
    try openAll()
    relay.follow { [weak self] change in self?.take(change) }
  }

  private static func path(_ name: String, in folder: DataFolder) throws(StoreError) -> String {
    do { return try folder.directoryFolder(name) } catch { throw .folder(error) }
  }

  /// Opens the directories in `_system`, and adds folders that it does not list: those older than `_system`, and those
  /// an administrator has put there.
  private func openAll() throws(StoreError) {
    let described = system.administrativeResources(system.administrativeType("Directory")).compactMap {
      $0.document.flatMap { DirectoryDescription($0) }
    }
    for description in described {
      // Its files are gone already, and a job is about to say so.
      let isGone = description.state == .removing && !folder.hasDirectory(description.name)
      if !isGone { _ = try open(description).get() }
    }
    let names: [String]
    do { names = try folder.directoryNames() } catch { throw .folder(error) }
    for name in names where existingDirectory(named: name) == nil {
      _ = try makeDirectory(DirectoryDescription(name: name), Store.opening).get()
    }
  }

  private static let opening = RequestContext(Actor(.server), requestID: "start", operation: "OPEN")

  /// Opens the folder of a directory, created if it does not exist.
  private func open(_ description: DirectoryDescription) -> Result<Directory, StoreError> {
    directories.withLock { directories in
      if let directory = directories[description.name] { return .success(directory) }
      return Result { () throws(StoreError) in
        let directory = try Directory(
          name: description.name, folder: try Store.path(description.name, in: folder), catalog: catalog,
          options: options, environment: environment, workers: workers, relay: relay, io: io, meters: meters,
          report: report)
        directory.follow(description)
        directories[description.name] = directory
        return directory
      }
    }
  }

  /// The policies and the state of a directory apply from the moment they are in the log of `_system`.
  private func take(_ change: AdministrativeChange) {
    guard change.directory === system, change.type.name.hasSameBytes(as: "Directory"),
      let description = change.document.flatMap({ DirectoryDescription($0) })
    else { return }
    existingDirectory(named: description.name)?.follow(description)
  }

  /// Calls `follower` with every change of an administrative resource from now on; see `AdministrativeRelay`.
  package func follow(_ follower: @escaping @Sendable (AdministrativeChange) -> Void) {
    relay.follow(follower)
  }

  /// The same with every change of a note.
  package func followNotes(_ follower: @escaping @Sendable (NoteChange) -> Void) {
    relay.followNotes(follower)
  }

  /// The directory of that name, created if it does not exist.
  package func directory(named name: String) -> Result<Directory, StoreError> {
    if let directory = existingDirectory(named: name) { return .success(directory) }
    return makeDirectory(DirectoryDescription(name: name), Store.opening)
  }

  /// Adds a new directory and creates its folder; blocks until both are on disk. An existing one is returned, or
  /// refused with 409 if the directory must be new; so is one that is being deleted.
  package func makeDirectory(
    _ description: DirectoryDescription, _ context: RequestContext, mustBeNew: Bool = false
  ) -> Result<Directory, StoreError> {
    guard DataFolder.isValidName(description.name) else {
      return .failure(.folder(.invalidName(description.name)))
    }
    let type = system.administrativeType("Directory")
    let made = system.write(context) { tx throws(SCIMError) in
      if let id = tx.find(type, "name", description.name).first {
        // Its files are being removed: anything created in it now would be removed too.
        if DirectoryDescription(try tx.resource(type, id.text).document)?.state == .removing {
          throw SCIMError(
            .conflict,
            "The directory \"\(description.name)\" is being deleted; `scimd job list` shows how far that is.")
        }
        guard mustBeNew else { return nil }
        throw SCIMError(
          .notUnique,
          "The directory \"\(description.name)\" already exists.")
      }
      return try tx.create(type, description.document, members: [], skipsUnknown: false)
    }
    switch made.whenDurable() {
    case .success: return open(description)
    case .failure(let error): return .failure(.refused(directory: description.name, error))
    }
  }

  /// The result of a change in a directory that does not exist yet.
  package func draftedInNewDirectory<Value>(
    _ body: (inout Transaction) -> Value
  ) -> Value {
    var transaction = Transaction(
      DirectoryState(catalog: catalog, options: options), now: environment.now(), newID: environment.uuid)
    return body(&transaction)
  }

  /// Closes a directory and archives or removes its files. Blocks; harmless for a directory that no longer exists.
  package func close(directory name: String, keepingFiles: Bool) throws(StoreError) {
    let directory = directories.withLock { $0.removeValue(forKey: name) }
    directory?.close()
    do {
      if keepingFiles {
        try folder.archive(name, time: DateTime(milliseconds: environment.now()).description)
      } else {
        try folder.remove(name)
      }
    } catch {
      throw .folder(error)
    }
  }

  /// The directory of that name; nil if it does not exist.
  package func existingDirectory(named name: String) -> Directory? { directories.withLock { $0[name] } }

  /// All directories but `_system`, in order of their names.
  package var allDirectories: [Directory] {
    directories.withLock { $0.values.sorted { $0.name < $1.name } }
  }

  /// Writes everything to disk. Blocks; no requests may follow.
  package func close() {
    workers.stop()
    for directory in allDirectories + [system] { directory.close() }
    folder.close()
  }
}
