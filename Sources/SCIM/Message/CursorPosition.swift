/// Where a page of a walk by cursor ends: at the last resource shown, by what cannot change under the walk (RFC 9865).
/// The next page begins with the next resource in order, whether this one still exists or not.
package struct CursorPosition: Sendable, Equatable {
  /// The resource's place in the order of creation.
  package let ordinal: UInt64
  /// The value it was sorted by; nil if it had no value, or the query does not sort.
  package let sortValue: SortValue?

  package init(ordinal: UInt64, sortValue: SortValue? = nil) {
    self.ordinal = ordinal
    self.sortValue = sortValue
  }
}
