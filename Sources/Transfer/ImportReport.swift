package import JSON

/// The result of an import or of its dry run: a JSON object,
///
///     {"applied": true, "lines": 4, "created": 2, "updated": 1, "unchanged": 0, "skipped": 0, "invalid": 1,
///      "errors": [{"line": 3, "error": "..."}]}
package struct ImportReport: Sendable, Equatable {
  /// Errors that are listed; all are counted.
  private static let maxErrors = 1000

  package var isApplied = false
  package var lines = 0
  package var created = 0
  package var updated = 0
  package var unchanged = 0
  package var skipped = 0
  package var invalid = 0
  package var errors: [ImportError] = []

  package init() {}

  /// Counts a line as invalid, and lists its error while there is room.
  mutating func add(_ error: ImportError) {
    invalid += 1
    if errors.count < Self.maxErrors { errors.append(error) }
  }

  /// Without the errors, which may contain values of the file.
  package var counts: ImportReport {
    var report = self
    report.errors = []
    return report
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
