import Client
package import JSON

/// The values of `${name}`.
///
/// `${user.meta.version}` and `${user/meta/version}` reach into a value; a "*" on the way gives an array.
/// `${answer:ETag}` is a field and `${answer:status}` the status of an answer that was kept. `|upper`, `|lower`,
/// `|tampered` (another last character), `|count` and `|next` (the number plus one) change the value.
/// `${1000*(}` is the text 1,000 times.
package struct Variables: Sendable {
  /// Bytes of a repeated text and elements of a repeated array; bounds what a script can ask for.
  static let maxRepetition = 4 << 20

  private var values: [String: JSONValue]
  private var answers: [String: Answer] = [:]

  package init(_ values: [String: JSONValue]) { self.values = values }

  package mutating func set(_ name: String, _ value: JSONValue) { values[name] = value }

  /// Makes the body the value of the name, and the answer's fields and status reachable under it.
  package mutating func keep(_ name: String, _ answer: Answer) {
    values[name] = answer.json
    answers[name] = answer
  }

  /// The text with every variable put in; anything but a string is put in as JSON.
  /// - Parameter encode: applied to inserted values.
  package func fill(
    _ template: String, encode: (String) -> String = { $0 }
  ) throws(MissingVariable) -> String {
    var result = ""
    var rest = template[...]
    while let open = rest.firstRange(of: "${"),
      let close = rest[open.upperBound...].firstIndex(of: "}")
    {
      let value = try value(of: String(rest[open.upperBound..<close]))
      result += rest[..<open.lowerBound]
      result += encode(value.stringValue ?? value.serializedText)
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// The value with every variable in its strings put in; a string that is one variable becomes its value.
  ///
  /// An element `{"$repeat": 3, "$of": x}` of an array becomes three elements x, in which `${index}` counts from 1.
  package func fill(_ template: JSONValue) throws(MissingVariable) -> JSONValue {
    switch template {
    case .string(let text):
      guard let name = Self.soleVariable(of: text) else { return .string(try fill(text)) }
      return try value(of: name)
    case .array(let elements):
      var filled: [JSONValue] = []
      for element in elements { filled += try repeated(element) }
      return .array(filled)
    case .object(let object):
      return .object(
        JSONObject(
          try object.members.map { (member) throws(MissingVariable) in
            JSONObject.Member(name: try fill(member.name), value: try fill(member.value))
          }))
    case .null, .bool, .integer, .decimal: return template
    }
  }

  /// The elements that one element of a template becomes: itself, or as many as its `$repeat` says.
  private func repeated(_ element: JSONValue) throws(MissingVariable) -> [JSONValue] {
    guard let times = element["$repeat"], let template = element["$of"] else { return [try fill(element)] }
    let count = min(Int(try fill(times).integerValue ?? 0), Self.maxRepetition / 64)
    var elements: [JSONValue] = []
    var variables = self
    for index in 0..<max(count, 0) {
      variables.set("index", .integer(Int64(index + 1)))
      elements.append(try variables.fill(template))
    }
    return elements
  }

  /// The variable's name in a text that consists of one variable.
  static func soleVariable(of text: String) -> String? {
    guard text.hasPrefix("${"), text.firstIndex(of: "}") == text.indices.last else { return nil }
    return String(text.dropFirst(2).dropLast())
  }

  /// The value of what stands between `${` and `}`, with its changes applied.
  private func value(of reference: String) throws(MissingVariable) -> JSONValue {
    if let star = reference.firstIndex(of: "*"), let times = Int(reference[..<star]), times >= 0 {
      let text = String(reference[reference.index(after: star)...])
      return .string(String(repeating: text, count: min(times, Self.maxRepetition / max(text.utf8.count, 1))))
    }
    let parts = reference.split(separator: "|", omittingEmptySubsequences: false)
    guard var value = plainValue(of: String(parts[0])) else { throw MissingVariable(name: reference) }
    for change in parts.dropFirst() {
      guard let changed = Self.changed(value, change) else { throw MissingVariable(name: reference) }
      value = changed
    }
    return value
  }

  /// The value of a reference without changes: a name, a place in its value, or a field or the status of an answer.
  private func plainValue(of reference: String) -> JSONValue? {
    if let value = values[reference] { return value }
    guard let end = reference.firstIndex(where: { $0 == "." || $0 == "/" || $0 == ":" }) else { return nil }
    let name = String(reference[..<end])
    let rest = reference[reference.index(after: end)...]
    if reference[end] == ":" {
      guard let response = answers[name]?.response else { return nil }
      return rest == "status"
        ? .integer(Int64(response.status)) : response.list(String(rest)).map { .string($0) }
    }
    let path = reference[end] == "/" ? String(rest) : String(rest.replacing(".", with: "/"))
    guard let root = values[name], let pointer = JSONPointer("/" + path) else { return nil }
    let found = pointer.values(in: root)
    return path.split(separator: "/").contains("*") ? .array(found) : found.first
  }

  /// Nil for a change that does not exist or does not apply to this kind of value.
  private static func changed(_ value: JSONValue, _ change: Substring) -> JSONValue? {
    switch (change, value) {
    case ("upper", .string(let text)): .string(text.uppercased())
    case ("lower", .string(let text)): .string(text.lowercased())
    case ("tampered", .string(let text)): .string("\(text.dropLast())\(text.hasSuffix("A") ? "B" : "A")")
    case ("count", .array(let elements)): .integer(Int64(elements.count))
    case ("next", .integer(let number)): .integer(number &+ 1)
    default: nil
    }
  }
}
