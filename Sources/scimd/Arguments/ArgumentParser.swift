/// Words -> a command and its options; every error names the likely intention and the help.
struct ArgumentParser: Sendable {
  enum Result: Sendable {
    /// No words were given.
    case overview
    /// Help on the commands under a path; empty for all of them.
    case help([String])
    case run(Invocation)
  }

  let commands: [Command]

  /// Help anywhere before `--` wins over every other mistake in the line.
  func parse(_ words: [String]) throws(CommandError) -> Result {
    guard let first = words.first else { return .overview }
    if first == "--version" || first == "-V" { return try parse(["version"]) }
    if Self.isHelp(first) { return .help([]) }
    var path: [String] = []
    for word in words {
      guard commands.contains(where: { $0.path.starts(with: path + [word]) }) else { break }
      path.append(word)
      if commands.contains(where: { $0.path == path }) { break }
    }
    let rest = words[path.count...]
    guard let command = commands.first(where: { $0.path == path }) else {
      if rest.contains(where: Self.isHelp) { return .help(path) }
      throw unknownCommand(after: path, rest.first)
    }
    if rest.prefix(while: { $0 != "--" }).contains(where: Self.isHelp) { return .help(path) }
    return .run(try parse(rest, of: command))
  }

  private static func isHelp(_ word: String) -> Bool { word == "--help" || word == "-h" }

  /// After `--` every word is an argument; `-` alone is one too.
  private func parse(_ words: ArraySlice<String>, of command: Command) throws(CommandError) -> Invocation {
    var invocation = Invocation(command: command)
    var rest = words
    var optionsEnded = false
    while let word = rest.popFirst() {
      if optionsEnded || !word.hasPrefix("-") || word == "-" {
        try accept(argument: word, of: &invocation)
      } else if word == "--" {
        optionsEnded = true
      } else {
        try accept(option: word, &rest, of: &invocation)
      }
    }
    try checkComplete(invocation)
    return invocation
  }

  private func accept(argument: String, of invocation: inout Invocation) throws(CommandError) {
    let command = invocation.command
    let isExpected =
      invocation.arguments.count < command.arguments.count || command.arguments.last?.isRepeated == true
    guard isExpected else { throw usage("unexpected argument \"\(argument)\"", command) }
    invocation.arguments.append(argument)
  }

  /// Takes `--name VALUE`, `--name=VALUE` or a switch; a value that begins with `--` needs the `=`.
  private func accept(
    option word: String, _ rest: inout ArraySlice<String>, of invocation: inout Invocation
  ) throws(CommandError) {
    let command = invocation.command
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let given = String(parts[0])
    guard given.hasPrefix("--"), let option = command.option(named: String(given.dropFirst(2))) else {
      let names = command.options.map { "--\($0.name)" } + ["--help"]
      let nearest = NearestName.of(given, among: names).map { "; did you mean \($0)?" } ?? ""
      throw usage("\"\(given)\" is not an option of `scimd \(command.name)`\(nearest)", command)
    }
    guard invocation.values[option.name] == nil || option.isRepeated else {
      throw usage("\(given) is given twice", command)
    }
    let attached = parts.count == 2 ? String(parts[1]) : nil
    guard let placeholder = option.value else {
      guard attached == nil || attached == "true" || attached == "false" else {
        throw usage("\(given) is a switch; its only values are true and false", command)
      }
      invocation.values[option.name] = attached ?? "true"
      return
    }
    guard let value = attached ?? rest.popFirst(), attached != nil || !value.hasPrefix("--") else {
      throw usage("\(given) needs a value: \(given) \(placeholder)", command)
    }
    invocation.values[option.name] = value
    if option.isRepeated { invocation.lists[option.name, default: []].append(value) }
  }

  /// Throws for a missing required option or argument.
  private func checkComplete(_ invocation: Invocation) throws(CommandError) {
    let command = invocation.command
    for option in command.options where option.isRequired && invocation.values[option.name] == nil {
      throw usage("--\(option.name) \(option.value ?? "") is required", command)
    }
    let required = command.arguments.filter(\.isRequired)
    guard invocation.arguments.count >= required.count else {
      throw usage("\(required[invocation.arguments.count].name) is missing", command)
    }
  }

  /// The error for a word that is not a command, with the commands that it may mean.
  private func unknownCommand(after path: [String], _ word: String?) -> CommandError {
    let group = (["scimd"] + path).joined(separator: " ")
    let next = commands.filter { $0.path.starts(with: path) && $0.path.count > path.count }
      .map { $0.path[path.count] }
    var names: [String] = []
    for name in next where !names.contains(name) { names.append(name) }
    let advice = "See `\(group) --help`."
    guard let word else {
      return CommandError(
        .usage, "`\(group)` needs a command: \(names.joined(separator: ", "))", advice: advice)
    }
    if word.hasPrefix("-") {
      return CommandError(.usage, "options such as \(word) go after the command", advice: advice)
    }
    let meant = NearestName.of(word, among: names) ?? commands(ending: word, after: path)
    let choice = meant.map { "; did you mean \"\($0)\"?" } ?? "; there are \(names.joined(separator: ", "))"
    return CommandError(.usage, "\"\(word)\" is not a command of \(group)\(choice)", advice: advice)
  }

  /// Commands whose last word is probably meant, such as `user history` for `history`; nil if no command ends like that.
  private func commands(ending word: String, after path: [String]) -> String? {
    let lasts = commands.filter { $0.path.starts(with: path) && $0.path.count > path.count }.compactMap(
      \.path.last)
    guard let last = NearestName.of(word, among: lasts) else { return nil }
    let names = commands.filter { $0.path.starts(with: path) && $0.path.last == last }.map(\.name)
    return names.prefix(4).joined(separator: "\", \"")
  }

  private func usage(_ message: String, _ command: Command) -> CommandError {
    CommandError(.usage, message, advice: "See `scimd \(command.name) --help`.")
  }
}
