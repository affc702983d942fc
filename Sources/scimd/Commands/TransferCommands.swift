import Admin
import JSON
import Platform
import Transfer

extension Command {
  private static let formatOption = Option(
    name: "format", value: "FORMAT",
    help: "ndjson (one JSON object per line) or csv. Default: csv if FILE ends with .csv, otherwise ndjson.")

  static let export = Command(
    path: ["export"], summary: "Export users and groups as JSON lines or CSV",
    details: [
      "JSON lines contain everything. A CSV file contains one type: its first row has attribute paths, such as "
        + "userName, name.givenName, emails[type eq \"work\"].value; members are userNames separated by ;. Cells that "
        + "a spreadsheet would calculate begin with '. `scimd import` reads both again. Deleted resources, history and "
        + "keys are not in it: `scimd store backup` has all."
    ],
    arguments: [
      Argument(
        name: "FILE", help: "The file to write, which must not exist. Default: standard output.",
        isRequired: false)
    ],
    options: [
      formatOption,
      Option(
        name: "type", value: "TYPE",
        help: "This resource type only, such as User. Defaults to User for CSV."),
      ResourceCommands.directoryOption,
    ] + AdminClient.options,
    examples: [
      Example(does: "everything", line: "scimd export all.ndjson"),
      Example(does: "users for a spreadsheet", line: "scimd export --type User users.csv"),
      Example(does: "to another program", line: "scimd export --format csv --type Group | column -s, -t"),
    ]
  ) { invocation, console throws(CommandError) in
    var request = AdminRequest.directory(ResourceCommands.directory(invocation), "GET", ["export"])
    request.set("format", try format(invocation).rawValue)
    request.set("type", invocation["type"])
    let client = try AdminClient(invocation, console)
    let path = invocation.arguments.first.flatMap { $0 == "-" ? nil : $0 }
    let output = try OutputFile(path, console)
    var count = ResourceCount(isTable: try format(invocation) == .csv)
    try output.fill { sink throws(CommandError) in
      try client.stream(request) { piece in
        count.read(piece)
        return sink(piece)
      }
    }
    if let path {
      console.print("Exported \(count.resources) resource\(count.resources == 1 ? "" : "s") to \(path).")
    }
    return .success
  }

  static let `import` = Command(
    path: ["import"], summary: "Create and change users and groups from JSON lines or CSV",
    details: [
      "Every line is checked first, errors name their lines, and nothing is changed if any line is invalid (see "
        + "--partial). Up to 2,000 changed resources are written at once; larger imports run as a job that survives a "
        + "crash. `scimd job list` shows its progress, and a line fails only if somebody else changes the same "
        + "resource in the meantime. A line refers to the resource with the same id, otherwise to the user with the "
        + "same userName or the group with the same displayName. If that resource does not exist it is created, with "
        + "the line's id if it has one. A JSON line replaces the whole resource; CSV changes only its columns, and an "
        + "empty cell clears the value. Members are ids, userNames or displayNames of groups, and may appear later in "
        + "the file."
    ],
    arguments: [Argument(name: "FILE", help: "The file to read, or - for standard input.")],
    options: [
      formatOption,
      Option(
        name: "type", value: "TYPE",
        help: "The resource type of CSV rows (default User), or the only type to import from JSON."),
      Option(name: "dry-run", help: "Only check the file and count the changes."),
      Option(
        name: "on-conflict", value: "WHAT",
        help: "For a resource that exists and differs: fail, skip or replace. Default: fail."),
      Option(name: "partial", help: "Import the valid lines even if others are invalid."),
      ResourceCommands.directoryOption,
      Option(name: "new-directory", help: "Create the directory if it does not exist."), JobWait.option,
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "what would happen", line: "scimd import --dry-run users.csv"),
      Example(does: "groups after users", line: "scimd import --type Group groups.csv"),
      Example(does: "bring existing ones up to date", line: "scimd import --on-conflict replace all.ndjson"),
    ]
  ) { invocation, console throws(CommandError) in
    let client = try AdminClient(invocation, console)
    var request = AdminRequest.directory(ResourceCommands.directory(invocation), "POST", ["import"])
    request.set("format", try format(invocation).rawValue)
    request.set("type", invocation["type"])
    request.set("conflict", invocation["on-conflict"])
    request.set("dryRun", invocation.has("dry-run"))
    request.set("partial", invocation.has("partial"))
    request.set("newDirectory", invocation.has("new-directory"))
    let bytes = try InputFile.read(
      invocation.arguments[0], maxBytes: ImportOptions.maxBytes, advice: "Split it, users first.")
    console.progress("Importing \(bytes.count) bytes ...")
    request.body = bytes
    request.mediaType = "application/octet-stream"
    var (json, answer) = try client.send(request, ImportAnswer.init)
    if let job = answer.job, !invocation.has("no-wait") {
      let (end, ended) = try JobWait.end(of: job, client, console)
      answer.job = ended
      if let importing = ended.job.importing { answer.report = importing.report }
      json = JobWait.replacing(job: end, in: answer.json)
    }
    let report = answer.report
    console.show(json, invocation) {
      for error in report.errors {
        console.printError("line \(error.line): \(TerminalText.value(error.reason))")
      }
      return text(answer, isDryRun: invocation.has("dry-run")) + "\n"
    }
    return report.invalid == 0 && answer.job?.job.state != .failed ? .success : .failure
  }

  /// --format, or the format that the name of the file suggests.
  private static func format(_ invocation: Invocation) throws(CommandError) -> ImportOptions.Format {
    guard let text = invocation["format"] else {
      return invocation.arguments.first?.lowercased().hasSuffix(".csv") == true ? .csv : .ndjson
    }
    guard let format = ImportOptions.Format(rawValue: text) else {
      let all = ImportOptions.Format.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError(.usage, "--format: \"\(text)\" is not one of \(all)")
    }
    return format
  }

  /// The outcome of an import or its dry run in one sentence.
  private static func text(_ answer: ImportAnswer, isDryRun: Bool) -> String {
    let report = answer.report
    let counts =
      "\(report.created) \(isDryRun ? "to create" : "created"), "
      + "\(report.updated) \(isDryRun ? "to update" : "updated"), \(report.unchanged) unchanged, "
      + "\(report.skipped) skipped, \(report.invalid) invalid"
    let lines = "\(report.lines) lines"
    if isDryRun { return "Nothing was changed (--dry-run). \(lines): \(counts)." }
    if let job = answer.job, job.job.state != .finished { return text(job, counts) }
    if report.isApplied { return "Imported. \(lines): \(counts)." }
    if report.invalid > report.lines { return "Nothing was imported: the first row cannot be used." }
    let wouldBe = "without errors it would be: \(report.created) created, \(report.updated) updated"
    return "Nothing was imported; wrong lines: \(report.invalid) of \(report.lines); \(wouldBe)."
  }

  /// The outcome of an import that runs, failed or was cancelled.
  private static func text(_ job: JobReport, _ counts: String) -> String {
    switch job.job.state {
    case .running: "Importing: `scimd job show \(job.id)` shows the progress."
    case .cancelled: "Somebody ended the import before it was done: \(counts)."
    case .failed, .finished:
      "The import failed: \(TerminalText.value(job.job.error ?? "")) So far: \(counts)."
    }
  }
}
