/// How a store behaves.
package struct StoreOptions: Sendable {
  /// A second group with the same displayName is a conflict.
  package var uniqueGroupNames = false
  /// Bytes of journal after which a snapshot is taken, so that a start reads little.
  package var snapshotBytes = 64 << 20

  /// How long what was deleted is kept and can be restored, in milliseconds; 0 keeps nothing.
  package var deletedRetention: Int64 = 90 * 86_400_000

  /// How much history is kept in addition to what a start needs.
  package var historyRetention = LogRetention()

  package init() {}
}
