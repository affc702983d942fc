import JSON
import Platform

/// A command's environment: two streams, the variables, the clock and randomness.
struct Console: Sendable {
  enum Stream: Sendable {
    case output, error
  }

  /// The process's environment variables.
  var variables: [String: String]
  var environment: Environment
  /// Whether a person watches the stream, so that it can show progress.
  var isTerminal: @Sendable (Stream) -> Bool = { _ in false }
  /// How wide the terminal on standard output is; nil if it is not a terminal.
  var columns: @Sendable () -> Int? = { nil }
  /// How a server writes its messages.
  let serverLog = ServerLog()
  /// Writes a text unchanged; commands call `write` or `data` instead.
  var emit: @Sendable (Stream, String) -> Void
  /// Shows the question and reads a line from the terminal; nil without a terminal.
  var prompt: @Sendable (_ question: String) -> String? = { _ in nil }

  /// Writes text for people; control characters are escaped.
  func write(_ stream: Stream, _ text: String) { emit(stream, TerminalText.escaped(text)) }

  /// Writes data for programs, unchanged unless the stream is a terminal.
  func data(_ bytes: some Collection<UInt8>, to stream: Stream = .output) {
    let text = String(decoding: bytes, as: UTF8.self)
    emit(stream, isTerminal(stream) ? TerminalText.escaped(text) : text)
  }

  /// One line of JSON for programs.
  func print(_ json: JSONValue) { data(json.serialized() + [UInt8(ascii: "\n")]) }

  /// Prints the outcome of a command: one line of JSON with --json, otherwise the text, which ends with a line feed.
  func show<Failure>(
    _ json: @autoclosure () -> JSONValue, _ invocation: Invocation, _ text: () throws(Failure) -> String
  ) throws(Failure) {
    if invocation.has("json") { print(json()) } else { write(.output, try text()) }
  }

  func print(_ text: String) {
    write(.output, text + "\n")
  }

  /// Writes a line to standard error if that is a terminal.
  func progress(_ text: String) {
    if isTerminal(.error) { printError(text) }
  }

  func printError(_ text: String) {
    write(.error, text + "\n")
  }

  /// The answer of the person at the terminal; nil without a terminal.
  func ask(_ question: String) -> String? { prompt(TerminalText.escaped(question)) }
}
