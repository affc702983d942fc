import Admin
import JSON

// Commands that delete or erase a resource, and show its history.
extension ResourceCommands {
  var delete: Command {
    Command(
      path: [noun, "delete"], summary: "Delete a \(noun), which can be restored for a while",
      arguments: oneArguments,
      options: [
        .init(name: "dry-run", help: "Show what would happen, and change nothing."),
        .init(name: "if-match", value: "VERSION", help: "Only if the \(noun) still has this version."),
        RoleCommands.forceOption, Self.directoryOption,
      ] + AdminClient.options + [Command.jsonOption],
      examples: [
        .init(does: "what would happen", line: "scimd \(noun) delete \(example) --dry-run"),
        .init(does: "delete it", line: "scimd \(noun) delete \(example)"),
      ]
    ) { invocation, console throws(CommandError) in
      var request = one("DELETE", invocation)
      request.set("dryRun", invocation.has("dry-run"))
      request.set("force", invocation.has("force"))
      request.ifMatch = invocation["if-match"]
      return try AdminClient(invocation, console).answer(request, DeletionReport.init) { report in
        let members = report.members.map { ", members: \($0)" } ?? ""
        return "\(report.isDryRun ? "Would delete" : "Deleted") \(noun) "
          + "\(ResourceText.label(report.id, report.name)), in groups: \(report.groups)\(members).\n"
      }
    }
  }

  var erase: Command {
    Command(
      path: [noun, "erase"], summary: "Erase a \(noun) permanently, including its history",
      details: [
        "Removes the \(noun), whether active or deleted, and every value from the state, the history and all files of "
          + "the data folder. Ids, times and keys stay, so that the history still says that something happened. This "
          + "cannot be undone. Existing backups are not changed."
      ],
      arguments: oneArguments,
      options: [
        .init(name: "yes", help: "Do not ask."),
        .init(name: "dry-run", help: "Show what would be erased, and change nothing."),
        RoleCommands.forceOption, Self.directoryOption,
      ] + AdminClient.options + [Command.jsonOption],
      examples: [
        .init(does: "asks first", line: "scimd \(noun) erase \(example)"),
        .init(does: "in a script", line: "scimd \(noun) erase \(example) --yes --json"),
      ]
    ) { invocation, console throws(CommandError) in
      let client = try AdminClient(invocation, console)
      var request = one("POST", invocation, ["erase"])
      request.set("force", invocation.has("force"))
      let isDryRun = invocation.has("dry-run")
      if isDryRun {
        request.set("dryRun", true)
      } else if !invocation.has("yes") {
        request = try confirmed(request, invocation, client)
      }
      let (json, report) = try Self.erasure(request, client)
      console.show(json, invocation) {
        isDryRun
          ? "Would erase \(noun) \(ResourceText.label(report.id, report.name)).\n"
          : "Erased \(noun) \(report.id); files rewritten: \(report.rewritten.count).\n"
      }
      try Self.checkComplete(report)
      return .success
    }
  }

  private static func erasure(
    _ request: AdminRequest, _ client: AdminClient
  ) throws(CommandError) -> (json: JSONValue, report: ErasureReport) {
    try client.send(request, ErasureReport.init)
  }

  /// Asks the person at the terminal to confirm the erasure. The request returned names the resource by its id, so that
  /// it erases the one that was shown. Throws if it is declined or no terminal is connected.
  private func confirmed(
    _ request: AdminRequest, _ invocation: Invocation, _ client: AdminClient
  ) throws(CommandError) -> AdminRequest {
    var question = request
    question.set("dryRun", true)
    let (_, report) = try Self.erasure(question, client)
    let label = ResourceText.label(report.id, report.name)
    let answer = client.console.ask(
      "Erase \(noun) \(label) permanently, with all history of its values? [y/N] ")
    guard let answer else {
      throw CommandError(
        .usage, "an erasure cannot be undone, and no terminal is connected to confirm it",
        advice: "Add --yes.")
    }
    guard ["y", "Y", "yes", "Yes", "YES"].contains(answer) else {
      throw CommandError(.failure, "nothing was erased")
    }
    return self.request("POST", invocation, [report.id, "erase"])
  }

  /// The resource is gone in any case, but an incomplete erasure is reported as a failure.
  private static func checkComplete(_ report: ErasureReport) throws(CommandError) {
    if let reason = report.postponed {
      throw CommandError(
        .failure, "the values are erased from the state, but not from the files yet: \(reason)",
        advice:
          "The server erases them with its next snapshot or restart. To try now, run the same command again.")
    }
    guard report.unreadable.isEmpty else {
      throw CommandError(
        .failure, "damaged files may still contain values: \(report.unreadable.joined(separator: ", "))",
        advice:
          "Delete .damaged files you no longer need. For other files, stop the server and run `scimd store "
          + "repair`; then run the same command again.")
    }
  }

  var history: Command {
    Command(
      path: [noun, "history"], summary: "Show what happened to a \(noun), when, and by whom",
      details: [
        "Shows every change in the journal, oldest first, including when it was added to a group or removed from one. "
          + "Other resources appear with their current names. Deleted resources have a history too."
      ],
      arguments: oneArguments,
      options: [
        .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
        .init(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
        Self.directoryOption,
      ] + AdminClient.options + [Command.jsonOption],
      examples: [
        .init(does: "who changed it", line: "scimd \(noun) history \(example)"),
        .init(
          does: "when it was added to groups",
          line: "scimd \(noun) history \(example) --json | jq '.items[] | select(.effects[].addedTo)'"),
      ]
    ) { invocation, console throws(CommandError) in
      try AdminClient(invocation, console).list(
        one("GET", invocation, ["history"]), HistoryItem.init
      ) { json, items in HistoryText.text(json, items, directory: Self.directory(invocation)) }
    }
  }
}
