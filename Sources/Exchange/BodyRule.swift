package import JSON

/// A rule for the values at one place of an answer's body, or for a variable.
package struct BodyRule: Sendable {
  /// The tested value.
  package enum Subject: Sendable {
    /// The values there in the body.
    case body(JSONPointer)
    /// The value itself, variables replaced; no value for a variable without one.
    case value(JSONValue)
  }

  package let subject: Subject
  /// All of these must hold.
  package let tests: [ValueTest]

  /// Nil if satisfied, otherwise the place, the expectation and the actual value.
  package func failure(of body: JSONValue, _ variables: Variables) -> String? {
    do throws(MissingVariable) {
      let values = try values(in: body, variables)
      for test in tests {
        guard let expected = try test.expectation(of: values, variables) else { continue }
        let found = values.isEmpty ? "nothing" : values.map(ValueTest.text).joined(separator: ", ")
        return "\(place): expected \(expected.prefix(600)), got \(found.prefix(400))"
      }
      return nil
    } catch {
      return "\(place): cannot be compared: \(error)"
    }
  }

  /// The place or value that the rule tests, for the text of a failure.
  private var place: String {
    switch subject {
    case .body(let pointer): pointer.description.isEmpty ? "the body" : pointer.description
    case .value(let template): template.stringValue ?? ValueTest.text(template)
    }
  }

  /// The tested values; a variable without a value, alone in its text, gives none instead of an error.
  private func values(in body: JSONValue, _ variables: Variables) throws(MissingVariable) -> [JSONValue] {
    switch subject {
    case .body(let pointer): return pointer.values(in: body)
    case .value(.string(let text)) where Variables.soleVariable(of: text) != nil:
      guard let value = try? variables.fill(.string(text)) else { return [] }
      return [value]
    case .value(let template): return [try variables.fill(template)]
    }
  }
}

extension BodyRule {
  /// Reads `{"path": "/active", "equals": true}`: a path or a value, and at least one test.
  init(_ reader: ScriptReader) throws(ScriptError) {
    switch (reader.json["path"], reader.json["value"]) {
    case (.string(let text)?, nil): subject = .body(try reader.pointer(text))
    case (nil, let value?): subject = .value(value)
    default: throw reader.error("a rule has a path or a value")
    }
    tests = try reader.json.members.filter { $0.name != "path" && $0.name != "value" }
      .map { (member) throws(ScriptError) in try ValueTest(member, reader) }
    guard !tests.isEmpty else { throw reader.error("a rule has a test") }
  }
}
