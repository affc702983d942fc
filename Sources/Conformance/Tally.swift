/// How many of some cases passed.
package struct Tally: Sendable {
  private(set) var passed = 0
  private(set) var failed = 0
  private(set) var skipped = 0
  private(set) var blocked = 0

  package init(_ results: some Sequence<CaseResult>) {
    for result in results {
      switch result.outcome {
      case .passed: passed += 1
      case .failed: failed += 1
      case .skipped: skipped += 1
      case .blocked: blocked += 1
      }
    }
  }

  /// Those that say something about the server.
  var judged: Int { passed + failed + blocked }
}
