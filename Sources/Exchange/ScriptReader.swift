package import JSON

/// Reads an object of a script file, and knows its place for error texts.
package struct ScriptReader {
  package let json: JSONObject
  package let place: String

  /// Throws if the value is not an object; `place` begins every error text.
  package init(_ value: JSONValue, at place: String) throws(ScriptError) {
    guard let json = value.objectValue else { throw ScriptError("\(place): expected an object") }
    self.json = json
    self.place = place
  }

  /// An error at this place.
  package func error(_ text: String) -> ScriptError { ScriptError("\(place): \(text)") }

  /// Refuses members other than these.
  package func allow(_ names: Set<String>) throws(ScriptError) {
    for member in json.members where !names.contains(member.name) {
      throw error("unknown member \"\(member.name)\"")
    }
  }

  /// A member that must be a string.
  package func string(_ name: String) throws(ScriptError) -> String {
    guard let text = json[name]?.stringValue else { throw error("no string \"\(name)\"") }
    return text
  }

  /// A member that is a string or missing.
  package func optionalString(_ name: String) throws(ScriptError) -> String? {
    json[name] == nil ? nil : try string(name)
  }

  /// A member that must be an array.
  package func array(_ name: String) throws(ScriptError) -> [JSONValue] {
    guard let elements = json[name]?.arrayValue else { throw error("no array \"\(name)\"") }
    return elements
  }

  /// A member that is an array or missing.
  package func optionalArray(_ name: String) throws(ScriptError) -> [JSONValue] {
    json[name] == nil ? [] : try array(name)
  }

  /// A member that must be an object.
  package func member(_ name: String) throws(ScriptError) -> ScriptReader {
    guard let member = try optional(name) else { throw error("no object \"\(name)\"") }
    return member
  }

  /// A member that is an object or missing.
  package func optional(_ name: String) throws(ScriptError) -> ScriptReader? {
    guard let value = json[name] else { return nil }
    return try ScriptReader(value, at: place)
  }

  /// All members, which must be strings.
  package func texts() throws(ScriptError) -> [(name: String, value: String)] {
    try json.members.map { (member) throws(ScriptError) in
      guard let text = member.value.stringValue else { throw error("\"\(member.name)\" is not a string") }
      return (member.name, text)
    }
  }

  /// A text that must be a pointer.
  package func pointer(_ text: String) throws(ScriptError) -> JSONPointer {
    guard let pointer = JSONPointer(text) else { throw error("\"\(text)\" is not a pointer") }
    return pointer
  }

  /// Values that must be rules.
  package func rules(_ values: [JSONValue]) throws(ScriptError) -> [BodyRule] {
    try values.map { (value) throws(ScriptError) in try BodyRule(try ScriptReader(value, at: place)) }
  }

  /// A text that must be a word of a closed list.
  package func word<T: RawRepresentable>(_ text: String, _ what: String) throws(ScriptError) -> T
  where T.RawValue == String {
    guard let word = T(rawValue: text) else { throw error("no \(what) \"\(text)\"") }
    return word
  }
}
