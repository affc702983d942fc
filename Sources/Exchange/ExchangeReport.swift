/// The result of a script.
package struct ExchangeReport: Sendable, CustomStringConvertible {
  package let script: String

  /// In the order of the script.
  package let steps: [StepResult]

  package var passed: Bool { failures.isEmpty }

  /// The steps that failed or could not run; a clean-up step with nothing to clean does not count.
  package var failures: [StepResult] { steps.filter { !$0.passed } }

  /// One line in all, and under it one paragraph for each failure.
  package var description: String {
    let good = steps.count - failures.count
    let head = "\(passed ? "ok" : "FAILED") \(script): \(good) of \(steps.count) steps"
    return ([head] + failures.map(\.description)).joined(separator: "\n")
  }
}
