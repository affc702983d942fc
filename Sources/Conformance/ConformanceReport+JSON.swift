package import JSON

extension ConformanceReport {
  /// The whole report.
  package var json: JSONValue {
    [
      "base": .string(base), "run": .string(run), "passed": .bool(passed),
      "end": end.map { .string($0) } ?? .null,
      "features": .array(features.map(\.rawValue).sorted().map { .string($0) }),
      "requests": .integer(Int64(exchanges)),
      "summary": .object(
        JSONObject(
          ConformanceCase.Level.allCases.map { level in
            JSONObject.Member(
              name: level.rawValue, value: Tally(results.filter { $0.level == level }).json)
          })),
      "cases": .array(results.map(\.json)), "leftovers": .array(leftovers.map { .string($0) }),
    ]
  }
}

extension Tally {
  fileprivate var json: JSONValue {
    [
      "passed": .integer(Int64(passed)), "failed": .integer(Int64(failed)),
      "skipped": .integer(Int64(skipped)), "unjudged": .integer(Int64(blocked)),
    ]
  }
}

extension CaseResult {
  fileprivate var json: JSONValue {
    var object: JSONObject = [
      "ids": .array(ids.map { .string($0) }), "group": .integer(Int64(group)),
      "level": .string(level.rawValue), "title": .string(title),
    ]
    switch outcome {
    case .passed: object["outcome"] = "passed"
    case .skipped(let reason):
      object["outcome"] = "skipped"
      object["reason"] = .string(reason)
    case .blocked(let reason):
      object["outcome"] = "unjudged"
      object["reason"] = .string(reason)
    case .failed(let failures):
      object["outcome"] = "failed"
      object["failures"] = .array(failures.map(\.json))
    }
    return .object(object)
  }
}

extension CaseFailure {
  fileprivate var json: JSONValue {
    [
      "step": .string(step), "request": .string(request), "sent": .string(sent),
      "status": status.map { .integer(Int64($0)) } ?? .null,
      "reasons": .array(reasons.map { .string($0) }), "answer": .string(excerpt),
    ]
  }
}
