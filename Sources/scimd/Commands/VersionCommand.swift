import JSON

extension Command {
  static let version = Command(
    path: ["version"], summary: "Print the version", options: [jsonOption],
    examples: [Example(does: "for scripts", line: "scimd version --json")]
  ) { invocation, console in
    console.show(["name": "scimd", "version": .string(Version.text)], invocation) {
      "scimd \(Version.text)\n"
    }
    return .success
  }
}
