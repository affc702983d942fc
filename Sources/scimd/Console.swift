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

  func print(_ text: String) {
    write(.output, text + "\n")
  }

  func printError(_ text: String) {
    write(.error, text + "\n")
  }
}
