import Access
import Credentials
import JSON
import SCIM
import Storage

/// The resources of one connection that another one is to manage: in the record that says so, or by a job if they are
/// too many for one.
struct TakeOver {
  /// Resources of one record.
  static let maxWhole = 2000

  let directory: Directory
  let old: AdministrativeResource
  let oldName: String
  let resources: [ManagedResource]
  /// Whether everything goes: the old connection is paused, because two providers that write the same people undo each
  /// other.
  let isWhole: Bool

  /// - Parameter users: as they are named; nil for everything that the connection manages.
  init(from text: String, users: [String]?, _ call: AdminCall) throws(AdminProblem) {
    directory = call.directory
    old = try ConnectionsNoun.find(text, call)
    guard let description = ConnectionDescription(old.document) else {
      throw AdminProblem(.internalError, "The connection \(old.id.text) has no name.")
    }
    guard description.state != .removing else {
      throw AdminProblem(SCIMError(.conflict, "The connection \"\(description.name)\" is being removed."))
    }
    oldName = description.name
    isWhole = users == nil
    let all = directory.managedResources(by: old.id)
    guard let users else {
      resources = all
      return
    }
    let managed = Set(all.map(\.id))
    var wanted = Set<ResourceID>()
    for (index, user) in users.enumerated() {
      let id = try call.principal(user, isGroup: false, at: "/users/\(index)")
      guard managed.contains(id) else {
        throw AdminProblem(
          .invalidMember, "\"\(user.prefix(160))\" is not managed by \"\(oldName)\".", at: "/users/\(index)",
          fix: "`scimd user show USER` says what manages somebody.")
      }
      wanted.insert(id)
    }
    resources = all.filter { wanted.contains($0.id) }
  }

  func report(to name: String, isDryRun: Bool) -> TakeOverReport {
    TakeOverReport(
      connection: name, from: oldName, users: resources.count(where: \.type.hasGroups),
      groups: resources.count(where: \.type.hasMembers), isDryRun: isDryRun)
  }

  /// Roles that are lost because what a held-back connection manages grants nothing.
  func losses(toHeldBack isHeldBack: Bool, _ call: AdminCall) -> [AccessLoss] {
    guard isHeldBack, isWhole, ConnectionDescription(old.document)?.isHeldBack == false else { return [] }
    return call.access.examine { $0.losses(without: [], groupsOf: old.id) }.whenDurable()
  }

  /// Pauses the old connection, and gives its resources to the new one or creates the job that does.
  ///
  /// - Returns: the id of the job; nil if all is done by this record.
  func begin(
    to new: ResourceID, named name: String, _ command: String?, _ tx: inout Transaction
  ) throws(SCIMError) -> ResourceID? {
    guard new != old.id else {
      throw SCIMError(.conflict, "The connection \"\(name)\" cannot take over from itself.")
    }
    let type = directory.administrativeType("Connection")
    let from = try tx.resource(type, old.id.text)
    if isWhole, var description = ConnectionDescription(from.document), description.state == .active {
      description.state = .paused
      try tx.update(from, description.document.ordered(for: type), [], skipsUnknown: false)
    }
    guard resources.count > Self.maxWhole else {
      for resource in resources { Self.move(resource, from: old.id, to: new, &tx) }
      return nil
    }
    var job = JobDescription(
      .takeOver, target: new.text, targetName: name, users: .keep, command: command,
      total: resources.count)
    job.from = old.id.text
    let jobs = directory.administrativeType("Job")
    return try tx.create(jobs, job.document.ordered(for: jobs), members: [], skipsUnknown: false)
  }

  /// One resource, unless it is gone or somebody else's by now.
  static func move(
    _ resource: ManagedResource, from old: ResourceID, to new: ResourceID, _ tx: inout Transaction
  ) {
    guard let found = try? tx.resource(resource.type, resource.id.text), tx.isManaged(found, by: old)
    else { return }
    tx.manage(found, by: new)
  }
}

extension JobRunner {
  /// In small records; what was moved stays moved if the job is cancelled.
  func takeOver(_ report: JobReport, _ directory: Directory) throws(SCIMError) {
    guard let new = ResourceID(report.job.target), let old = report.job.from.flatMap({ ResourceID($0) })
    else { return }
    let type = directory.administrativeType("Connection")
    var rest = directory.managedResources(by: old)[...]
    while !rest.isEmpty {
      guard isRunning(report.id, in: directory) else { return }
      let batch = rest.prefix(Self.managers)
      rest = rest.dropFirst(Self.managers)
      try write(directory, report) { tx throws(SCIMError) in
        // A connection that was removed in the meantime takes nothing over.
        _ = try tx.resource(type, new.text)
        for resource in batch { TakeOver.move(resource, from: old, to: new, &tx) }
        try Self.progress(report.id, directory, &tx) { $0.done += batch.count }
      }
    }
    try write(directory, report) { tx throws(SCIMError) in
      try Self.progress(report.id, directory, &tx) { $0.end(.finished, self.store) }
    }
  }

  /// Resources of one record: only their managers change.
  private static let managers = 1000
}
