import JSON

extension Command {
  static let version = Command(
    path: ["version"], summary: "Print the version", options: [jsonOption],
    examples: [Example(does: "for scripts", line: "scimd version --json")]
  ) { invocation, console in
    let json: JSONValue = ["name": "scimd", "version": .string(Version.text)]
    console.print(
      invocation.has("json") ? json.serializedText : "scimd \(Version.text)")
    return .success
  }
}
