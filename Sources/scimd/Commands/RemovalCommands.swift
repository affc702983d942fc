import Admin

/// Commands that start a removal job and wait for it to end.
enum RemovalCommands {
  static let connection = removal(
    path: ["connection", "remove"],
    summary: "Remove a connection with its keys, and decide what to do with its users",
    what: "connection", argument: "CONNECTION", help: "Its id or its name.",
    details: [
      "Its keys stop working at once. If any user it manages is active, --users must say whether to keep them, "
        + "deactivate them, or delete them and its groups. The removal runs as a job that survives a crash; `scimd job "
        + "list` shows its progress."
    ],
    options: [RoleCommands.forceOption, ResourceCommands.directoryOption]
  ) { invocation in
    var request = AdminRequest.directory(
      ResourceCommands.directory(invocation), "DELETE", ["connections", invocation.arguments[0]])
    request.set("force", invocation.has("force"))
    return request
  }

  static let directory = removal(
    path: ["directory", "delete"], summary: "Delete a directory with everything in it",
    what: "directory", argument: "DIRECTORY", help: "Its name.",
    details: [
      "Its keys stop working at once. If any of its users is active, --users is required: `keep` moves the files of "
        + "the directory to archive/ in the data folder as they are, `deactivate` deactivates every user first, and "
        + "`delete` deletes all users and groups, and the files."
    ],
    options: []
  ) { invocation in AdminRequest("DELETE", ["admin", "v1", "directories", invocation.arguments[0]]) }

  /// The command that removes a connection or deletes a directory.
  private static func removal(
    path: [String], summary: String, what: String, argument: String, help: String, details: [String],
    options: [Command.Option], request: @escaping @Sendable (Invocation) -> AdminRequest
  ) -> Command {
    let line = "scimd \(path.joined(separator: " ")) \(what == "connection" ? "Okta" : "contoso")"
    return Command(
      path: path, summary: summary, details: details,
      arguments: [.init(name: argument, help: help)],
      options: [
        .init(name: "users", value: "WHAT", help: "What to do with the users: keep, deactivate or delete."),
        .init(name: "dry-run", help: "Show what would happen, and change nothing."),
        JobWait.option,
      ] + options + AdminClient.options + [Command.jsonOption],
      examples: [
        .init(does: "show what would happen", line: "\(line) --dry-run"),
        .init(does: "deactivate its users", line: "\(line) --users deactivate"),
      ]
    ) { invocation, console throws(CommandError) in
      var request = request(invocation)
      request.set("users", invocation["users"])
      request.set("dryRun", invocation.has("dry-run"))
      let client = try AdminClient(invocation, console)
      var (json, report) = try client.send(request, RemovalReport.init)
      if let (whole, ended) = try JobWait.ended(report.job, in: json, invocation, client, console) {
        (json, report.job) = (whole, ended)
      }
      console.show(json, invocation) { text(report, what) + "\n" }
      return report.job?.job.state == .failed ? .failure : .success
    }
  }

  /// The outcome as one sentence; before the end of the job, what it is removing.
  private static func text(_ report: RemovalReport, _ what: String) -> String {
    let held =
      "users: \(report.users) (active: \(report.activeUsers)), groups: \(report.groups), keys: \(report.keys)"
    let label = "\(what) \(TerminalText.value(report.name))"
    guard let job = report.job?.job else {
      let losses = report.losses.map { "\nNeeds --force: " + $0 }.joined()
      return "Nothing was changed (--dry-run). The \(label) has \(held).\(losses)"
    }
    let outcome =
      switch job.users {
      case .keep: "users kept"
      case .deactivate: "users deactivated: \(job.done)"
      case .delete: "users and groups deleted: \(job.done)"
      }
    switch job.state {
    case .running: return "Removing the \(label), \(held). `scimd job list` shows its progress."
    case .finished: return "Removed the \(label), \(outcome)."
    case .cancelled:
      return "The removal of the \(label) was cancelled before it was complete; the \(what) stays "
        + "paused."
    case .failed: return "The removal of the \(label) failed: \(TerminalText.value(job.error ?? ""))"
    }
  }
}
