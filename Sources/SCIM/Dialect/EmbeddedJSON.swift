import JSON

/// JSON that clients send as the text of a value.
enum EmbeddedJSON {
  /// `"{\"value\": \"j@x\", \"type\": \"home\"}"` as an element of a list: the object, if every member of it is a
  /// sub-attribute.
  static func element(_ text: String, of attribute: Attribute) -> JSONObject? {
    guard let object = object(text), !object.isEmpty,
      object.members.allSatisfy({ attribute.subAttributes[$0.name] != nil })
    else { return nil }
    return object
  }

  /// `"{\"id\": \"18d1\", \"value\": \"Reader\", \"displayName\": \"Reader\"}"` as the value of a role.
  static func role(_ text: String) -> (value: String, display: String?)? {
    guard let object = object(text), object["id"] != nil, let value = object["value"]?.stringValue,
      !value.isEmpty
    else { return nil }
    return (value, object["displayName"]?.stringValue)
  }

  /// Nil for text that is not a JSON object, or too long.
  private static func object(_ text: String) -> JSONObject? {
    guard text.utf8.first == UInt8(ascii: "{"), text.utf8.count <= ValueDecoder.maxTextBytes,
      let json = try? JSONParser.parse(Array(text.utf8))
    else { return nil }
    return json.objectValue
  }
}
