package import JSON
import Platform
import Storage

/// Whether the records of a directory are as they were written.
package struct AuditReport: Sendable {
  package let directory: String
  package let records: Int
  /// The numbers of the oldest and the newest record that are kept; 0 for none.
  package let first: Int
  package let last: Int
  /// The hash of the newest record, in hexadecimal digits: keep it elsewhere.
  package let head: String
  /// The number of the record that has the hash asked for; nil if none has, or if none was asked for.
  package let anchor: Int?
  /// What was changed, is missing or damaged, in the order of the files.
  package let problems: [String]

  package var isIntact: Bool { problems.isEmpty }

  init(_ directory: String, _ report: LogReport) {
    self.directory = directory
    records = report.records
    first = Int(clamping: report.first)
    last = Int(clamping: report.last)
    head = report.head.text
    anchor = report.anchor.map { Int(clamping: $0) }
    problems = report.problems.map { "\($0.file), offset \($0.offset): \($0.reason)" }
  }

  package var json: JSONValue {
    var object: JSONObject = [
      "directory": .string(directory), "records": .integer(Int64(records)), "first": .integer(Int64(first)),
      "last": .integer(Int64(last)), "head": .string(head), "intact": .bool(isIntact),
      "problems": .array(problems.map { .string($0) }),
    ]
    if let anchor { object["anchor"] = .integer(Int64(anchor)) }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    directory = try reader.text("directory")
    records = try reader.integer("records")
    first = try reader.integer("first")
    last = try reader.integer("last")
    head = try reader.text("head")
    anchor = try reader.optionalInteger("anchor")
    problems = try reader.texts("problems")
  }

  static let schema = AdminSchema.object([
    .init("directory", .text), .init("records", .integer), .init("first", .integer), .init("last", .integer),
    .init("head", .text), .init("intact", .boolean), .init("problems", .list(.text)),
    .init("anchor", .integer, optional: true),
  ])
}
