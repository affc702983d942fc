/// The result of a run.
package struct ConformanceReport: Sendable {
  /// The number of the group that the rules for all answers make up.
  static let everyAnswer = 0

  package let base: String
  package let run: String
  package let features: Set<Feature>
  package let exchanges: Int
  /// The groups played, in order.
  let titles: [(number: Int, title: String)]
  package let results: [CaseResult]
  /// The resources that could not be deleted, as text.
  package let leftovers: [String]
  /// Why the run ended early; nil if it did not.
  package let end: String?

  /// Whether no MUST and no SHOULD is broken or left unjudged.
  package var passed: Bool { end == nil && !results.contains { $0.failsTheRun } }

  /// The groups with their results, in order; the rules for all answers come last.
  package var groups: [(number: Int, title: String, results: [CaseResult])] {
    let all = titles + [(Self.everyAnswer, "Every answer")]
    return all.map { group in (group.number, group.title, results.filter { $0.group == group.number }) }
      .filter { !$0.results.isEmpty }
  }
}
