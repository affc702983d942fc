package import JSON
package import Platform

/// A record that is on disk, for views of the log.
package struct LoggedRecord: Sendable {
  package let seq: UInt64
  /// The chained hash, which everything before it is part of.
  package let hash: Digest256
  /// The members of its frame and payload; see `ChangeRecord`.
  package let record: JSONValue

  package init(seq: UInt64, hash: Digest256, record: JSONValue) {
    self.seq = seq
    self.hash = hash
    self.record = record
  }
}

/// Records of a log in order.
package struct LogStretch: Sendable {
  /// Without those that have nothing but a note.
  package var records: [LoggedRecord] = []
  /// The last record that was read, whether or not it is among them.
  package var last: UInt64
  /// Whether no later record is on disk.
  package var isAtEnd = false
  /// The oldest record that is kept, if it is later than the one asked for.
  package var oldest: UInt64?
}

/// Bounds of one stretch.
package struct LogStretchLimit: Sendable {
  /// Records with something else than notes.
  package var records: Int
  /// All records, which are read to find them.
  package var read = 5000
  /// Bytes of their lines, beyond the first.
  package var bytes = 8 << 20
  /// Only records whose line satisfies this are given, and parsed; nil for all.
  package var isWanted: (@Sendable (_ line: UnsafeRawBufferPointer) -> Bool)?

  package init(records: Int) { self.records = records }
}
