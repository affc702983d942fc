/// How an import is read and what it may do.
package struct ImportOptions: Sendable, Equatable {
  package enum Format: String, Sendable, CaseIterable {
    /// One JSON object a line.
    case ndjson
    /// A row of attribute paths, and one row a resource.
    case csv
  }

  /// The treatment of a line whose resource exists and differs.
  package enum Conflict: String, Sendable, CaseIterable {
    case fail, skip, replace
  }

  package var format = Format.ndjson
  /// The resource type; nil to use the type of each JSON line. Defaults to User for CSV.
  package var type: String?
  package var conflict = Conflict.fail
  package var isDryRun = false
  /// Valid lines are imported even if others are invalid.
  package var isPartial = false

  package init() {}

  /// Bytes of one import: some 400,000 users.
  package static let maxBytes = 512 << 20
}
