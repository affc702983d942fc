import Admin

/// Help rendered from the commands' own data.
enum HelpText {
  /// Columns of all help texts.
  static let width = 90

  /// All commands with their summaries.
  static func overview(_ commands: [Command]) -> String {
    var text = "scimd - a SCIM 2.0 server in one binary\n\nUsage: scimd COMMAND [OPTIONS]\n\nCommands:\n"
    text += rows(commands.map { ($0.name, $0.summary) })
    text += "\n"
    text += wrapped(
      "Start with `scimd serve`. Every command has help: `scimd COMMAND --help`. `scimd help TOPIC` explains "
        + DocsPage.all.map(\.topic).joined(separator: ", ") + ".", indent: 0)
    text += "\nExit codes:\n"
    text += rows(exitCodes)
    return text
  }

  static let exitCodes = [
    ("0", "done"), ("1", "failed"), ("2", "the command line is invalid"), ("65", "stored data is corrupt"),
    ("69", "a server does not answer"), ("73, 74", "a file cannot be created, read or written"),
    ("75", "the data folder or the address is in use"), ("77", "a key or a user lacks permission"),
    ("78", "the configuration is invalid"),
  ]

  /// The help of the command or group of commands at `path`.
  static func text(of path: [String], in commands: [Command]) throws(CommandError) -> String {
    if path.isEmpty { return overview(commands) }
    if let command = commands.first(where: { $0.path == path }) { return text(of: command) }
    let group = commands.filter { $0.path.starts(with: path) }
    guard !group.isEmpty else {
      let name = path.joined(separator: " ")
      let names = commands.flatMap { [$0.name, $0.path[0]] } + DocsPage.all.map(\.topic)
      let nearest = NearestName.of(name, among: names).map { "; did you mean \"\($0)\"?" }
      throw CommandError(
        .usage, "no help on \"\(name)\"\(nearest ?? "")", advice: "See `scimd help`.")
    }
    let name = path.joined(separator: " ")
    return "Usage: scimd \(name) COMMAND [OPTIONS]\n\nCommands:\n"
      + rows(group.map { ($0.name, $0.summary) }) + "\nSee `scimd \(name) COMMAND --help`.\n"
  }

  /// The help of one command.
  private static func text(of command: Command) -> String {
    var text = "scimd \(command.name) - \(command.summary)\n\nUsage: scimd \(usage(of: command))\n"
    for paragraph in command.details { text += "\n" + wrapped(paragraph, indent: 0) }
    if !command.arguments.isEmpty {
      text += "\nArguments:\n" + rows(command.arguments.map { ($0.name, $0.help) })
    }
    text += "\nOptions:\n" + rows(command.options.map(row) + [("--help", "Show this help.")])
    if !command.examples.isEmpty {
      text += "\nExamples:\n"
      for example in command.examples { text += "  # \(example.does)\n  \(example.line)\n" }
    }
    return text
  }

  /// `key create --name NAME [OPTIONS]`: the arguments and required options.
  private static func usage(of command: Command) -> String {
    var words = [command.name]
    for argument in command.arguments {
      let name = argument.name + (argument.isRepeated ? "..." : "")
      words.append(argument.isRequired ? name : "[\(name)]")
    }
    words += command.options.filter(\.isRequired).map { "--\($0.name) \($0.value ?? "")" }
    words.append("[OPTIONS]")
    return words.joined(separator: " ")
  }

  private static func row(of option: Command.Option) -> (String, String) {
    let name = "--\(option.name)" + (option.value.map { " \($0)" } ?? "")
    let required = option.isRequired ? " (required)" : ""
    return (name, option.help + required + (option.variable.map { " [\($0)]" } ?? ""))
  }

  /// Two columns; the second is wrapped, and starts on its own line if the first is wide.
  static func rows(_ rows: [(String, String)]) -> String {
    let column = min(28, (rows.map { $0.0.count }.max() ?? 0) + 4)
    var text = ""
    for (name, help) in rows {
      let start = "  " + name
      let isWide = start.count + 2 > column
      let body = wrapped(help, indent: column)
      if isWide {
        text += start + "\n" + body
      } else {
        text += start + body.dropFirst(start.count)
      }
    }
    return text
  }

  /// Words filled into lines of `width` columns, each after `indent` spaces.
  static func wrapped(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    lines.append(line)
    return lines.map { margin + $0 + "\n" }.joined()
  }
}
