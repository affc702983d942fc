/// The manual page scimd(1), in the man macros that mandoc and groff read.
struct ManPage {
  private let commands: [Command]

  init(_ commands: [Command]) { self.commands = commands }

  /// The whole page in man macros; environment variables come from the settings.
  var text: String {
    var text = ".TH SCIMD 1 \"\" \"scimd \(Version.text)\" \"User Commands\"\n"
    text += ".SH NAME\nscimd \\- a SCIM 2.0 server in one binary\n"
    text += ".SH SYNOPSIS\n.B scimd\n.I COMMAND\n.RI [ OPTIONS ]\n"
    text += ".SH DESCRIPTION\n"
    text += Self.line(
      "Identity providers push users and groups into scimd; applications learn from it who may do what. Start with "
        + "\"scimd serve\". \"scimd help TOPIC\" explains settings, providers, keys and more.")
    text += ".SH COMMANDS\n" + commands.map(Self.section).joined()
    text += ".SH EXIT STATUS\n"
    for (code, meaning) in HelpText.exitCodes { text += ".TP\n\(Self.line(code))\(Self.line(meaning))" }
    text += ".SH ENVIRONMENT\n"
    for setting in Configuration.settings {
      text += ".TP\n.B \(setting.variable)\n" + Self.line(setting.meaning)
    }
    return text
  }

  /// A command as a subsection of COMMANDS.
  private static func section(_ command: Command) -> String {
    var text = ".SS \(command.name)\n"
    text += line(command.summary + ".")
    for paragraph in command.details { text += ".PP\n" + line(paragraph) }
    for argument in command.arguments { text += ".TP\n.I \(argument.name)\n" + line(argument.help) }
    for option in command.options {
      text += ".TP\n.B \\-\\-\(escaped(option.name))\(option.value.map { " " + escaped($0) } ?? "")\n"
      text += line(option.help)
    }
    if !command.examples.isEmpty {
      text += ".PP\nExamples:\n.RS 4\n.EX\n"
      for example in command.examples { text += line("# " + example.does) + line(example.line) }
      text += ".EE\n.RE\n"
    }
    return text
  }

  /// One line of text without requests or escapes.
  private static func line(_ text: String) -> String {
    let text = escaped(text)
    return (text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" : "") + text + "\n"
  }

  /// Backslashes and hyphens as groff needs them, and line feeds as spaces.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += $1 == "\\" ? "\\e" : $1 == "-" ? "\\-" : $1 == "\n" ? " " : String($1) }
  }
}
