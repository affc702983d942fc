/// Where a page of a walk by cursor ends: at the last resource shown, by what cannot change under the walk (RFC 9865).
///
/// The next page begins with what sorts behind it, whether the resource itself is still there or not.
package struct CursorPosition: Sendable, Equatable {
  /// The resource's place in the order of creation.
  package let ordinal: UInt64
  /// What it was sorted by; nil where it had no value, or nothing is sorted.
  package let sortValue: SortValue?

  package init(ordinal: UInt64, sortValue: SortValue? = nil) {
    self.ordinal = ordinal
    self.sortValue = sortValue
  }
}
