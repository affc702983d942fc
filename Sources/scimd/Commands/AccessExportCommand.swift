import Admin
import JSON

/// The command that writes everything that users may do to a file.
enum AccessExportCommand {
  static let all = [export]

  static let formatOption = Command.Option(
    name: "format", value: "FORMAT",
    help: "ndjson or csv. Default: csv if FILE ends with .csv, otherwise ndjson.")

  /// Writes the answer to a file, or to standard output if `file` is nil or `-`.
  static func write(
    _ request: AdminRequest, to file: String?, _ invocation: Invocation, _ console: Console
  ) throws(CommandError) -> ExitCode {
    let path = file.flatMap { $0 == "-" ? nil : $0 }
    var request = request
    request.set(
      "format", invocation["format"] ?? (path?.lowercased().hasSuffix(".csv") == true ? "csv" : "ndjson"))
    let client = try AdminClient(invocation, console)
    try OutputFile(path, console).fill { sink throws(CommandError) in
      try client.stream(request) { sink($0) }
    }
    if let path { console.print("Exported to \(path).") }
    return .success
  }

  private static let export = Command(
    path: ["access", "export"], summary: "Export every role of every user, now or as of a past time",
    details: [
      "One line per user, role and target, with its reason, in the order of user names. The same time always gives the "
        + "same bytes, unless somebody is erased: an erased user then has an id and no name. History reaches back as "
        + "far as the settings historyRetentionDays and historyRetentionBytes say; an older time is refused."
    ],
    arguments: [
      .init(
        name: "FILE", help: "The file to write, which must not exist. Default: standard output.",
        isRequired: false)
    ],
    options: [
      .init(
        name: "as-of", value: "TIME", help: "A time like 2026-11-30T12:00:00Z, or a day, which is its start."),
      formatOption, ResourceCommands.directoryOption,
    ] + AdminClient.options,
    examples: [
      .init(does: "for a spreadsheet", line: "scimd access export rights.csv"),
      .init(does: "as it was", line: "scimd access export --as-of 2026-11-30T12:00:00Z --format csv"),
    ]
  ) { invocation, console throws(CommandError) in
    var request = RoleCommands.request("GET", invocation, ["rights"])
    request.set("asOf", invocation["as-of"])
    return try write(request, to: invocation.arguments.first, invocation, console)
  }
}
