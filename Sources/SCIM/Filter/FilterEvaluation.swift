package import JSON

extension Filter {
  /// RFC 7644 §3.4.2.2: a multi-valued attribute matches when any value does; an absent one is `ne` to everything. `eq
  /// null` is bound as `not pr`.
  package func matches(
    _ subject: some FilterSubject, _ budget: inout WorkBudget
  ) throws(SCIMError) -> Bool {
    switch self {
    case .and(let a, let b):
      guard try a.matches(subject, &budget) else { return false }
      return try b.matches(subject, &budget)
    case .or(let a, let b):
      if try a.matches(subject, &budget) { return true }
      return try b.matches(subject, &budget)
    case .not(let a): return try !a.matches(subject, &budget)
    case .constant(let value): return value
    case .present(let path):
      if let answer = try subject.answer(self, &budget) { return answer }
      try budget.spend(subject.cost(of: path))
      return subject.value(of: path)?.isPresent(path.sub) ?? false
    case .compare(let comparison):
      if let answer = try subject.answer(self, &budget) { return answer }
      try budget.spend(subject.cost(of: comparison.path))
      return try comparison.matches(subject.value(of: comparison.path)?.elements ?? [], &budget)
    case .values(let path, let inner):
      if let answer = try subject.answer(self, &budget) { return answer }
      try budget.spend(subject.cost(of: path))
      for element in subject.value(of: path)?.elements ?? [] {
        if try inner.matches(element: element, &budget) { return true }
      }
      return false
    }
  }

  /// The same for one value of a multi-valued attribute; paths name sub-attributes.
  package func matches(element: JSONValue, _ budget: inout WorkBudget) throws(SCIMError) -> Bool {
    switch self {
    case .and(let a, let b):
      guard try a.matches(element: element, &budget) else { return false }
      return try b.matches(element: element, &budget)
    case .or(let a, let b):
      if try a.matches(element: element, &budget) { return true }
      return try b.matches(element: element, &budget)
    case .not(let a): return try !a.matches(element: element, &budget)
    case .constant(let value): return value
    case .present(let path):
      try budget.spend(1)
      return element.isPresent(path.sub)
    case .compare(let comparison): return try comparison.matches([element], &budget)
    case .values: return false
    }
  }

  /// The `value` that an element must have to match: the id of a member or a group; nil if the filter does not say.
  package var selectedID: String? {
    switch self {
    case .and(let a, let b): return a.selectedID ?? b.selectedID
    case .compare(let comparison):
      guard comparison.op == .eq, case .text(let id) = comparison.operand,
        comparison.path.sub?.name == "value"
      else { return nil }
      return id.text
    case .or, .not, .constant, .present, .values: return nil
    }
  }

  /// True if the filter uses no other sub-attribute.
  package func asksOnly(for name: String) -> Bool {
    switch self {
    case .and(let a, let b), .or(let a, let b): a.asksOnly(for: name) && b.asksOnly(for: name)
    case .not(let a): a.asksOnly(for: name)
    case .constant: true
    case .present(let path): path.sub?.name == name
    case .compare(let comparison): comparison.path.sub?.name == name
    case .values: false
    }
  }
}

extension Filter.Comparison {
  /// Whether a value satisfies the comparison; with `ne`, also if no element has the sub-attribute.
  fileprivate func matches(_ elements: [JSONValue], _ budget: inout WorkBudget) throws(SCIMError) -> Bool {
    guard let leaf = path.leaf else { return false }
    var found = false
    for element in elements {
      guard let value = scalar(of: element, leaf) else {
        try budget.spend(1)
        continue
      }
      found = true
      // A sub-attribute, too, may have several values.
      if case .array(let several) = value {
        for value in several {
          try budget.spend(cost(of: value))
          if holds(value) { return true }
        }
      } else {
        try budget.spend(cost(of: value))
        if holds(value) { return true }
      }
    }
    return op == .ne && !found
  }

  /// The cost of comparing the value. Folding letters beyond ASCII and splitting links cost more.
  private func cost(of value: JSONValue) -> Int {
    guard case .string(let text) = value, text.utf8.count >= 64 else { return 1 }
    let pieces = text.utf8.count >> 6
    switch operand {
    case .link: return 1 + pieces * 8
    case .text where path.leaf?.comparesExactly == false && Bytes.letters(in: text) == .other:
      return 1 + pieces * 32
    default: return 1 + pieces
    }
  }

  /// A value without `primary` is not the primary one (RFC 7643 §2.4).
  private func scalar(of element: JSONValue, _ leaf: Attribute) -> JSONValue? {
    guard let sub = path.sub else { return element.isNull ? nil : element }
    if let value = element[sub.name], !value.isNull { return value }
    return leaf.kind == .boolean && sub.name == "primary" ? .bool(false) : nil
  }

  /// The comparison with one value; false for a value of another type.
  private func holds(_ value: JSONValue) -> Bool {
    switch operand {
    case .boolean(let flag): return value.boolValue.map { ($0 == flag) == (op == .eq) } ?? false
    case .integer(let number):
      if let other = value.integerValue { return ordered(other, number) }
      return ExactNumber(value).map { ordered($0, ExactNumber(number)) } ?? false
    case .decimal(let number): return ExactNumber(value).map { ordered($0, number) } ?? false
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
