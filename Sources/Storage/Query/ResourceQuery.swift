package import SCIM

/// A query over the resources of one or more types, its names already bound.
package struct ResourceQuery: Sendable {
  /// A query for one resource type.
  package struct Part: Sendable {
    package let type: ResourceType
    package let filter: Filter?
    package let sort: SortKey?

    package init(type: ResourceType, filter: Filter?, sort: SortKey?) {
      self.type = type
      self.filter = filter
      self.sort = sort
    }
  }

  package let parts: [Part]
  /// 1-based; without meaning for a walk by cursor.
  package let startIndex: Int
  /// Nil for a page by index.
  package let cursor: CursorStart?
  package let count: Int
  /// The base of links, for filters on `meta.location` and `$ref`.
  package let base: String
  /// Bytes after which a page ends, although fewer than `count` resources are on it; one resource is on it however
  /// large it is, and members do not count, as they are read when they are sent (RFC 7644 §3.4.2.4 lets a server return
  /// fewer).
  package let maxBytes: Int
  /// Whether the page is going to show members; false spares collecting them.
  package let showsMembers: Bool

  package init(
    parts: [Part], startIndex: Int = 1, cursor: CursorStart? = nil, count: Int,
    maxBytes: Int = .max, base: String, showsMembers: Bool
  ) {
    self.parts = parts
    self.startIndex = startIndex
    self.cursor = cursor
    self.count = count
    self.maxBytes = maxBytes
    self.base = base
    self.showsMembers = showsMembers
  }

  var isPlain: Bool { parts.allSatisfy { $0.filter == nil && $0.sort == nil } }
}
