import JSON

/// A variable that no step before has captured.
struct MissingVariable: Error {
  let name: String
}

/// The values that `${name}` stands for.
struct Variables {
  private var values: [String: JSONValue]

  init(_ values: [String: JSONValue]) { self.values = values }

  mutating func set(_ name: String, _ value: JSONValue) { values[name] = value }

  /// The text with every variable put in; anything but a string is put in as JSON.
  func fill(_ template: String) throws(MissingVariable) -> String {
    var result = ""
    var rest = template[...]
    while let open = rest.firstRange(of: "${"),
      let close = rest[open.upperBound...].firstIndex(of: "}")
    {
      let value = try value(of: String(rest[open.upperBound..<close]))
      result += rest[..<open.lowerBound]
      result += value.stringValue ?? String(decoding: value.serialized(), as: UTF8.self)
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// The value with every variable in its strings put in; a string that is one variable becomes its value.
  func fill(_ template: JSONValue) throws(MissingVariable) -> JSONValue {
    switch template {
    case .string(let text):
      if text.hasPrefix("${"), text.firstIndex(of: "}") == text.indices.last {
        return try value(of: String(text.dropFirst(2).dropLast()))
      }
      return .string(try fill(text))
    case .array(let elements):
      return .array(try elements.map { (element) throws(MissingVariable) in try fill(element) })
    case .object(let object):
      return .object(
        JSONObject(
          try object.members.map { (member) throws(MissingVariable) in
            JSONObject.Member(name: member.name, value: try fill(member.value))
          }))
    case .null, .bool, .integer, .decimal: return template
    }
  }

  private func value(of name: String) throws(MissingVariable) -> JSONValue {
    guard let value = values[name] else { throw MissingVariable(name: name) }
    return value
  }
}
