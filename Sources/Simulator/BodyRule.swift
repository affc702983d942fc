package import JSON

/// What the values at one place of the answer's body must satisfy.
package struct BodyRule: Sendable {
  /// The tests of the script format, under the names they have there.
  package enum Test: Sendable {
    /// There is exactly one value and it is this.
    case equals(JSONValue)
    /// One of the values is this.
    case contains(JSONValue)
    /// None of the values is this.
    case excludes(JSONValue)
    /// There is one array of this length, or none and the length is 0.
    case count(Int)
    /// There is one integer and it is not smaller.
    case atLeast(Int64)
    /// There is one value and it is of this kind.
    case kind(Kind)
    /// There is a string with this text in it.
    case text(String)
    case present
    case absent
  }

  /// The kinds of value that can be asked for.
  package enum Kind: String, Sendable {
    case string, integer, boolean, array, object
  }

  package let pointer: JSONPointer
  package let test: Test

  /// Nil when satisfied, else the place, what was expected and what was there.
  func failure(of body: JSONValue, _ variables: Variables) throws(MissingVariable) -> String? {
    let values = pointer.values(in: body)
    guard let expected = try expectation(of: values, variables) else { return nil }
    let found = values.isEmpty ? "nothing" : values.map(Self.text).joined(separator: ", ")
    return "\(pointer): expected \(expected), got \(found.prefix(400))"
  }

  /// What was expected of these values, in words, unless they satisfy it.
  private func expectation(
    of values: [JSONValue], _ variables: Variables
  ) throws(MissingVariable) -> String? {
    switch test {
    case .equals(let template):
      let value = try variables.fill(template)
      return values == [value] ? nil : Self.text(value)
    case .contains(let template):
      let value = try variables.fill(template)
      return values.contains(value) ? nil : "\(Self.text(value)) among them"
    case .excludes(let template):
      let value = try variables.fill(template)
      return values.contains(value) ? "no \(Self.text(value)) among them" : nil
    case .text(let template):
      let text = try variables.fill(template)
      return values.contains { $0.stringValue?.contains(text) == true } ? nil : "a text with \"\(text)\""
    default: return plainExpectation(of: values)
    }
  }

  private func plainExpectation(of values: [JSONValue]) -> String? {
    switch test {
    case .count(let count):
      let length = values.isEmpty ? 0 : values.first?.arrayValue?.count
      return values.count <= 1 && length == count ? nil : "an array of \(count)"
    case .atLeast(let least):
      return (values.first?.integerValue).map { $0 >= least } == true ? nil : "\(least) or more"
    case .kind(let kind):
      return values.count == 1 && values.first.map(Self.kind) == kind
        ? nil : "a value of kind \(kind.rawValue)"
    case .present: return values.isEmpty ? "a value" : nil
    case .absent: return values.isEmpty ? nil : "nothing"
    case .equals, .contains, .excludes, .text: return nil
    }
  }

  private static func kind(of value: JSONValue) -> Kind? {
    switch value {
    case .string: .string
    case .integer: .integer
    case .bool: .boolean
    case .array: .array
    case .object: .object
    case .null, .decimal: nil
    }
  }

  private static func text(_ value: JSONValue) -> String {
    String(decoding: value.serialized(), as: UTF8.self)
  }
}
