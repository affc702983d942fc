import Access
import Credentials
import Dispatch
import JSON
import Platform
import SCIM
import Storage

/// Carries out jobs, those of one directory one after the other. Each step is a record that also counts the progress, so
/// that a job resumes at the same place after a crash.
package final class JobRunner: Sendable {
  /// Resources of one record: a few milliseconds of the directory's lock.
  private static let batch = 100

  let store: Store
  let index: AccessIndex
  private let queues = Locked<[String: DispatchQueue]>([:])
  private let isStopping = Locked(false)

  init(_ store: Store, _ index: AccessIndex) {
    self.store = store
    self.index = index
  }

  /// Continues every running job; returns at once.
  package func wake() {
    for directory in directories where !running(in: directory).isEmpty {
      queue(of: directory).async { @Sendable [self] in runAll(in: directory) }
    }
  }

  /// Blocks until no job is running.
  package func finish() {
    for directory in directories { queue(of: directory).sync { @Sendable [self] in runAll(in: directory) } }
  }

  /// Blocks until the steps in progress end; the next start continues the jobs.
  package func stop() {
    isStopping.withLock { $0 = true }
    for queue in queues.withLock({ Array($0.values) }) { queue.sync { @Sendable in } }
  }

  /// Cleans up after a crash, before the first request: files of jobs that have ended or did not begin are removed, and
  /// a deletion of which only the end is missing is ended, so that its directory's name is free. Drafts that were not
  /// written to their end are removed.
  package func tidy() {
    for job in running(in: store.system)
    where job.job.kind == .deleteDirectory && store.existingDirectory(named: job.job.target) == nil {
      try? deleteDirectory(job)
    }
    for directory in directories {
      let needed = Set(running(in: directory).map(\.id))
      for job in directory.jobsWithFiles where !needed.contains(job.text) { directory.forgetFile(of: job) }
    }
    let context = RequestContext(Actor(.server), requestID: "start", operation: "DELETE /drafts/{id}")
    for directory in store.allDirectories { try? LargeDrafts(directory).tidy(context) }
  }

  /// Including `_system`, which has the jobs that delete directories.
  private var directories: [Directory] { store.allDirectories + [store.system] }

  /// Created on first use; a serial queue runs the jobs of a directory in turn.
  private func queue(of directory: Directory) -> DispatchQueue {
    queues.withLock { queues in
      if let queue = queues[directory.name] { return queue }
      let queue = DispatchQueue(label: "scimd.jobs.\(directory.name)")
      queues[directory.name] = queue
      return queue
    }
  }

  /// Runs the jobs in turn. A job that cannot go on ends as failed; others follow.
  private func runAll(in directory: Directory) {
    for job in running(in: directory) where !isStopped {
      do throws(SCIMError) {
        try run(job, in: directory)
      } catch {
        // A directory that accepts no writes because its disk is full is tried again with the next job or start.
        if error.status < 500 { try? end(job.id, in: directory, .failed, error: error.detail) }
      }
    }
  }

  /// The jobs that are running, oldest first.
  private func running(in directory: Directory) -> [JobReport] {
    Self.jobs(in: directory).filter { $0.job.state == .running }
  }

  /// The job with this id; nil if the directory has none.
  static func job(_ id: String, in directory: Directory) -> JobReport? {
    ResourceID(id).flatMap { directory.administrativeResource(directory.administrativeType("Job"), $0) }
      .flatMap { JobReport($0, in: directory.name) }
  }

  /// All jobs, including those that have ended, oldest first.
  static func jobs(in directory: Directory) -> [JobReport] {
    directory.administrativeResources(directory.administrativeType("Job")).compactMap {
      JobReport($0, in: directory.name)
    }
  }

  private func run(_ report: JobReport, in directory: Directory) throws(SCIMError) {
    switch report.job.kind {
    case .removeConnection: try removeConnection(report, directory)
    case .deleteDirectory: try deleteDirectory(report)
    case .import: try importLines(report, directory)
    case .applyDraft: try applyDraft(report, directory)
    case .takeOver: try takeOver(report, directory)
    }
  }

  // MARK: Kinds

  /// Treats the resources first; the last record removes the connection with its keys and ends the job.
  private func removeConnection(_ report: JobReport, _ directory: Directory) throws(SCIMError) {
    guard let connection = ResourceID(report.job.target) else { return }
    let resources = directory.managedResources(by: connection)
    guard try change(resources, report, in: directory, counting: directory) else { return }
    let (type, keys) = (directory.administrativeType("Connection"), directory.administrativeType("Key"))
    let links = directory.administrativeType("Link")
    func own(_ type: ResourceType) -> [ResourceID] {
      directory.administrativeResources(type).filter {
        $0.document?.attributes["connection"]?.stringValue.map { $0.hasSameBytes(as: report.job.target) }
          ?? false
      }.map(\.id)
    }
    let (ids, linkIDs) = (own(keys), own(links))
    try write(directory, report) { tx throws(SCIMError) in
      for id in ids {
        let key = try tx.resource(keys, id.text)
        if let name = key.document.attributes["keyId"]?.stringValue { KeyNotes.remove(of: name, &tx) }
        try tx.delete(key)
      }
      for id in linkIDs { try tx.delete(try tx.resource(links, id.text)) }
      try tx.delete(try tx.resource(type, connection.text))
      try Self.progress(report.id, directory, &tx) { $0.end(.finished, self.store) }
    }
  }

  /// Treats the users first, then closes the directory and keeps or deletes its files; the last record frees its name.
  private func deleteDirectory(_ report: JobReport) throws(SCIMError) {
    let system = store.system
    if let directory = store.existingDirectory(named: report.job.target) {
      guard try change(directory.managedResources(by: nil), report, in: directory, counting: system) else {
        return
      }
    }
    do throws(StoreError) {
      try store.close(directory: report.job.target, keepingFiles: report.job.users != .delete)
    } catch {
      throw SCIMError(.busy, "\(error)")
    }
    let type = system.administrativeType("Directory")
    try write(system, report) { tx throws(SCIMError) in
      for id in tx.find(type, "name", report.job.target) { try tx.delete(try tx.resource(type, id.text)) }
      try Self.progress(report.id, system, &tx) { job in
        // Steps that a crash left uncounted are done all the same.
        job.done = job.total
        job.end(.finished, self.store)
      }
    }
  }

  // MARK: Steps

  /// Deactivates or deletes the resources, in small records. False if the job was cancelled or the process is stopping.
  ///
  /// - Parameter counting: the directory whose log has the job.
  private func change(
    _ resources: [ManagedResource], _ report: JobReport, in directory: Directory, counting: Directory
  ) throws(SCIMError) -> Bool {
    var rest: ArraySlice<ManagedResource> =
      switch report.job.users {
      case .keep: []
      case .deactivate: resources.filter(\.isActive)[...]
      // Groups first: then users are in fewer of them.
      case .delete: (resources.filter { !$0.type.hasGroups } + resources.filter(\.type.hasGroups))[...]
      }
    while !rest.isEmpty {
      guard isRunning(report.id, in: counting) else { return false }
      let batch = rest.prefix(Self.batch)
      rest = rest.dropFirst(Self.batch)
      try write(directory, report) { tx throws(SCIMError) in
        for resource in batch { try Self.change(resource, report.job, &tx) }
        if directory === counting { try Self.progress(report.id, directory, &tx) { $0.done += batch.count } }
      }
      guard directory !== counting else { continue }
      try write(counting, report) { tx throws(SCIMError) in
        try Self.progress(report.id, counting, &tx) { $0.done += batch.count }
      }
    }
    return isRunning(report.id, in: counting)
  }

  /// Changes one resource, unless it no longer belongs to what is being removed.
  private static func change(
    _ resource: ManagedResource, _ job: JobDescription, _ tx: inout Transaction
  ) throws(SCIMError) {
    // Deleted in the meantime, or taken over by another connection.
    guard let old = try? tx.resource(resource.type, resource.id.text) else { return }
    if job.kind == .removeConnection, let connection = ResourceID(job.target),
      !tx.isManaged(old, by: connection)
    {
      return
    }
    guard job.users == .deactivate else { return try tx.delete(old) }
    var document = old.document
    document.attributes["active"] = false
    try tx.update(old, document.ordered(for: resource.type), [], skipsUnknown: false)
  }

  /// Writes one record of a job; returns when it is on disk.
  func write(
    _ directory: Directory, _ report: JobReport,
    _ body: (inout Transaction) throws(SCIMError) -> Void
  ) throws(SCIMError) {
    try directory.writeTogether(Self.context(report), body).whenDurable().get()
  }

  /// The context of the job's records, which carry its id.
  static func context(_ report: JobReport) -> RequestContext {
    var context = RequestContext(
      Actor(.server, command: report.job.command), requestID: "job",
      operation: "JOB \(report.job.kind.rawValue)")
    context.job = ResourceID(report.id)
    return context
  }

  /// Whether the process is stopping.
  var isStopped: Bool { isStopping.withLock { $0 } }

  /// False if the job was cancelled, or the process is stopping.
  func isRunning(_ id: String, in directory: Directory) -> Bool {
    guard !isStopped else { return false }
    return Self.job(id, in: directory)?.job.state == .running
  }

  /// Ends a job with an error, and removes its file.
  private func end(
    _ id: String, in directory: Directory, _ state: JobDescription.State, error: String
  ) throws(SCIMError) {
    let context = RequestContext(Actor(.server), requestID: "job", operation: "JOB")
    try directory.writeTogether(context) { tx throws(SCIMError) in
      try Self.progress(id, directory, &tx) { job in
        job.end(state, self.store)
        job.error = String(error.prefix(1000))
      }
    }.whenDurable().get()
    if let job = ResourceID(id) { directory.forgetFile(of: job) }
  }

  /// Changes the job in the transaction of a step.
  static func progress(
    _ id: String, _ directory: Directory, _ tx: inout Transaction, _ change: (inout JobDescription) -> Void
  ) throws(SCIMError) {
    let type = directory.administrativeType("Job")
    let old = try tx.resource(type, id)
    guard var job = JobDescription(old.document) else { return }
    change(&job)
    try tx.update(old, job.document.ordered(for: type), [], skipsUnknown: false)
  }
}

extension JobDescription {
  /// Sets the final state and its time.
  mutating func end(_ state: State, _ store: Store) {
    self.state = state
    ended = DateTime(milliseconds: store.environment.now())
  }
}
