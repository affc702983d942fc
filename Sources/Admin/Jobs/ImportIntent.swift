import JSON
import SCIM
package import Transfer

/// A job's view of an import: how to read the file, and the results so far.
package struct ImportIntent: Sendable, Equatable {
  /// Invalid lines that the job's record lists; all are counted.
  private static let maxErrors = 100

  package let options: ImportOptions
  package var report: ImportReport

  init(_ options: ImportOptions, _ report: ImportReport) {
    self.options = options
    self.report = report
  }

  /// Nil if the job has no import.
  init?(_ attributes: JSONObject) {
    guard let value = attributes["import"], let format = value["format"]?.stringValue,
      let conflict = value["conflict"]?.stringValue
    else { return nil }
    var options = ImportOptions()
    options.format = ImportOptions.Format(rawValue: format) ?? .ndjson
    options.conflict = ImportOptions.Conflict(rawValue: conflict) ?? .fail
    options.type = value["type"]?.stringValue
    options.isPartial = value["partial"]?.boolValue ?? false
    func count(_ name: String) -> Int { value[name]?.integerValue.map { Int(clamping: $0) } ?? 0 }
    var report = ImportReport()
    report.lines = count("lines")
    report.created = count("created")
    report.updated = count("updated")
    report.unchanged = count("unchanged")
    report.skipped = count("skipped")
    report.invalid = count("invalid")
    report.errors = (attributes["errors"]?.arrayValue ?? []).map {
      ImportError(
        line: $0["line"]?.integerValue.map { Int(clamping: $0) } ?? 0, $0["error"]?.stringValue ?? "")
    }
    self.init(options, report)
  }

  /// Adds the members `import` and `errors`; long lists and texts are cut.
  func write(to attributes: inout JSONObject) {
    func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    var value: JSONObject = [
      "format": .string(options.format.rawValue), "conflict": .string(options.conflict.rawValue),
    ]
    value["type"] = options.type.map { .string($0) }
    value["partial"] = .bool(options.isPartial)
    value["lines"] = count(report.lines)
    value["created"] = count(report.created)
    value["updated"] = count(report.updated)
    value["unchanged"] = count(report.unchanged)
    value["skipped"] = count(report.skipped)
    value["invalid"] = count(report.invalid)
    attributes["import"] = .object(value)
    guard !report.errors.isEmpty else { return }
    attributes["errors"] = .array(
      report.errors.prefix(Self.maxErrors).map {
        ["line": count($0.line), "error": .string(String($0.reason.prefix(1000)))]
      })
  }
}
