import JSON

/// An object of a script file, and where it stands for the message of an error.
struct ScriptReader {
  let json: JSONObject
  let place: String

  init(_ value: JSONValue, at place: String) throws(ScriptError) {
    guard let json = value.objectValue else { throw ScriptError("\(place): expected an object") }
    self.json = json
    self.place = place
  }

  func error(_ text: String) -> ScriptError { ScriptError("\(place): \(text)") }

  /// Refuses members other than these.
  func allow(_ names: Set<String>) throws(ScriptError) {
    for member in json.members where !names.contains(member.name) {
      throw error("unknown member \"\(member.name)\"")
    }
  }

  func string(_ name: String) throws(ScriptError) -> String {
    guard let text = json[name]?.stringValue else { throw error("no string \"\(name)\"") }
    return text
  }

  func array(_ name: String) throws(ScriptError) -> [JSONValue] {
    guard let elements = json[name]?.arrayValue else { throw error("no array \"\(name)\"") }
    return elements
  }

  func optionalArray(_ name: String) throws(ScriptError) -> [JSONValue] {
    json[name] == nil ? [] : try array(name)
  }

  func member(_ name: String) throws(ScriptError) -> ScriptReader {
    guard let member = try optional(name) else { throw error("no object \"\(name)\"") }
    return member
  }

  func optional(_ name: String) throws(ScriptError) -> ScriptReader? {
    guard let value = json[name] else { return nil }
    return try ScriptReader(value, at: place)
  }

  /// All members, which must be strings.
  func texts() throws(ScriptError) -> [(name: String, value: String)] {
    try json.members.map { (member) throws(ScriptError) in
      guard let text = member.value.stringValue else { throw error("\"\(member.name)\" is no string") }
      return (member.name, text)
    }
  }

  func pointer(_ text: String) throws(ScriptError) -> JSONPointer {
    guard let pointer = JSONPointer(text) else { throw error("\"\(text)\" is no pointer") }
    return pointer
  }

  func fieldTest(_ value: JSONValue) throws(ScriptError) -> FieldRule.Test {
    if let text = value["equals"]?.stringValue { return .equals(text) }
    if let text = value["contains"]?.stringValue { return .contains(text) }
    switch value.stringValue {
    case "present": return .present
    case "absent": return .absent
    default: throw error("a field is present, absent, or has equals or contains")
    }
  }
}
