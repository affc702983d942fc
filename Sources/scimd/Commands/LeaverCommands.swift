import Admin
import JSON

/// `scimd leavers`.
enum LeaverCommands {
  static let command = Command(
    path: ["leavers"],
    summary: "List who was deactivated or deleted, and how long it took until each webhook accepted that",
    details: [
      "Since the server started, the last 1,000. A webhook that takes longer than the directory's policy leaverSLA makes "
        + "an event leaver.late."
    ],
    options: [
      ResourceCommands.directoryOption, .init(name: "slow", help: "The slowest first."),
      .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      .init(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption,
    ] + AdminClient.options + [Command.jsonOption],
    examples: [.init(does: "the slowest", line: "scimd leavers --slow")]
  ) { invocation, console throws(CommandError) in
    var request = AdminRequest.directory(ResourceCommands.directory(invocation), "GET", ["leavers"])
    request.set("slow", invocation.has("slow"))
    return try AdminClient(invocation, console).list(
      request, none: "Nobody left since the server started, or no webhook is to learn of it.", table)
  }

  private static func table(_ items: [JSONValue]) -> TextTable {
    var table = TextTable(["RECEIVED", "USER", "TYPE", "MS", "WEBHOOKS"])
    for item in items {
      let webhooks = (item["webhooks"]?.arrayValue ?? []).map { webhook -> String in
        let name = webhook["name"]?.stringValue ?? ""
        return webhook["milliseconds"]?.integerValue.map { "\(name) \($0) ms" } ?? "\(name) not yet"
      }
      table.add([
        item["received"]?.stringValue ?? "", item["userName"]?.stringValue ?? item["user"]?.stringValue ?? "",
        item["type"]?.stringValue ?? "", item["milliseconds"]?.integerValue.map { String($0) } ?? "",
        webhooks.joined(separator: ", "),
      ])
    }
    return table
  }
}
