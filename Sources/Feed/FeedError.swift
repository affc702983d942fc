package import Storage

/// Why events cannot be read.
package enum FeedError: Error, Sendable {
  /// The cursor is not one of this directory.
  case unknownCursor
  /// The cursor is older than the events that are kept, or of another incarnation; the oldest event, if there is one.
  case gone(oldest: EventID?)
  case log(LogError)
}
