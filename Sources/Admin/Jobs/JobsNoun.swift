import Credentials
import HTTP
import SCIM
import Storage

/// Lists jobs with their progress, and cancels them.
enum JobsNoun {
  static var routes: [AdminRoute] {
    let (ofAll, ofOne) = (AdminRoute.root + "/jobs", AdminRoute.directory + "/jobs")
    return [
      list(ofAll, "List the jobs of all directories"), show(ofAll), cancel(ofAll),
      list(ofOne, "List the jobs of a directory"), show(ofOne), cancel(ofOne),
    ]
  }

  private static func list(_ path: String, _ summary: String) -> AdminRoute {
    AdminRoute(.get, path, "job", "list", .read, summary, answers: .json(.page(.named("Job")))) {
      call throws(AdminProblem) in
      try AdminAnswer(page: call, of: visible(to: call)) { $0.report.json }
    }.with { $0.parameters = AdminParameter.page }
  }

  private static func show(_ path: String) -> AdminRoute {
    AdminRoute(.get, path + "/{id}", "job", "show", .read, "Show a job", answers: .json(.named("Job"))) {
      call throws(AdminProblem) in AdminAnswer(try job(call).report.json)
    }
  }

  private static func cancel(_ path: String) -> AdminRoute {
    AdminRoute(
      .post, path + "/{id}/cancel", "job", "cancel", .write,
      "Cancel a job; a connection or directory it was removing stays paused, a draft it was applying is open again",
      answers: .json(.named("Job"))
    ) { call throws(AdminProblem) in try cancel(call) }
  }

  /// Cancels a running job in one record; steps that were made stay, but those of a draft, which the job then undoes.
  private static func cancel(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let (directory, found) = try job(call)
    let store = call.world.store
    let written = directory.writeTogether(call.context("CANCEL job")) { tx throws(SCIMError) in
      let old = try tx.resource(directory.administrativeType("Job"), found.id)
      guard let job = JobDescription(old.document), job.state == .running else {
        throw SCIMError(.conflict, "The job has already ended.")
      }
      if job.kind == .applyDraft {
        return try JobRunner.turnBack(job, found.id, directory, &tx)
      }
      try JobRunner.progress(found.id, directory, &tx) { $0.end(.cancelled, store) }
      try pause(job, directory, &tx)
    }
    do throws(SCIMError) { try written.whenDurable().get() } catch { throw AdminProblem(error) }
    if let id = ResourceID(found.id) { directory.forgetFile(of: id) }
    // A job that undoes its steps may be waiting for the next start.
    call.world.jobs.wake()
    return AdminAnswer(try job(call).report.json)
  }

  /// Pauses the connection or directory that a cancelled job was removing: it must not become active by itself.
  private static func pause(
    _ job: JobDescription, _ directory: Directory, _ tx: inout Transaction
  ) throws(SCIMError) {
    switch job.kind {
    case .removeConnection:
      let type = directory.administrativeType("Connection")
      let old = try tx.resource(type, job.target)
      guard var description = ConnectionDescription(old.document) else { return }
      description.state = .paused
      try tx.update(old, description.document.ordered(for: type), [], skipsUnknown: false)
    case .deleteDirectory:
      let type = directory.administrativeType("Directory")
      guard let id = tx.find(type, "name", job.target).first else { return }
      let old = try tx.resource(type, id.text)
      guard var description = DirectoryDescription(old.document) else { return }
      description.state = .paused
      try tx.update(old, description.document.ordered(for: type), [], skipsUnknown: false)
    case .import, .applyDraft, .takeOver: break
    }
  }

  // MARK: Finding

  /// The directories whose jobs the request concerns.
  private static func directories(of call: AdminCall) -> [Directory] {
    let store = call.world.store
    return call.tenant.map { [$0] } ?? store.allDirectories + [store.system]
  }

  /// The jobs of these directories, oldest first.
  private static func visible(to call: AdminCall) -> [(directory: Directory, report: JobReport)] {
    directories(of: call).flatMap { directory in JobRunner.jobs(in: directory).map { (directory, $0) } }
      .sorted { ($0.report.created, $0.report.id) < ($1.report.created, $1.report.id) }
  }

  /// Throws 404 if none of these directories has the job.
  private static func job(_ call: AdminCall) throws(AdminProblem) -> (directory: Directory, report: JobReport)
  {
    for directory in directories(of: call) {
      if let report = JobRunner.job(call["id"], in: directory) { return (directory, report) }
    }
    throw AdminProblem(
      .unknownResource, "The job \"\(call["id"].prefix(64))\" does not exist.",
      fix: "`scimd job list` shows the jobs.")
  }
}
