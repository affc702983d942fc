import Platform

/// What a command sees of the world outside: two streams, the variables, the clock and randomness.
struct Console: Sendable {
  enum Stream: Sendable {
    case output, error
  }

  /// The process's environment variables.
  var variables: [String: String]
  var environment: Environment
  /// Whether a person watches the stream, so that it can show progress.
  var isTerminal: @Sendable (Stream) -> Bool = { _ in false }
  var write: @Sendable (Stream, String) -> Void
  /// Asks the person at the terminal; nil where there is none.
  var ask: @Sendable (_ question: String) -> String? = { _ in nil }

  func print(_ text: String) {
    write(.output, text + "\n")
  }

  /// Tells a person who waits at a terminal; nothing for programs.
  func progress(_ text: String) {
    if isTerminal(.error) { printError(text) }
  }

  func printError(_ text: String) {
    write(.error, text + "\n")
  }
}
