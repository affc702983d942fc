/// Runs one command line: finds the command, parses it, runs it, and prints errors.
struct CommandRunner: Sendable {
  let console: Console
  var commands = Command.all

  /// Prints an error to standard error and returns its code.
  func run(_ arguments: [String]) -> ExitCode {
    do throws(CommandError) {
      return try perform(arguments)
    } catch {
      console.write(.error, error.rendered)
      return error.code
    }
  }

  /// An empty command line prints the overview to standard error and is a usage error.
  private func perform(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let parser = ArgumentParser(commands: commands)
    switch try parser.parse(arguments) {
    case .overview:
      console.write(.error, HelpText.overview(commands))
      return .usage
    case .help(let path):
      console.write(.output, try HelpText.text(of: path, in: commands))
      return .success
    case .run(let invocation):
      return try invocation.command.run(invocation, console)
    }
  }
}
