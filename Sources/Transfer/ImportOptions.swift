/// How an import is read and what it may do.
package struct ImportOptions: Sendable, Equatable {
  package enum Format: String, Sendable, CaseIterable {
    /// One JSON object a line.
    case ndjson
    /// A row of attribute paths, and one row a resource.
    case csv
  }

  /// What to do with a line whose resource exists and differs.
  package enum Conflict: String, Sendable, CaseIterable {
    case fail, skip, replace
  }

  package var format = Format.ndjson
  /// The type of resources; nil to take what each line of JSON says. A CSV without one is of users.
  package var type: String?
  package var conflict = Conflict.fail
  package var isDryRun = false
  /// Lines that are wrong do not keep the others from being imported.
  package var isPartial = false

  package init() {}

  /// Bytes of one import: some 400,000 users.
  package static let maxBytes = 512 << 20
}
