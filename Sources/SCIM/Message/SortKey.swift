import JSON

/// `sortBy` and `sortOrder`, bound to a resource type (RFC 7644 §3.4.2.3).
package struct SortKey: Sendable {
  package let path: AttributePath
  package let descending: Bool

  /// Throws 400 invalidPath for a name that cannot be sorted by.
  package init(_ name: String, descending: Bool, of type: ResourceType) throws(SCIMError) {
    guard let path = type.path(name), let attribute = path.attribute, path.leaf?.returned != .never else {
      throw SCIMError(
        .sortUnknown,
        "\"\(name)\" is not an attribute of \(type.name) that can be used for sorting.")
    }
    guard let leaf = path.leaf, leaf.kind == .complex else {
      self.path = path
      self.descending = descending
      return
    }
    guard let value = leaf.valueAttribute else {
      throw SCIMError(.sortComplex, "\"\(name)\" is complex: name one of its sub-attributes to sort by.")
    }
    self.path = AttributePath(schema: path.schema, attribute: attribute, sub: value)
    self.descending = descending
  }

  /// The sort key of a resource: of several values the primary one, otherwise the first. Nil sorts last if ascending.
  package func value(of subject: some FilterSubject) -> SortValue? {
    guard let leaf = path.leaf, let elements = subject.value(of: path)?.elements else { return nil }
    let chosen = elements.first { $0["primary"]?.boolValue == true } ?? elements.first
    guard let value = path.sub.map({ chosen?[$0.name] }) ?? chosen else { return nil }
    return SortValue(value, leaf)
  }

  /// True if `a` comes before `b`; ties are the caller's to break.
  package func precedes(_ a: SortValue?, _ b: SortValue?) -> Bool {
    switch (a, b) {
    case (nil, nil): false
    case (nil, _): descending
    case (_, nil): !descending
    case (let a?, let b?): descending ? b < a : a < b
    }
  }
}
