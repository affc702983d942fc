package import JSON

/// What a filter is evaluated against: the document, and the attributes that are not kept in it.
package protocol FilterSubject {
  /// The value of a top-level attribute (`schema` nil) or of an extension's attribute; nil where it has none.
  func value(of attribute: Attribute, in schema: Schema?) -> JSONValue?
  /// The value of the path's attribute; of a complex one, what the path does not name may be left out.
  func value(of path: AttributePath) -> JSONValue?
  /// Whether a group has the member, told without building a list of a million members; nil where `members` is an
  /// attribute like others.
  func hasMember(_ id: String) -> Bool?
}

extension FilterSubject {
  package func value(of path: AttributePath) -> JSONValue? {
    path.attribute.flatMap { value(of: $0, in: path.schema) }
  }

  package func hasMember(_ id: String) -> Bool? { nil }
}

extension Filter {
  /// RFC 7644 §3.4.2.2: a multi-valued attribute matches when any value does; an absent one is `ne` to everything. `eq
  /// null` is bound as `not pr`.
  package func matches(_ subject: some FilterSubject) -> Bool {
    switch self {
    case .and(let a, let b): a.matches(subject) && b.matches(subject)
    case .or(let a, let b): a.matches(subject) || b.matches(subject)
    case .not(let a): !a.matches(subject)
    case .constant(let value): value
    case .present(let path):
      subject.value(of: path)?.isPresent(path.sub) ?? false
    case .compare(let comparison):
      comparison.memberID.flatMap(subject.hasMember) ?? comparison.matches(subject)
    case .values(let path, let inner):
      if case .compare(let comparison) = inner, let answer = comparison.memberID.flatMap(subject.hasMember) {
        answer
      } else {
        subject.value(of: path)?.elements.contains { inner.matches(element: $0) } ?? false
      }
    }
  }

  /// The same for one value of a multi-valued attribute; paths name sub-attributes.
  package func matches(element: JSONValue) -> Bool {
    switch self {
    case .and(let a, let b): a.matches(element: element) && b.matches(element: element)
    case .or(let a, let b): a.matches(element: element) || b.matches(element: element)
    case .not(let a): !a.matches(element: element)
    case .constant(let value): value
    case .present(let path): element.isPresent(path.sub)
    case .compare(let comparison): comparison.matches([element])
    case .values: false
    }
  }
}

extension Filter.Comparison {
  /// The id where the comparison asks for a member of a group: `members.value eq "id"`.
  fileprivate var memberID: String? {
    guard op == .eq, case .text(let id) = operand, path.schema == nil, path.attribute?.name == "members",
      path.sub?.name == "value"
    else { return nil }
    return id.text
  }

  fileprivate func matches(_ subject: some FilterSubject) -> Bool {
    matches(subject.value(of: path)?.elements ?? [])
  }

  fileprivate func matches(_ elements: [JSONValue]) -> Bool {
    guard let leaf = path.leaf else { return false }
    var found = false
    for element in elements {
      guard let value = scalar(of: element, leaf) else { continue }
      found = true
      // A sub-attribute, too, may have several values.
      if case .array(let several) = value {
        if several.contains(where: holds) { return true }
      } else if holds(value) {
        return true
      }
    }
    return op == .ne && !found
  }

  /// A value without `primary` is not the primary one (RFC 7643 §2.4).
  private func scalar(of element: JSONValue, _ leaf: Attribute) -> JSONValue? {
    guard let sub = path.sub else { return element.isNull ? nil : element }
    if let value = element[sub.name], !value.isNull { return value }
    return leaf.kind == .boolean && sub.name == "primary" ? .bool(false) : nil
  }

  private func holds(_ value: JSONValue) -> Bool {
    switch operand {
    case .boolean(let flag): return value.boolValue.map { ($0 == flag) == (op == .eq) } ?? false
    case .integer(let number):
      if let other = value.integerValue { return ordered(other, number) }
      return value.number.map { ordered($0, Double(number)) } ?? false
    case .decimal(let number): return value.number.map { ordered($0, number) } ?? false
    case .dateTime(let instant):
      return value.stringValue.flatMap(DateTime.init).map { ordered($0, instant) } ?? false
    case .text(let text):
      return value.stringValue.map { holds(TextKey($0, of: path.leaf), text) } ?? false
    case .link(let text):
      return value.stringValue.map { holds(LinkComparison.comparable($0), text) } ?? false
    }
  }

  private func ordered<T: Comparable>(_ a: T, _ b: T) -> Bool {
    switch op {
    case .eq: a == b
    case .ne: a != b
    case .gt: a > b
    case .ge: a >= b
    case .lt: a < b
    case .le: a <= b
    case .co, .sw, .ew: false
    }
  }

  private func holds(_ a: TextKey, _ b: TextKey) -> Bool {
    switch op {
    case .co: a.contains(b)
    case .sw: a.begins(with: b)
    case .ew: a.ends(with: b)
    default: ordered(a, b)
    }
  }
}

extension JSONValue {
  /// The values of a multi-valued attribute; a single value as one.
  package var elements: [JSONValue] { arrayValue ?? (isNull ? [] : [self]) }

  var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .decimal(let number): number.value
    default: nil
    }
  }

  /// RFC 7644 table 3 `pr`: not null, not empty; of a complex value, any part that is not empty.
  func isPresent(_ sub: Attribute? = nil) -> Bool {
    if let sub { return elements.contains { $0[sub.name]?.isPresent() ?? false } }
    switch self {
    case .null: return false
    case .string(let text): return !text.isEmpty
    case .array(let values): return values.contains { $0.isPresent() }
    case .object(let object): return object.members.contains { $0.value.isPresent() }
    case .bool, .integer, .decimal: return true
    }
  }
}
