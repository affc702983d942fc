package import SCIM

/// One page of a query's results.
package struct ResourcePage: Sendable {
  /// All matches, not only those of the page.
  package let total: Int
  package let resources: [StoredResource]

  /// About how long the page is.
  package var estimatedBytes: Int { resources.reduce(0) { $0 + $1.estimatedBytes } }
  /// Where the next page of a walk by cursor begins; nil after the last page, and for a page by index.
  package var next: CursorPosition?
}
