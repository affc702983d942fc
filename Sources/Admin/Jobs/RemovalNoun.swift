import Access
import Credentials
import HTTP
import JSON
import SCIM
import Storage

/// Removing a connection or a directory. It is refused while users are active, unless the request decides what to do with
/// them; a dry run shows the effect, and a job carries it out.
enum RemovalNoun {
  static var routes: [AdminRoute] { [connection, directory] }

  private static let users = AdminParameter(
    "users", .choice(JobDescription.Users.allCases.map(\.rawValue)),
    "What to do with the users. Required if any user is active.")

  private static var connection: AdminRoute {
    AdminRoute(
      .delete, AdminRoute.directory + "/connections/{id}", "connection", "remove", .write,
      "Remove a connection with its keys, and decide what to do with its users",
      answers: .json(.named("RemovalReport"))
    ) { call throws(AdminProblem) in try removeConnection(call) }
    .with {
      $0.parameters = [users, .force]
      $0.takesDryRun = true
      $0.takesIfMatch = true
      $0.isLong = true
      $0.replay = { call, _ throws(AdminProblem) in try replayed(call, in: call.directory) }
    }
  }

  private static var directory: AdminRoute {
    AdminRoute(
      .delete, AdminRoute.directory, "directory", "delete", .write,
      "Delete a directory with everything in it, and decide what to do with its users",
      answers: .json(.named("RemovalReport"))
    ) { call throws(AdminProblem) in try deleteDirectory(call) }
    .with {
      $0.parameters = [users]
      $0.takesDryRun = true
      $0.takesIfMatch = true
      $0.isForWholeServer = true
      $0.changesSystem = true
      $0.replay = { call, _ throws(AdminProblem) in try replayed(call, in: call.world.store.system) }
    }
  }

  /// Counts what the connection manages, and begins its removal.
  private static func removeConnection(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let directory = call.directory
    let type = directory.administrativeType("Connection")
    let found = try ConnectionsNoun.find(call["id"], call)
    guard let name = ConnectionDescription(found.document)?.name else {
      throw AdminProblem(.internalError, "The connection \(found.id.text) has no name.")
    }
    let keys = call.world.keys.keys(of: directory.name).filter { $0.connection == found.id }
    let resources = directory.managedResources(by: found.id)
    var report = report(found.id.text, name, resources, keys.count, call)
    let losses = losses(of: found.id, resources, call)
    report.losses = losses.map(\.sentence)
    if !call.isDryRun, !call.isForced { try AdminCall.refuse(losses) }
    return try begin(
      .removeConnection, report, in: directory, call,
      // Its keys are refused from this record on.
      intent: { tx throws(SCIMError) in
        let old = try tx.resource(type, found.id.text)
        try EntityTag.check(call.ifMatch, old.version)
        guard var description = ConnectionDescription(old.document) else { return }
        guard description.state != .removing else { throw removing("connection") }
        description.state = .removing
        try tx.update(old, description.document.ordered(for: type), [], skipsUnknown: false)
      })
  }

  /// Roles that many users, or the last holders, lose with the users and groups of a connection.
  private static func losses(
    of connection: ResourceID, _ resources: [ManagedResource], _ call: AdminCall
  ) -> [AccessLoss] {
    guard let choice = call.query["users"].flatMap(JobDescription.Users.init), choice != .keep else {
      return []
    }
    let users = Set(resources.filter(\.type.hasGroups).map(\.id))
    return call.access.examine {
      $0.losses(without: users, groupsOf: choice == .delete ? connection : nil)
    }.whenDurable()
  }

  /// Counts the content of the directory, and begins its deletion.
  private static func deleteDirectory(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let (directory, system) = (call.directory, call.world.store.system)
    let type = system.administrativeType("Directory")
    let keys = call.world.keys.keys(of: directory.name).count
    let report = report(directory.name, directory.name, directory.managedResources(by: nil), keys, call)
    return try begin(
      .deleteDirectory, report, in: system, call,
      intent: { tx throws(SCIMError) in
        guard let id = tx.find(type, "name", directory.name).first else {
          throw .notFound("Directory \(directory.name)")
        }
        let old = try tx.resource(type, id.text)
        try EntityTag.check(call.ifMatch, old.version)
        guard var description = DirectoryDescription(old.document) else { return }
        guard description.state != .removing else { throw removing("directory") }
        description.state = .removing
        try tx.update(old, description.document.ordered(for: type), [], skipsUnknown: false)
      })
  }

  private static func removing(_ what: String) -> SCIMError {
    SCIMError(
      .conflict,
      "The \(what) is already being removed; `scimd job list` shows its progress.")
  }

  /// Counts what a removal concerns.
  private static func report(
    _ target: String, _ name: String, _ resources: [ManagedResource], _ keys: Int, _ call: AdminCall
  ) -> RemovalReport {
    let users = resources.filter(\.type.hasGroups)
    return RemovalReport(
      target: target, name: name, users: users.count, activeUsers: users.count(where: \.isActive),
      groups: resources.count(where: \.type.hasMembers), keys: keys, isDryRun: call.isDryRun)
  }

  /// Writes the intent and the job in one record, then starts the job; a dry run returns the report alone.
  private static func begin(
    _ kind: JobDescription.Kind, _ report: RemovalReport, in directory: Directory, _ call: AdminCall,
    intent: (inout Transaction) throws(SCIMError) -> Void
  ) throws(AdminProblem) -> AdminAnswer {
    let users = call.query["users"].flatMap(JobDescription.Users.init)
    guard report.activeUsers == 0 || users != nil || call.isDryRun else {
      throw AdminProblem(
        .activeUsers, "\(report.name) has \(report.activeUsers) active users.", at: "?users")
    }
    if call.isDryRun { return AdminAnswer(report.json) }
    let total =
      switch users ?? .keep {
      case .keep: 0
      case .deactivate: report.activeUsers
      case .delete: report.users + report.groups
      }
    let context = call.context(kind == .removeConnection ? "REMOVE connection" : "DELETE directory")
    let job = JobDescription(
      kind, target: report.target, targetName: report.name, users: users ?? .keep,
      command: context.actor.command, total: total)
    let type = directory.administrativeType("Job")
    let written = directory.writeTogether(context) { tx throws(SCIMError) in
      try intent(&tx)
      let id = try tx.create(type, job.document.ordered(for: type), members: [], skipsUnknown: false)
      tx.keptAnswer = ["report": report.json, "job": .string(id.text)]
      return id
    }
    let id: ResourceID
    do throws(SCIMError) { id = try written.whenDurable().get() } catch { throw AdminProblem(error) }
    call.world.jobs.wake()
    return answer(report, job: id.text, in: directory)
  }

  private static func answer(
    _ report: RemovalReport, job id: String, in directory: Directory
  ) -> AdminAnswer {
    var answer = report
    answer.job = JobRunner.job(id, in: directory)
    return AdminAnswer(answer.json)
  }

  /// The report of the first request, with the job as it is now.
  private static func replayed(_ call: AdminCall, in directory: Directory) throws(AdminProblem) -> AdminAnswer
  {
    guard let report = call.keptAnswer?["report"], let job = call.keptAnswer?["job"]?.stringValue else {
      throw AdminProblem(.internalError, "The answer to the first request was not kept.")
    }
    return answer(try RemovalReport(try ObjectReader(report)), job: job, in: directory)
  }
}
