/// The result of a case.
package struct CaseResult: Sendable {
  package enum Outcome: Sendable {
    case passed
    case failed([CaseFailure])
    /// Why it does not apply to this server.
    case skipped(String)
    /// Why it could not be judged: what it needs could not be made, or the server was lost.
    case blocked(String)
  }

  package let ids: [String]
  package let group: Int
  package let level: ConformanceCase.Level
  package let title: String
  package let outcome: Outcome

  package var id: String { ids[0] }

  var isBlocked: Bool { if case .blocked = outcome { true } else { false } }

  /// Whether it makes the run fail: a binding rule that is broken or could not be judged.
  package var failsTheRun: Bool {
    switch outcome {
    case .passed, .skipped: false
    case .failed, .blocked: level.isBinding
    }
  }
}
