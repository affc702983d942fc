import JSON

/// A rule for a field of the answer; the tests are those of a body rule, on the field's value as a string.
package struct FieldRule: Sendable {
  package let name: String
  package let tests: [ValueTest]

  /// Nil if satisfied, otherwise the expectation and the actual value.
  func failure(of value: String?, _ variables: Variables) -> String? {
    let values = value.map { [JSONValue.string($0)] } ?? []
    do throws(MissingVariable) {
      for test in tests {
        guard let expected = try test.expectation(of: values, variables) else { continue }
        return "field \(name): expected \(expected), got \(value.map { "\"\($0)\"" } ?? "no such field")"
      }
      return nil
    } catch {
      return "field \(name): cannot be compared: \(error)"
    }
  }
}

extension FieldRule {
  /// Reads "present", "absent", or an object of tests, in which `contains` is about a part of the text.
  init(_ member: JSONObject.Member, _ reader: ScriptReader) throws(ScriptError) {
    name = member.name
    switch member.value {
    case "present": tests = [.present]
    case "absent": tests = [.absent]
    case .object(let object) where !object.isEmpty:
      tests = try object.members.map { (member) throws(ScriptError) in
        if member.name == "contains", let text = member.value.stringValue { return .text(text) }
        return try ValueTest(member, reader)
      }
    default: throw reader.error("a field is \"present\", \"absent\", or has tests")
    }
  }
}
