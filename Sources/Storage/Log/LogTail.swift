/// Where a log ends, and what reading it found; `Journal.open` goes on from here.
package struct LogTail: Sendable, Equatable {
  /// The last segment: the number in its name and the bytes of it that are good (0: not even its header).
  struct Segment: Sendable, Equatable {
    let first: UInt64
    var size: Int
  }

  /// After the last record.
  package var point = LogPoint.start
  /// The last record that the snapshot in use includes; nil where there is none.
  package var snapshot: UInt64?
  /// Lines of the snapshot, and bytes of its file.
  package var entries = 0
  package var snapshotBytes = 0
  /// Records after the snapshot, and bytes of their lines.
  package var records = 0
  package var journalBytes = 0
  /// What was mended or passed over.
  package var warnings: [LogWarning] = []
  /// Nil in a folder that never had a journal.
  var segment: Segment?

  /// Of a log that was never written.
  package init() {}
}

/// One line that a reader hands out.
package struct LogEntry {
  /// The record's number; for a line of a snapshot, the last record that it includes.
  package let seq: UInt64
  /// A JSON object: the payload as it was appended, or the snapshot's line. Valid during the call only.
  package let bytes: UnsafeRawBufferPointer
  /// Where it stands.
  package let file: String
  package let offset: Int

  /// The error to throw where the line is sound but its meaning is not.
  package func corruption(_ reason: String) -> LogCorruption {
    LogCorruption(file: file, offset: offset, reason: reason)
  }
}
