import Storage

/// The outcomes of the lines of an import.
struct ImportOutcomes: Sendable {
  enum Outcome {
    case created, updated, unchanged, skipped
  }

  /// The outcome of each line, and its resource.
  var targets: [Int: (id: ResourceID, outcome: Outcome)] = [:]
  /// Which line each resource is of.
  var lines: [ResourceID: Int] = [:]
  /// Ids in the file for resources that have other ids here.
  var renamed: [String: ResourceID] = [:]

  /// A later outcome of the same line replaces the earlier one.
  mutating func merge(_ later: ImportOutcomes) {
    targets.merge(later.targets) { $1 }
    lines.merge(later.lines) { $1 }
    renamed.merge(later.renamed) { $1 }
  }
}
