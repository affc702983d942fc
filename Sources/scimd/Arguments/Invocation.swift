/// A command with the words given to it, checked against its options and arguments.
struct Invocation: Sendable {
  let command: Command
  /// By option name without dashes; a switch holds `true` or `false`.
  var values: [String: String] = [:]
  var arguments: [String] = []
  /// The values of options that may be given several times, in order.
  var lists: [String: [String]] = [:]

  /// The value of an option, nil if it was not given.
  subscript(option: String) -> String? {
    precondition(command.option(named: option) != nil, "a command reads only options it declares")
    return values[option]
  }

  /// The values of an option that may be given several times.
  func all(_ option: String) -> [String] {
    precondition(command.option(named: option)?.isRepeated == true, "the option may be given several times")
    return lists[option] ?? []
  }

  /// Whether a switch is on.
  func has(_ option: String) -> Bool { self[option] == "true" }
}
