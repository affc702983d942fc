/// The settings for people to read.
enum SettingsText {
  /// The rows of the README's table, one per setting.
  static var markdown: String {
    var text = "| Setting | Option | Variable | Default | Meaning |\n| --- | --- | --- | --- | --- |\n"
    for setting in Configuration.settings {
      let fallback = setting.isLiteral ? "`\(setting.fallback)`" : setting.fallback
      text += "| `\(setting.name)` | `--\(setting.option)` | `\(setting.variable)` | \(fallback) | "
      text += setting.meaning + " |\n"
    }
    return text
  }

  /// The page `scimd help settings`.
  static var plain: String {
    var text = HelpText.wrapped(
      "Each setting can be an option, an environment variable, or a member of a JSON file named by "
        + "--config or SCIMD_CONFIG. The option wins over the variable, the variable over the file. "
        + "An empty variable counts as absent.",
      indent: 0)
    for setting in Configuration.settings {
      text += "\n\(setting.name)\n"
      text += HelpText.wrapped(setting.meaning, indent: 4)
      text += "    option    \(setting.optionText)\n    variable  \(setting.variable)\n"
      text += "    default   \(setting.fallback)\n"
    }
    return text
  }
}

extension Setting {
  /// `--max-results N`.
  var optionText: String { "--\(option)" + (placeholder.map { " \($0)" } ?? "") }

  /// Whether the default can be entered literally.
  var isLiteral: Bool {
    guard !read(Configuration()).isEmpty else { return false }
    var configuration = Configuration()
    do throws(BadValue) {
      try apply(&configuration, fallback)
      return kind != .list
    } catch {
      return false
    }
  }

  /// The setting as an option of a command.
  var commandOption: Command.Option {
    Command.Option(
      name: option, value: placeholder, help: "\(meaning) Default: \(fallback).", variable: variable)
  }
}
