extension Command {
  static let help = Command(
    path: ["help"], summary: "Explain a command, or all settings",
    arguments: [
      Argument(
        name: "TOPIC", help: "A command, such as `key create`, or `settings`.", isRequired: false,
        isRepeated: true)
    ],
    options: [Option(name: "markdown", help: "Settings as a Markdown table.")],
    examples: [
      Example(does: "a command", line: "scimd help key create"),
      Example(does: "every setting with its option, variable and default", line: "scimd help settings"),
    ]
  ) { invocation, console throws(CommandError) in
    if invocation.arguments == ["settings"] {
      console.write(.output, invocation.has("markdown") ? SettingsText.markdown : SettingsText.plain)
    } else {
      console.write(.output, try HelpText.text(of: invocation.arguments, in: all))
    }
    return .success
  }
}
