/// One command of scimd as data: parsing, help and examples all come from it.
struct Command: Sendable {
  /// The words that call it, such as `["key", "create"]`.
  let path: [String]
  /// One line, without a full stop.
  let summary: String
  /// Paragraphs of help below the usage line.
  var details: [String] = []
  var arguments: [Argument] = []
  var options: [Option] = []
  var examples: [Example] = []
  let run: @Sendable (Invocation, Console) throws(CommandError) -> ExitCode

  var name: String { path.joined(separator: " ") }

  func option(named name: String) -> Option? {
    options.first { $0.name == name }
  }
}

extension Command {
  /// A positional argument.
  struct Argument: Sendable {
    /// In capitals, as shown in the usage line.
    let name: String
    let help: String
    var isRequired = true
    /// Takes all words that are left.
    var isRepeated = false
  }

  /// An option: `--name VALUE`, `--name=VALUE`, or a switch if `value` is nil.
  struct Option: Sendable {
    /// Without the dashes.
    let name: String
    /// The placeholder of the value in capitals; nil for a switch.
    var value: String?
    let help: String
    /// The variable that gives the value if the option is absent.
    var variable: String?
    var isRequired = false
    /// May be given several times.
    var isRepeated = false
  }

  /// A working command line, with a description.
  struct Example: Sendable {
    let does: String
    let line: String
  }
}
