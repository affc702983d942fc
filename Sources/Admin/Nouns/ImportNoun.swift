import HTTP
import Platform
import SCIM
import Storage
import Transfer

/// Creating and changing resources from a file: one record for up to 2,000 changed resources, otherwise a job.
enum ImportNoun {
  static var route: AdminRoute {
    AdminRoute(
      .post, AdminRoute.directory + "/import", "directory", "import", .write,
      "Create and change resources from JSON lines or CSV",
      answers: .json(.named("ImportAnswer"))
    ) { call throws(AdminProblem) in try run(call, try options(call)) }
    .with {
      $0.parameters = [
        TransferNoun.format, TransferNoun.type,
        AdminParameter(
          "conflict", .choice(ImportOptions.Conflict.allCases.map(\.rawValue)),
          "What to do if a resource exists and differs; defaults to `fail`."),
        AdminParameter("partial", .flag, "Import the valid lines even if others are invalid."),
      ]
      $0.body = AdminRoute.Body(mediaType: "application/octet-stream", schema: .text)
      $0.takesDryRun = true
      $0.canMakeDirectory = true
      $0.isLong = true
      $0.replay = replayed
    }
  }

  /// The options in the query; defaults are those of `ImportOptions`.
  private static func options(_ call: AdminCall) throws(AdminProblem) -> ImportOptions {
    var options = ImportOptions()
    options.format = call.query["format"].flatMap(ImportOptions.Format.init) ?? .ndjson
    options.conflict = call.query["conflict"].flatMap(ImportOptions.Conflict.init) ?? .fail
    options.type = try TransferNoun.type(call)?.name
    options.isPartial = call.query.has("partial")
    return options
  }

  /// Checks the file, creates the directory only if something will be imported, and imports.
  private static func run(_ call: AdminCall, _ options: ImportOptions) throws(AdminProblem) -> AdminAnswer {
    let lines = Import(call.body, options, call.world.store.catalog)
    if call.tenant == nil {
      // A directory is created only when something will be in it.
      let report = call.world.store.draftedInNewDirectory { tx in lines.advance(.max, &tx).report }
      guard isWanted(report, options), !call.isDryRun else { return AdminAnswer(ImportAnswer(report).json) }
    }
    let directory = try call.directoryMadeIfNew()
    do throws(SCIMError) {
      return AdminAnswer(try make(lines, options, directory, call).json)
    } catch {
      throw AdminProblem(error)
    }
  }

  /// Imports in one record, after all lines have been checked; a longer import begins a job.
  private static func make(
    _ lines: Import, _ options: ImportOptions, _ directory: Directory, _ call: AdminCall
  ) throws(SCIMError) -> ImportAnswer {
    let (report, isTooLong) = try directory.drafting(call.context("IMPORT")) { tx throws(SCIMError) in
      var report = lines.advance(.max, &tx).report
      report.isApplied = !call.isDryRun && isWanted(report, options)
      tx.keptAnswer = report.counts.json
      return (report, report.isApplied ? .whole : .dropped)
    }.whenDurable().get()
    guard isTooLong else { return ImportAnswer(report) }
    return try begin(report, lines, options, directory, call)
  }

  /// Whether the import is applied although lines may be invalid.
  private static func isWanted(_ report: ImportReport, _ options: ImportOptions) -> Bool {
    report.invalid == 0 || options.isPartial
  }

  /// Stores the file, writes the intent and starts the job.
  private static func begin(
    _ checked: ImportReport, _ lines: Import, _ options: ImportOptions, _ directory: Directory,
    _ call: AdminCall
  ) throws(SCIMError) -> ImportAnswer {
    guard let id = ResourceID(call.world.environment.uuid()) else {
      throw SCIMError(.busy, "The job could not be given an id. Try again.")
    }
    let context = call.context("IMPORT")
    var job = JobDescription(
      .import, target: directory.name, targetName: directory.name, users: .keep,
      command: context.actor.command, total: lines.total)
    // Unreadable lines already count as invalid; the job counts the rest.
    job.importing = ImportIntent(options, lines.report)
    try directory.keepFile(call.body, for: id)
    let type = directory.administrativeType("Job")
    let written = directory.writeTogether(context) { tx throws(SCIMError) in
      try tx.create(type, job.document.ordered(for: type), members: [], skipsUnknown: false, id: id)
    }.whenDurable()
    if case .failure(let error) = written {
      directory.forgetFile(of: id)
      throw error
    }
    call.world.jobs.wake()
    var report = checked
    report.isApplied = false
    return ImportAnswer(report, job: JobRunner.job(id.text, in: directory))
  }

  /// The job that the first request began, or its immediate result.
  private static let replayed: AdminRoute.Replay = { call, id throws(AdminProblem) in
    guard let job = JobRunner.job(id, in: call.directory), let importing = job.job.importing else {
      return try AdminAnswer.kept(call, id)
    }
    return AdminAnswer(ImportAnswer(importing.report, job: job).json)
  }
}
