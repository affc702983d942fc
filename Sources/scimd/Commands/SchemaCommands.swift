import JSON
import Protocol
import SCIM

extension Command {
  static let schemaCheck = Command(
    path: ["schema", "check"], summary: "Check a folder of schemas and resource types before a restart",
    details: [
      "Reads every .json file in the folder as `scimd serve --schemas DIR` does. Prints what the folder defines, or "
        + "everything that is wrong with it, with file and JSON pointer. Exit code 0 if it can be served, 78 if not. "
        + "Whether the data folder uses something that the files do not define is checked when the server starts."
    ],
    arguments: [Argument(name: "DIR", help: "The folder.")],
    options: [jsonOption],
    examples: [
      Example(does: "the example", line: "scimd schema check config/schemas"),
      Example(
        does: "what is wrong, for an editor",
        line: "scimd schema check config/schemas --json | jq -r '.problems[].reason'"),
    ]
  ) { invocation, console throws(CommandError) in
    try DataPlace.checkAccess(invocation.arguments[0])
    let report = SchemaReport(invocation.arguments[0])
    try console.show(report.json, invocation) { () throws(CommandError) in
      guard let error = report.error else { return report.text }
      let problems = error.problems.map { "  \($0)" }.joined(separator: "\n")
      throw CommandError(.configuration, "\(report.folder) cannot be served:\n\(problems)")
    }
    return report.error == nil ? .success : .configuration
  }
}
