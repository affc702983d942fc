package import Platform

/// A place in a directory's log: after which record, and that record's hash.
package struct LogPoint: Sendable, Equatable {
  /// The number of the last record before this place; 0 before the first.
  package let seq: UInt64
  /// That record's chained hash, which the next record repeats as its `prev`; zeros before the first.
  package let hash: Digest256

  package init(seq: UInt64, hash: Digest256) {
    self.seq = seq
    self.hash = hash
  }

  /// Before the first record.
  package static let start = LogPoint(seq: 0, hash: .zero)
}
