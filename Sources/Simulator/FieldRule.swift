/// What a field of the answer must satisfy.
package struct FieldRule: Sendable {
  /// The tests of the script format.
  package enum Test: Sendable {
    case present
    case absent
    case equals(String)
    case contains(String)
  }

  package let name: String
  package let test: Test

  /// Nil when satisfied, else what was expected and what was there.
  func failure(of value: String?, _ variables: Variables) throws(MissingVariable) -> String? {
    let found = value.map { "\"\($0)\"" } ?? "no such field"
    switch test {
    case .present: return value == nil ? "field \(name): expected one, got none" : nil
    case .absent: return value != nil ? "field \(name): expected none, got \(found)" : nil
    case .equals(let template):
      let text = try variables.fill(template)
      return value == text ? nil : "field \(name): expected \"\(text)\", got \(found)"
    case .contains(let template):
      let text = try variables.fill(template)
      return value?.contains(text) == true
        ? nil : "field \(name): expected a text with \"\(text)\", got \(found)"
    }
  }
}
