import JSON

/// Reads the members of one object of a definition; every error names its place in the file.
struct DefinitionReader {
  let object: JSONObject
  /// The JSON pointer of the object (RFC 6901).
  let place: String

  init(_ json: JSONValue, at place: String = "") throws(SchemaError) {
    guard let object = json.objectValue else { throw SchemaError(place, "must be a JSON object") }
    self.object = object
    self.place = place
  }

  /// The pointer of a member.
  func pointer(_ name: String) -> String {
    let escaped = name.utf8.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "~"): Array("~0".utf8)
      case UInt8(ascii: "/"): Array("~1".utf8)
      default: [byte]
      }
    }
    return "\(place)/\(String(decoding: escaped, as: UTF8.self))"
  }

  func error(_ name: String, _ reason: String) -> SchemaError { SchemaError(pointer(name), reason) }

  /// Refuses members with other names: a misspelt one would silently have no effect.
  func allow(_ names: [String]) throws(SchemaError) {
    for member in object.members where !names.contains(where: { $0.hasSameBytes(as: member.name) }) {
      throw error(
        member.name, "is not a known member here; known members are \(names.joined(separator: ", "))")
    }
  }

  func text(_ name: String) throws(SchemaError) -> String? {
    guard let value = object[name] else { return nil }
    guard let text = value.stringValue else { throw error(name, "must be text") }
    return text
  }

  /// Required text that is not empty.
  func requiredText(_ name: String) throws(SchemaError) -> String {
    guard let text = try text(name) else { throw SchemaError(place, "\"\(name)\" is missing") }
    guard !text.isEmpty else { throw error(name, "must not be empty") }
    return text
  }

  func flag(_ name: String) throws(SchemaError) -> Bool? {
    guard let value = object[name] else { return nil }
    guard let flag = value.boolValue else { throw error(name, "must be true or false") }
    return flag
  }

  func list(_ name: String) throws(SchemaError) -> [JSONValue]? {
    guard let value = object[name] else { return nil }
    guard let list = value.arrayValue else { throw error(name, "must be an array") }
    return list
  }

  func checkTexts(_ name: String) throws(SchemaError) {
    for (index, value) in (try list(name) ?? []).enumerated() where value.stringValue == nil {
      throw SchemaError("\(pointer(name))/\(index)", "must be text")
    }
  }

  /// One of the keywords of RFC 7643 §7; `unspecified` if the member is absent.
  func keyword<K: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ unspecified: K
  ) throws(SchemaError) -> K {
    guard let text = try text(name) else { return unspecified }
    guard let keyword = K(rawValue: text) else {
      let known = K.allCases.map(\.rawValue).joined(separator: ", ")
      throw error(name, "\"\(text)\" is not one of \(known) (RFC 7643 section 7)")
    }
    return keyword
  }
}
