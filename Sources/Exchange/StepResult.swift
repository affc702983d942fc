/// The result of a step.
package struct StepResult: Sendable, CustomStringConvertible {
  /// The result of the step.
  package enum Outcome: Sendable, Equatable {
    case passed
    /// Every expectation that was not met.
    case failed([String])
    /// Why it could not run.
    case skipped(String)
    /// A clean-up that had nothing to do.
    case needless
  }

  package let name: String

  /// Method and path as sent.
  package let request: String

  /// Nil when there was no answer.
  package let status: Int?
  package let outcome: Outcome

  /// The beginning of the answer's body.
  package let excerpt: String

  package var passed: Bool { outcome == .passed || outcome == .needless }

  package var description: String {
    switch outcome {
    case .passed: return "  ok: \(name)"
    case .needless: return "  ok: \(name): nothing to do"
    case .skipped(let reason): return "  skipped: \(name): \(reason)"
    case .failed(let reasons):
      let lines = ["  failed: \(name)", "    \(request) -> \(status.map { "\($0)" } ?? "no answer")"]
      let body = excerpt.isEmpty ? [] : ["    body: \(excerpt)"]
      return (lines + reasons.map { "    \($0)" } + body).joined(separator: "\n")
    }
  }
}
