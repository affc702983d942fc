import JSON

extension ValueTest {
  /// The expectation as text, unless the values satisfy the test.
  func expectation(of values: [JSONValue], _ variables: Variables) throws(MissingVariable) -> String? {
    switch self {
    case .present: return values.isEmpty ? "a value" : nil
    case .absent: return values.isEmpty ? nil : "nothing"
    case .kind(let kind):
      return !values.isEmpty && values.allSatisfy { Self.matches($0, kind) }
        ? nil : "a value of kind \(kind.rawValue)"
    case .form(let form):
      let good = !values.isEmpty && values.allSatisfy { $0.stringValue.map(form.matches) ?? false }
      return good ? nil : "a text of the form \(form.rawValue)"
    case .distinct:
      let texts = values.map { ByteString(Self.text($0)) }
      return Set(texts).count == texts.count ? nil : "values that differ from each other"
    case .sorted(let order): return order.isKept(by: values) ? nil : "\(order.rawValue) order"
    case .members, .membersWithin: return memberExpectation(of: values)
    case .every(let rules), .some(let rules): return elementExpectation(of: values, rules, variables)
    case .text(let template), .startsWith(let template), .endsWith(let template), .nowhere(let template):
      return textExpectation(of: values, try variables.fill(template))
    case .equals(let template), .differs(let template), .equalsIgnoringCase(let template),
      .oneOf(let template), .contains(let template), .excludes(let template), .sameSet(let template):
      return equalityExpectation(of: values, try variables.fill(template))
    case .count(let template), .atLeast(let template), .atMost(let template), .notBefore(let template),
      .after(let template):
      return orderExpectation(of: values, try variables.fill(template))
    }
  }

  /// For the tests that compare whole values, with the variables of `wanted` filled in.
  private func equalityExpectation(of values: [JSONValue], _ wanted: JSONValue) -> String? {
    let text = Self.text(wanted)
    switch self {
    case .equals: return values == [wanted] ? nil : text
    case .differs: return values.count <= 1 && values.first != wanted ? nil : "anything but \(text)"
    case .equalsIgnoringCase:
      let same = values.count == 1 && values[0].stringValue?.lowercased() == wanted.stringValue?.lowercased()
      return same ? nil : "\(text) in letters of any case"
    case .oneOf:
      let good = !values.isEmpty && values.allSatisfy { (wanted.arrayValue ?? []).contains($0) }
      return good ? nil : "one of \(text)"
    case .contains: return values.contains(wanted) ? nil : "\(text) among them"
    case .excludes: return values.contains(wanted) ? "no \(text) among them" : nil
    default:
      let found = values.map { ByteString(Self.text($0)) }
      let expected = (wanted.arrayValue ?? []).map { ByteString(Self.text($0)) }
      return found.count == expected.count && Set(found) == Set(expected) ? nil : "just \(text) in any order"
    }
  }

  /// For the tests on lengths, numbers and instants.
  private func orderExpectation(of values: [JSONValue], _ wanted: JSONValue) -> String? {
    let text = Self.text(wanted)
    switch self {
    case .count:
      let length = values.isEmpty ? 0 : values.first?.arrayValue?.count
      return values.count <= 1 && length.map { .integer(Int64($0)) } == wanted ? nil : "an array of \(text)"
    case .atLeast: return Self.isOne(values, wanted, Self.number, >=) ? nil : "\(text) or more"
    case .atMost: return Self.isOne(values, wanted, Self.number, <=) ? nil : "\(text) or less"
    case .notBefore: return Self.isOne(values, wanted, Self.instant, >=) ? nil : "\(text) or later"
    default: return Self.isOne(values, wanted, Self.instant, >) ? nil : "later than \(text)"
    }
  }

  /// For the tests on parts of texts, compared byte by byte.
  private func textExpectation(of values: [JSONValue], _ text: String) -> String? {
    func all(_ satisfy: (String) -> Bool) -> Bool {
      !values.isEmpty && values.allSatisfy { $0.stringValue.map(satisfy) ?? false }
    }
    switch self {
    case .text:
      let found = values.contains { $0.stringValue?.utf8.contains(text.utf8) ?? false }
      return found ? nil : "a text with \"\(text)\""
    case .startsWith:
      return all { $0.utf8.starts(with: text.utf8) } ? nil : "a text that starts with \"\(text)\""
    case .endsWith:
      return all { $0.utf8.reversed().starts(with: text.utf8.reversed()) }
        ? nil : "a text that ends with \"\(text)\""
    default:
      return values.contains { Self.text($0).utf8.contains(text.utf8) } ? "nowhere \"\(text)\"" : nil
    }
  }

  /// For the tests on the names of members.
  private func memberExpectation(of values: [JSONValue]) -> String? {
    guard values.count == 1, let object = values[0].objectValue else { return "an object" }
    let found = Set(object.members.map { ByteString($0.name) })
    switch self {
    case .members(let names):
      return found == Set(names.map(ByteString.init)) ? nil : "just the members \(names)"
    case .membersWithin(let names):
      return found.isSubset(of: names.map(ByteString.init)) ? nil : "no members but \(names)"
    default: return nil
    }
  }

  /// For the tests on the elements of an array; names the first element that fails.
  private func elementExpectation(
    of values: [JSONValue], _ rules: [BodyRule], _ variables: Variables
  ) -> String? {
    guard values.count == 1, let elements = values[0].arrayValue else { return "an array" }
    func failure(_ element: JSONValue) -> String? {
      rules.lazy.compactMap { $0.failure(of: element, variables) }.first
    }
    if case .some = self {
      return elements.contains { failure($0) == nil } ? nil : "an element that satisfies the rules"
    }
    for (index, element) in elements.enumerated() {
      if let failure = failure(element) {
        return "every element to satisfy the rules; at \(index): \(failure)"
      }
    }
    return nil
  }

  /// Whether there is exactly one value and it compares with the wanted one as asked.
  private static func isOne<T: Comparable>(
    _ values: [JSONValue], _ wanted: JSONValue, _ read: (JSONValue) -> T?, _ compare: (T, T) -> Bool
  ) -> Bool {
    guard values.count == 1, let found = read(values[0]), let wanted = read(wanted) else { return false }
    return compare(found, wanted)
  }

  /// An integer is a `number` too.
  private static func matches(_ value: JSONValue, _ kind: Kind) -> Bool {
    switch (kind, value) {
    case (.string, .string), (.integer, .integer), (.number, .integer), (.number, .decimal),
      (.boolean, .bool),
      (.array, .array), (.object, .object):
      true
    default: false
    }
  }

  static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .decimal(let number): number.value
    default: nil
    }
  }

  static func instant(_ value: JSONValue) -> Instant? { value.stringValue.flatMap { Instant($0) } }

  static func text(_ value: JSONValue) -> String { value.serializedText }
}
