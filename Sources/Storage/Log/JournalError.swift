package import Platform

/// Why the journal did not take a record or start a segment.
package enum JournalError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The disk has no room; nothing was written and no number used, a later try may succeed.
  case full
  /// A write or a sync has failed; nothing is accepted until the process restarts.
  case failed
  /// `close()` was called.
  case closed
  /// The record would make a line longer than `RecordLine.maxBytes`.
  case tooLarge
  /// A system call failed.
  case system(SystemError)

  package var description: String {
    switch self {
    case .full: "no space left for the journal"
    case .failed: "the journal is closed after a failed write"
    case .closed: "the journal is closed"
    case .tooLarge: "the record is larger than \(RecordLine.maxBytes) bytes"
    case .system(let error): error.description
    }
  }

  init(_ error: SystemError) {
    self = LogIO.isFull(error) ? .full : .system(error)
  }
}
