/// Something that happened in the store without a request: for the log.
package enum StoreEvent: Sendable {
  case warning(String)
  case snapshot(directory: String, seq: UInt64, bytes: Int, retired: Int)
  /// A write or a sync failed: nothing more will be acknowledged, and the process should end.
  case journalStopped(directory: String, reason: String)
}
