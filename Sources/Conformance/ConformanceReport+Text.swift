extension ConformanceReport {
  /// Every failure, a line for each group, and the sums.
  /// - Parameter isQuiet: failures and sums only.
  package func text(isQuiet: Bool) -> String {
    var paragraphs = results.compactMap(\.failureText)
    if !isQuiet { paragraphs.append(groupLines) }
    if !leftovers.isEmpty {
      paragraphs.append("Could not delete:\n" + leftovers.map { "  \($0)\n" }.joined())
    }
    return paragraphs.joined(separator: "\n") + (paragraphs.isEmpty ? "" : "\n") + summary + "\n"
  }

  private var groupLines: String {
    groups.map { group in
      let mark = group.results.contains { $0.failsTheRun } ? "FAILED" : "ok    "
      let number = group.number == Self.everyAnswer ? "  " : String("  \(group.number)".suffix(2))
      return "\(mark) \(number) \(group.title): \(Self.sums(of: group.results))\n"
    }.joined()
  }

  /// "MUST 120/121, SHOULD 9/9, IMPLIED 30/31; 4 skipped", and how the run ended.
  package var summary: String {
    let verdict = end.map { "ended early: \($0)" } ?? (passed ? "conforms" : "does not conform")
    return "\(Self.sums(of: results))\n\(base) \(verdict) (\(exchanges) requests)"
  }

  /// `MUST 12/12, SHOULD 3/4; 2 skipped`.
  private static func sums(of results: [CaseResult]) -> String {
    let levels = ConformanceCase.Level.allCases.compactMap { level -> String? in
      let tally = Tally(results.filter { $0.level == level })
      return tally.judged == 0 ? nil : "\(level.rawValue) \(tally.passed)/\(tally.judged)"
    }
    let skipped = Tally(results).skipped
    let sums = levels.isEmpty ? "none applies" : levels.joined(separator: ", ")
    return skipped == 0 ? sums : "\(sums); \(skipped) skipped"
  }
}

extension CaseResult {
  /// One line: "ok 7644-3.3-04 MUST: a create is answered with 201".
  package var line: String {
    let rule = "\(ids.joined(separator: " ")) \(level.rawValue): \(title)"
    switch outcome {
    case .passed: return "ok      \(rule)"
    case .skipped(let reason): return "skipped \(rule) (\(reason))"
    case .failed: return "\(level.isBinding ? "FAILED " : "advice ") \(rule)"
    case .blocked(let reason): return "UNJUDGED \(rule) (\(reason))"
    }
  }

  /// The line and a paragraph per failed step; nil if nothing failed.
  var failureText: String? {
    switch outcome {
    case .passed, .skipped: nil
    case .blocked: line + "\n"
    case .failed(let failures): ([line] + failures.map(\.text)).joined(separator: "\n") + "\n"
    }
  }
}

extension CaseFailure {
  /// The request, the expected answer and the received one.
  package var text: String {
    var lines = ["    \(step)"]
    if !request.isEmpty { lines.append("      request: \(request)") }
    if !sent.isEmpty { lines.append("      sent:    \(sent)") }
    lines += reasons.map { "      \($0)" }
    if let status { lines.append("      answer:  \(status) \(excerpt)") }
    return lines.joined(separator: "\n")
  }
}
