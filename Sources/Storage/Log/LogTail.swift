import JSON

/// Where a log ends, and what reading it found; `Journal.open` continues from here.
package struct LogTail: Sendable, Equatable {
  /// The last segment: the number in its name and the bytes of it that are good (0: not even its header).
  struct Segment: Sendable, Equatable {
    let first: UInt64
    var size: Int
    /// The format of its lines.
    var format = LogName.format
  }

  /// After the last record.
  package var point = LogPoint.start
  /// The last record included in the snapshot in use; nil without a snapshot.
  package var snapshot: UInt64?
  /// Lines of the snapshot, and bytes of its file.
  package var entries = 0
  package var snapshotBytes = 0
  /// Records after the snapshot, and bytes of their lines.
  package var records = 0
  package var journalBytes = 0
  /// The incarnations of the log; the last one continues.
  var incarnations = Incarnations()
  /// Damage that was repaired or skipped.
  package var warnings: [LogWarning] = []
  /// Nil in a folder that never had a journal.
  var segment: Segment?

  /// Of a log that was never written.
  package init() {}
}
