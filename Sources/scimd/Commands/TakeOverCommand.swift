import Admin
import JSON

extension Command {
  static let connectionTakeOver = Command(
    path: ["connection", "take-over"], summary: "Let a connection manage what another one manages",
    details: [
      "For a move from one identity provider to another: a connection may not change what another one manages, until an "
        + "administrator hands it over. Users and groups stay as they are, with their ids, members and roles.",
      "Without --user everything goes, and the other connection is paused: two providers that write the same people undo "
        + "each other. More than 2,000 resources are a job; `scimd job list` shows its progress.",
    ],
    arguments: [Argument(name: "CONNECTION", help: "The connection that manages them then, by id or name.")],
    options: [
      Option(
        name: "from", value: "CONNECTION", help: "The connection that manages them now.", isRequired: true),
      Option(
        name: "user", value: "USER", help: "Only this user, by id or userName. Can be repeated.",
        isRepeated: true),
      Option(name: "dry-run", help: "Show what would happen, and change nothing."),
      RoleCommands.forceOption, JobWait.option, ResourceCommands.directoryOption,
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(
        does: "show what would happen", line: "scimd connection take-over Entra --from Okta --dry-run"),
      Example(
        does: "one person first", line: "scimd connection take-over Entra --from Okta --user ada@example.com"),
      Example(does: "everything", line: "scimd connection take-over Entra --from Okta"),
    ]
  ) { invocation, console throws(CommandError) in
    var body: JSONObject = ["from": .string(invocation["from"] ?? "")]
    let users = invocation.all("user")
    if !users.isEmpty { body["users"] = .array(users.map { .string($0) }) }
    var request = AdminRequest.directory(
      ResourceCommands.directory(invocation), "POST", ["connections", invocation.arguments[0], "take-over"]
    ).sending(.object(body))
    request.set("dryRun", invocation.has("dry-run"))
    request.set("force", invocation.has("force"))
    let client = try AdminClient(invocation, console)
    var (json, report) = try client.send(request, TakeOverReport.init)
    if let (whole, ended) = try JobWait.ended(report.job, in: json, invocation, client, console) {
      (json, report.job) = (whole, ended)
    }
    console.show(json, invocation) { text(report, isWhole: users.isEmpty) + "\n" }
    return report.job?.job.state == .failed ? .failure : .success
  }

  private static func text(_ report: TakeOverReport, isWhole: Bool) -> String {
    let (new, old) = (TerminalText.value(report.connection), TerminalText.value(report.from))
    let what =
      "\(TerminalText.count(report.users, "user")) and \(TerminalText.count(report.groups, "group")) of \(old)"
    guard !report.isDryRun else {
      let losses = report.losses.map { "\nNeeds --force: " + $0 }.joined()
      let pause = isWhole ? " \(old) would be paused." : ""
      return "Nothing was changed (--dry-run). \(new) would manage \(what).\(pause)\(losses)"
    }
    let pause =
      isWhole ? " \(old) is paused; `scimd connection remove \"\(old)\" --users keep` removes it." : ""
    switch report.job?.job.state {
    case .none, .finished: return "\(new) manages \(what).\(pause)"
    case .running: return "\(new) takes over \(what). `scimd job list` shows the progress.\(pause)"
    case .cancelled: return "The take-over was cancelled; what \(new) has already stays its own.\(pause)"
    case .failed: return "The take-over failed: \(TerminalText.value(report.job?.job.error ?? ""))"
    }
  }
}
