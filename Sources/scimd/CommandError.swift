/// Why a command failed, and what to do about it.
struct CommandError: Error, Sendable, Equatable {
  let code: ExitCode
  let message: String
  /// The next step for the reader: a sentence or a command; nil if the message is enough.
  let advice: String?

  init(_ code: ExitCode, _ message: String, advice: String? = nil) {
    self.code = code
    self.message = message
    self.advice = advice
  }

  /// The text for standard error.
  var rendered: String {
    "scimd: \(message)\n" + (advice.map { "\($0)\n" } ?? "")
  }
}
