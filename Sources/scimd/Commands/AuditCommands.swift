import Admin
import JSON

extension Command {
  static let auditList = Command(
    path: ["audit", "list"], summary: "List who changed what and when, newest first",
    details: [
      "Shows the records of a directory without the changed values; `scimd user history` shows those of one user. With "
        + "--system, the records about directories and keys for all directories."
    ],
    options: [
      Option(name: "system", help: "The records of the server instead of a directory's."),
      ResourceCommands.directoryOption,
      Option(
        name: "actor", value: "NAME",
        help: "Only of this key id, connection id, user of the machine, or kind of actor."),
      Option(name: "since", value: "TIME", help: "Only from this time on, such as 2026-11-30T00:00:00Z."),
      Option(name: "administrative", help: "Only changes of keys, connections, roles, grants and the like."),
      Option(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      Option(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption,
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "the last changes", line: "scimd audit list"),
      Example(
        does: "who created or changed keys, roles and grants", line: "scimd audit list --administrative"),
      Example(does: "what one key did", line: "scimd audit list --actor key_4ks81mXw2LpQ"),
    ]
  ) { invocation, console throws(CommandError) in
    var request =
      invocation.has("system")
      ? AdminRequest.root("GET", "audit")
      : AdminRequest.directory(ResourceCommands.directory(invocation), "GET", ["audit"])
    for name in ["actor", "since"] { request.set(name, invocation[name]) }
    if invocation.has("administrative") { request.set("administrative", "true") }
    return try AdminClient(invocation, console).list(
      request, AuditItem.init, none: "No records match.", table)
  }

  private static func table(_ items: [AuditItem]) -> TextTable {
    var table = TextTable(["RECORD", "TIME", "ACTOR", "FROM", "OPERATION", "CHANGED"])
    for item in items {
      let first = item.acts.first.map { act in
        [act.kind, act.type, act.id].compactMap { $0 }.joined(separator: " ")
      }
      let more = item.acts.count > 1 ? " and \(item.acts.count - 1) more" : ""
      table.add([
        "\(item.seq)", item.time, item.actor, item.remote ?? "", item.operation, (first ?? "") + more,
      ])
    }
    return table
  }

  static let auditVerify = Command(
    path: ["audit", "verify"], summary: "Check that no record was changed, removed or added",
    details: [
      "Reads every record and checks its hash, which covers all records before it. Exit code 65 if a record was changed "
        + "or is missing.",
      "Somebody who can write to the folder could compute every hash again, or cut off the end. --head finds that: give "
        + "a hash that was noted elsewhere, from the log of the server or from an earlier run. It must still be in the "
        + "chain.",
    ],
    options: [
      Option(name: "head", value: "HASH", help: "A hash noted earlier; exit code 65 if no record has it."),
      Option(
        name: "directory", value: "NAME", help: "Only this directory; _system for the server's records."),
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "everything", line: "scimd audit verify"),
      Example(
        does: "against a hash from the log of last month",
        line: "scimd audit verify --head 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    ]
  ) { invocation, console throws(CommandError) in
    var request = AdminRequest("GET", ["admin", "v1", "audit", "verification"])
    for name in ["head", "directory"] { request.set(name, invocation[name]) }
    let (json, page) = try AdminClient(invocation, console).page(request, AuditReport.init)
    let hasAnchor = invocation["head"] != nil
    console.show(json, invocation) { text(page.items, hasAnchor: hasAnchor) }
    let isIntact = page.items.allSatisfy(\.isIntact)
    let isAnchored = !hasAnchor || page.items.contains { $0.anchor != nil }
    return isIntact && isAnchored ? .success : .dataCorrupt
  }

  private static func text(_ reports: [AuditReport], hasAnchor: Bool) -> String {
    var text = ""
    for report in reports {
      let range = report.records == 0 ? "no records" : "records \(report.first) to \(report.last)"
      text += "\(report.directory): \(report.isIntact ? "intact" : "CHANGED OR DAMAGED"), \(range)\n"
      text += "  hash of the last record: \(report.head)\n"
      for problem in report.problems { text += "  \(problem)\n" }
      if let anchor = report.anchor { text += "  the hash given is that of record \(anchor)\n" }
    }
    if hasAnchor, !reports.contains(where: { $0.anchor != nil }) {
      text +=
        "\nNo record has the hash given: records were changed or cut off since it was noted, or it is older than "
      text += "what is kept.\n"
    }
    return text
  }
}
