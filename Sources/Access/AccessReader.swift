import JSON

/// Reads the members of a JSON object; throws with the place of what is wrong.
struct AccessReader {
  let object: JSONObject

  init(_ json: JSONValue, _ what: String, _ members: [String]) throws(AccessError) {
    guard let object = json.objectValue else { throw AccessError("", "must be a JSON object") }
    for member in object.members where !members.contains(where: { $0.hasSameBytes(as: member.name) }) {
      throw AccessError(
        "/\(member.name.prefix(64))",
        "is not a member of \(what); members are \(members.joined(separator: ", "))")
    }
    self.object = object
  }

  private func value(_ name: String) -> JSONValue? { object[name].flatMap { $0.isNull ? nil : $0 } }

  func text(_ name: String) throws(AccessError) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.stringValue else { throw AccessError("/\(name)", "must be a string") }
    return text
  }

  func required(_ name: String) throws(AccessError) -> String {
    guard let text = try text(name) else { throw AccessError("/\(name)", "is required") }
    return text
  }

  func flag(_ name: String) throws(AccessError) -> Bool? {
    guard let value = value(name) else { return nil }
    guard let flag = value.boolValue else { throw AccessError("/\(name)", "must be true or false") }
    return flag
  }

  func integer(_ name: String) throws(AccessError) -> Int? {
    guard let value = value(name) else { return nil }
    guard let number = value.integerValue.flatMap({ Int(exactly: $0) }) else {
      throw AccessError("/\(name)", "must be a whole number")
    }
    return number
  }

  func list(_ name: String) throws(AccessError) -> [JSONValue]? {
    guard let value = value(name) else { return nil }
    guard let list = value.arrayValue else { throw AccessError("/\(name)", "must be an array") }
    return list
  }

  func texts(_ name: String) throws(AccessError) -> [String]? {
    guard let list = try list(name) else { return nil }
    var texts: [String] = []
    for (index, element) in list.enumerated() {
      guard let text = element.stringValue else {
        throw AccessError("/\(name)/\(index)", "must be a string")
      }
      texts.append(text)
    }
    return texts
  }
}
