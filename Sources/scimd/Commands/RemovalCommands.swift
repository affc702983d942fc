import Admin
import Glibc
import JSON

/// Commands that begin a job which removes something, and wait for its end.
enum RemovalCommands {
  static let connection = removal(
    path: ["connection", "remove"], summary: "Remove a connection with its keys, and decide about its users",
    what: "connection", argument: "CONNECTION", help: "Its id or its name.",
    details: [
      "Its keys are refused at once. What becomes of the users it manages has to be said if any of them is active: "
        + "keep them, deactivate them, or delete them and its groups. It is done in small steps, which a crash does not "
        + "lose; `scimd job list` shows how far it is."
    ],
    options: [ResourceCommands.directoryOption]
  ) { invocation in
    .directory(ResourceCommands.directory(invocation), "DELETE", ["connections", invocation.arguments[0]])
  }

  static let directory = removal(
    path: ["directory", "delete"], summary: "Delete a directory with everything in it",
    what: "directory", argument: "DIRECTORY", help: "Its name.",
    details: [
      "Its keys are refused at once. What becomes of its users has to be said if any of them is active: `keep` moves the "
        + "files of the directory to archive/ in the data folder as they are, `deactivate` does so after every user is "
        + "deactivated, `delete` deletes all users and groups, and the files."
    ],
    options: []
  ) { invocation in AdminRequest("DELETE", ["admin", "v1", "directories", invocation.arguments[0]]) }

  private static func removal(
    path: [String], summary: String, what: String, argument: String, help: String, details: [String],
    options: [Command.Option], request: @escaping @Sendable (Invocation) -> AdminRequest
  ) -> Command {
    let line = "scimd \(path.joined(separator: " ")) \(what == "connection" ? "Okta" : "contoso")"
    return Command(
      path: path, summary: summary, details: details,
      arguments: [.init(name: argument, help: help)],
      options: [
        .init(name: "users", value: "WHAT", help: "What becomes of the users: keep, deactivate or delete."),
        .init(name: "dry-run", help: "Say what would happen, and change nothing."),
        .init(name: "no-wait", help: "Do not wait until it is done."),
      ] + options + AdminClient.options + [Command.jsonOption],
      examples: [
        .init(does: "what would happen", line: "\(line) --dry-run"),
        .init(does: "and nobody keeps access", line: "\(line) --users deactivate"),
      ]
    ) { invocation, console throws(CommandError) in
      var request = request(invocation)
      request.set("users", invocation["users"])
      request.set("dryRun", invocation.has("dry-run"))
      let client = try AdminClient(invocation, console)
      var (json, report) = try client.send(request) { reader throws(AdminProblem) in try RemovalReport(reader)
      }
      if let job = report.job, !invocation.has("no-wait") {
        let (end, ended) = try wait(for: job, client, console)
        report.job = ended
        if case .object(var object) = json {
          object["job"] = end
          json = .object(object)
        }
      }
      if invocation.has("json") { console.print(json) } else { console.print(text(report, what)) }
      return report.job?.job.state == .failed ? .failure : .success
    }
  }

  /// The job at its end; somebody who watches sees how far it is.
  private static func wait(
    for job: JobReport, _ client: AdminClient, _ console: Console
  ) throws(CommandError) -> (JSONValue, JobReport) {
    var shown = -1
    while true {
      let (json, now) = try client.send(.root("GET", "jobs", job.id)) {
        reader throws(AdminProblem) in try JobReport(reader)
      }
      if now.job.state != .running { return (json, now) }
      if now.job.done != shown { console.progress("\(now.job.done) of \(now.job.total) ...") }
      shown = now.job.done
      usleep(200_000)
    }
  }

  private static func text(_ report: RemovalReport, _ what: String) -> String {
    let held =
      "users: \(report.users) (active: \(report.activeUsers)), groups: \(report.groups), keys: \(report.keys)"
    let label = "\(what) \(TerminalText.value(report.name))"
    guard let job = report.job?.job else {
      return "Nothing was changed (--dry-run). The \(label) has \(held)."
    }
    let outcome =
      switch job.users {
      case .keep: "users kept"
      case .deactivate: "users deactivated: \(job.done)"
      case .delete: "users and groups deleted: \(job.done)"
      }
    switch job.state {
    case .running: return "Removing the \(label), \(held). `scimd job list` shows how far it is."
    case .finished: return "Removed the \(label), \(outcome)."
    case .cancelled: return "Somebody ended the removal of the \(label) before it was done; it is paused."
    case .failed: return "The removal of the \(label) failed: \(TerminalText.value(job.error ?? ""))"
    }
  }
}
