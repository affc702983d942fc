import Admin
import JSON

extension Command {
  static let doctor = Command(
    path: ["doctor"],
    summary: "Check the server, its machine, its data and its providers, and say what to mend",
    details: [
      "Changes nothing. Checks how the server is reached, who can read its files, the clock, the disk, the journals, "
        + "backups, keys and connections. Exit code 7 if a check failed; warnings do not count.",
      "If no server is running, what only a server can tell is skipped.",
    ],
    options: [Option(name: "all", help: "Also show what is in order.")] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "what is wrong", line: "scimd doctor"),
      Example(does: "every check", line: "scimd doctor --all"),
      Example(
        does: "the names of the failed checks",
        line: "scimd doctor --json | jq -r '.items[] | select(.state == \"failed\") | .name'"),
    ]
  ) { invocation, console throws(CommandError) in
    let (json, page) = try AdminClient(invocation, console).page(.root("GET", "doctor"), CheckReport.init)
    console.show(json, invocation) { DoctorText.of(page.items, showsAll: invocation.has("all")) }
    return page.items.contains { $0.state == .failed } ? .different : .success
  }
}
