package import JSON

/// What an import did, or would do: a JSON object,
///
///     {"applied": true, "lines": 4, "created": 2, "updated": 1, "unchanged": 0, "skipped": 0, "invalid": 1,
///      "errors": [{"line": 3, "error": "..."}]}
package struct ImportReport: Sendable {
  /// Errors that are listed; all are counted.
  private static let maxErrors = 1000

  var isApplied = false
  var lines = 0
  var created = 0
  var updated = 0
  var unchanged = 0
  var skipped = 0
  private(set) var invalid = 0
  private(set) var errors: [ImportError] = []

  mutating func add(_ error: ImportError) {
    invalid += 1
    if errors.count < Self.maxErrors { errors.append(error) }
  }

  package var json: JSONValue {
    func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    return [
      "applied": .bool(isApplied), "lines": number(lines), "created": number(created),
      "updated": number(updated), "unchanged": number(unchanged), "skipped": number(skipped),
      "invalid": number(invalid),
      "errors": .array(
        errors.sorted { $0.line < $1.line }.map {
          ["line": number($0.line), "error": .string($0.reason)]
        }),
    ]
  }
}
