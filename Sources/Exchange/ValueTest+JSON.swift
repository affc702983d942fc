import JSON

extension ValueTest {
  /// Reads one member of a rule.
  init(_ member: JSONObject.Member, _ reader: ScriptReader) throws(ScriptError) {
    switch (member.name, member.value) {
    case ("present", true): self = .present
    case ("absent", true): self = .absent
    case ("distinct", true): self = .distinct
    case ("equals", let value): self = .equals(value)
    case ("differs", let value): self = .differs(value)
    case ("equalsIgnoringCase", let value): self = .equalsIgnoringCase(value)
    case ("oneOf", let value): self = .oneOf(value)
    case ("contains", let value): self = .contains(value)
    case ("excludes", let value): self = .excludes(value)
    case ("sameSet", let value): self = .sameSet(value)
    case ("every", .array(let rules)): self = .every(try reader.rules(rules))
    case ("some", .array(let rules)): self = .some(try reader.rules(rules))
    case (let name, .string(let text)): self = try ValueTest(name, text: text, reader)
    case (let name, .array(let list)): self = try ValueTest(name, list: list, reader)
    case (let name, .integer): self = try ValueTest(name, number: member.value, reader)
    default: throw reader.error("no test \"\(member.name)\" of this form")
    }
  }

  /// A test with a text; a text that is only a variable can stand for a number.
  private init(_ name: String, text: String, _ reader: ScriptReader) throws(ScriptError) {
    switch name {
    case "text": self = .text(text)
    case "startsWith": self = .startsWith(text)
    case "endsWith": self = .endsWith(text)
    case "nowhere": self = .nowhere(text)
    case "notBefore": self = .notBefore(.string(text))
    case "after": self = .after(.string(text))
    case "kind": self = .kind(try reader.word(text, "kind"))
    case "form": self = .form(try reader.word(text, "form"))
    case "sorted": self = .sorted(try reader.word(text, "order"))
    default:
      guard Variables.soleVariable(of: text) != nil else {
        throw reader.error("no test \"\(name)\" of this form")
      }
      self = try ValueTest(name, number: .string(text), reader)
    }
  }

  /// - Parameter number: a number, or a variable for one.
  private init(_ name: String, number: JSONValue, _ reader: ScriptReader) throws(ScriptError) {
    switch name {
    case "count": self = .count(number)
    case "atLeast": self = .atLeast(number)
    case "atMost": self = .atMost(number)
    default: throw reader.error("no test \"\(name)\" of this form")
    }
  }

  /// A test with a list of names.
  private init(_ name: String, list: [JSONValue], _ reader: ScriptReader) throws(ScriptError) {
    let names = list.compactMap(\.stringValue)
    switch name {
    case "members" where names.count == list.count: self = .members(names)
    case "membersWithin" where names.count == list.count: self = .membersWithin(names)
    default: throw reader.error("no test \"\(name)\" of this form")
    }
  }
}
