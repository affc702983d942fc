import Admin
import SCIM
import Transfer

extension Command {
  private static let jobDirectoryOption = Option(
    name: "directory", value: "NAME", help: "Jobs of this directory only.")

  private static let jobArgument = Argument(name: "ID", help: "The job's id, as `scimd job list` shows it.")

  static let jobList = Command(
    path: ["job", "list"], summary: "List long-running jobs and their progress",
    options: [
      jobDirectoryOption, Option(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      Option(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption,
    ] + AdminClient.options + [jsonOption],
    examples: [Example(does: "a table", line: "scimd job list")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      jobRequest("GET", invocation), JobReport.init, none: "No jobs found.", table)
  }

  private static func table(_ items: [JobReport]) -> TextTable {
    var table = TextTable(["ID", "WHAT", "STATE", "DONE", "TARGET", "BEGUN"])
    for item in items {
      table.add([
        item.id, item.job.kind.rawValue, item.job.state.rawValue, "\(item.job.done)/\(item.job.total)",
        item.job.targetName, item.created.description,
      ])
    }
    return table
  }

  static let jobShow = Command(
    path: ["job", "show"], summary: "Show a job", arguments: [jobArgument],
    options: [jobDirectoryOption] + AdminClient.options + [jsonOption],
    examples: [Example(does: "one job", line: "scimd job show 2819c223-7f76-453a-919d-413861904646")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      jobRequest("GET", invocation, [invocation.arguments[0]]), JobReport.init, lines)
  }

  static let jobCancel = Command(
    path: ["job", "cancel"], summary: "Cancel a job",
    details: [
      "Changes made so far stay. A connection or directory that was being removed stays paused. The changes of a draft are "
        + "undone, and it is open again; once it has taken effect, it can only be rolled back."
    ],
    arguments: [jobArgument], options: [jobDirectoryOption] + AdminClient.options + [jsonOption],
    examples: [Example(does: "end it", line: "scimd job cancel 2819c223-7f76-453a-919d-413861904646")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      jobRequest("POST", invocation, [invocation.arguments[0], "cancel"]), JobReport.init, lines)
  }

  /// One job; the errors of an import with their lines.
  private static func lines(_ item: JobReport) -> String {
    var rows = [
      ["id", item.id], ["what", item.job.kind.rawValue], ["state", item.job.state.rawValue],
      ["target", item.job.targetName],
      ["done", "\(item.job.done) of \(item.job.total)"], ["begun", item.created.description],
    ]
    if let report = item.job.importing?.report {
      rows.append([
        "lines",
        "\(report.created) created, \(report.updated) updated, \(report.unchanged) unchanged, "
          + "\(report.skipped) skipped, \(report.invalid) invalid",
      ])
      for error in report.errors { rows.append(["line \(error.line)", error.reason]) }
    } else if item.job.kind != .applyDraft {
      rows.append(["users", item.job.users.rawValue])
    }
    if item.job.skipped > 0 { rows.append(["skipped", "\(item.job.skipped)"]) }
    if let ending = item.job.ending {
      rows.append(["ends as", "\(ending.rawValue), once its changes are undone"])
    }
    if let ended = item.job.ended { rows.append(["ended", ended.description]) }
    if let error = item.job.error { rows.append(["error", error]) }
    if let command = item.job.command { rows.append(["by", command]) }
    return TextTable(rows).text()
  }

  /// Jobs of one directory if the option names it, else of all.
  private static func jobRequest(
    _ method: String, _ invocation: Invocation, _ rest: [String] = []
  ) -> AdminRequest {
    if let directory = invocation["directory"] { return .directory(directory, method, ["jobs"] + rest) }
    return AdminRequest(method, ["admin", "v1", "jobs"] + rest)
  }
}
