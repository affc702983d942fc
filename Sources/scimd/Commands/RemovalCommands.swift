import Admin

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
        JobWait.option,
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
        let (end, ended) = try JobWait.end(of: job, client, console)
        report.job = ended
        json = JobWait.replacing(job: end, in: json)
      }
      if invocation.has("json") { console.print(json) } else { console.print(text(report, what)) }
      return report.job?.job.state == .failed ? .failure : .success
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
