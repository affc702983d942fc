/// How a store behaves.
package struct StoreOptions: Sendable {
  /// A second group with the same displayName is a conflict.
  package var uniqueGroupNames = false
  /// Bytes of journal after which a snapshot is taken, so that a start reads little.
  package var snapshotBytes = 64 << 20

  package init() {}
}
