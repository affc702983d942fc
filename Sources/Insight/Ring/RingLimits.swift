/// How much the ring keeps; the oldest entries go first.
package struct RingLimits: Sendable {
  /// Entries of one directory; 0 keeps none.
  package var entries = 50_000
  /// Bytes of one directory.
  package var bytes = 64 << 20
  /// Milliseconds.
  package var age: Int64 = 14 * 86_400_000
  /// Bytes of all directories together: the largest gives way.
  package var totalBytes = 2 << 30
  /// Entries that wait to be written; any more are dropped.
  package var waiting = 8192
  /// Bytes of requests in memory that wait to be written.
  package var waitingBytes = 16 << 20

  package init() {}

  /// A directory's entries are in about this many files, as only whole files are removed.
  static let files = 16
}
