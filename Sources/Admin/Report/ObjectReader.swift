package import JSON
package import SCIM

/// Reads the members of a JSON object, each with its required type; errors name the pointer.
package struct ObjectReader: Sendable {
  package let object: JSONObject
  private let pointer: String

  package init(_ json: JSONValue, at pointer: String = "") throws(AdminProblem) {
    guard let object = json.objectValue else {
      throw AdminProblem(.invalidMember, "The value must be a JSON object.", at: pointer)
    }
    self.object = object
    self.pointer = pointer
  }

  /// Refuses members other than these.
  package func allow(_ names: [String], of what: String) throws(AdminProblem) {
    for member in object.members where !names.contains(where: { $0.hasSameBytes(as: member.name) }) {
      throw AdminProblem(
        .unknownMember, "\"\(member.name.prefix(64))\" is not a member of \(what).",
        at: "\(pointer)/\(member.name.prefix(64))", fix: "Members are: \(names.joined(separator: ", ")).")
    }
  }

  /// Whether the member exists, even as null.
  package func has(_ name: String) -> Bool { object[name] != nil }

  /// Nil for null too.
  private func value(_ name: String) -> JSONValue? { object[name].flatMap { $0.isNull ? nil : $0 } }

  /// A problem with a member; `reason` continues the sentence that begins with its name.
  private func invalid(_ name: String, _ reason: String) -> AdminProblem {
    AdminProblem(.invalidMember, "\(name) \(reason).", at: "\(pointer)/\(name)")
  }

  private func required<Value>(_ name: String, _ value: Value?) throws(AdminProblem) -> Value {
    guard let value else { throw invalid(name, "is required") }
    return value
  }

  /// A member that must be a string.
  package func text(_ name: String) throws(AdminProblem) -> String {
    try required(name, try optionalText(name))
  }

  package func optionalText(_ name: String) throws(AdminProblem) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.stringValue else { throw invalid(name, "must be a string") }
    return text
  }

  package func integer(_ name: String) throws(AdminProblem) -> Int {
    try required(name, try optionalInteger(name))
  }

  package func optionalInteger(_ name: String) throws(AdminProblem) -> Int? {
    guard let value = value(name) else { return nil }
    guard let number = value.integerValue else { throw invalid(name, "must be a whole number") }
    return Int(number)
  }

  package func boolean(_ name: String) throws(AdminProblem) -> Bool {
    try required(name, try optionalBoolean(name))
  }

  package func optionalBoolean(_ name: String) throws(AdminProblem) -> Bool? {
    guard let value = value(name) else { return nil }
    guard let flag = value.boolValue else { throw invalid(name, "must be true or false") }
    return flag
  }

  package func time(_ name: String) throws(AdminProblem) -> DateTime {
    try required(name, try optionalTime(name))
  }

  /// A date and time of RFC 7643 §2.3.5.
  package func optionalTime(_ name: String) throws(AdminProblem) -> DateTime? {
    guard let text = try optionalText(name) else { return nil }
    guard let time = DateTime(text) else {
      throw invalid(name, "must be a date and time like 2027-01-31T00:00:00Z")
    }
    return time
  }

  package func json(_ name: String) throws(AdminProblem) -> JSONValue { try required(name, value(name)) }

  package func optionalJSON(_ name: String) -> JSONValue? { value(name) }

  /// The object that the member is; nil if it is absent.
  package func optionalObject(_ name: String) throws(AdminProblem) -> ObjectReader? {
    try value(name).map { json throws(AdminProblem) in try ObjectReader(json, at: "\(pointer)/\(name)") }
  }

  /// One of the values of a closed list; nil if the member is absent.
  package func optionalChoice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) throws(AdminProblem) -> Choice? {
    guard let text = try optionalText(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw invalid(name, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  /// The elements of an array, each with its pointer; empty if the member is absent.
  package func list<Value>(
    _ name: String, _ read: (JSONValue, _ pointer: String) throws(AdminProblem) -> Value
  ) throws(AdminProblem) -> [Value] {
    guard let value = value(name) else { return [] }
    guard let elements = value.arrayValue else { throw invalid(name, "must be an array") }
    var values: [Value] = []
    for (index, element) in elements.enumerated() {
      values.append(try read(element, "\(pointer)/\(name)/\(index)"))
    }
    return values
  }

  /// An array of strings; empty if the member is absent.
  package func texts(_ name: String) throws(AdminProblem) -> [String] {
    try list(name) { (json, pointer) throws(AdminProblem) in
      guard let text = json.stringValue else {
        throw AdminProblem(.invalidMember, "\(name) must be an array of strings.", at: pointer)
      }
      return text
    }
  }

  /// An array of objects; empty if the member is absent.
  package func objects<Value>(
    _ name: String, _ read: (ObjectReader) throws(AdminProblem) -> Value
  ) throws(AdminProblem) -> [Value] {
    try list(name) { (json, pointer) throws(AdminProblem) in try read(try ObjectReader(json, at: pointer)) }
  }
}
