import Admin
import SCIM

extension Command {
  static let help = Command(
    path: ["help"], summary: "Explain a command, all settings, or a topic",
    arguments: [
      Argument(
        name: "TOPIC",
        help: "A command, such as `key create`, or one of "
          + DocsPage.all.map(\.topic).joined(separator: ", ") + ".", isRequired: false,
        isRepeated: true)
    ],
    options: [Option(name: "markdown", help: "Settings as a Markdown table.")],
    examples: [
      Example(does: "a command", line: "scimd help key create"),
      Example(does: "how to connect an identity provider", line: "scimd help providers"),
      Example(does: "all that is known about one of them", line: "scimd help providers okta"),
      Example(does: "every setting with its option, variable and default", line: "scimd help settings"),
    ]
  ) { invocation, console throws(CommandError) in
    if invocation.arguments == ["settings"] {
      console.write(.output, invocation.has("markdown") ? SettingsText.markdown : SettingsText.plain)
    } else if let page = invocation.arguments.first.flatMap({ DocsPage.named($0) }),
      invocation.arguments.count == 1
    {
      console.write(.output, page.text)
    } else if invocation.arguments.first == "providers", invocation.arguments.count == 2 {
      console.write(.output, try Profile.forPeople(invocation.arguments[1]).page)
    } else {
      console.write(.output, try HelpText.text(of: invocation.arguments, in: all))
    }
    return .success
  }
}
