/// A place in a directory's log: after which record, and that record's checksum.
package struct LogPoint: Sendable, Equatable {
  /// The number of the last record before this place; 0 before the first.
  package let seq: UInt64
  /// That record's `crc`, which the next record repeats as its `prev`; 0 before the first.
  package let chain: UInt32

  package init(seq: UInt64, chain: UInt32) {
    self.seq = seq
    self.chain = chain
  }

  /// Before the first record.
  package static let start = LogPoint(seq: 0, chain: 0)
}
