import JSON

/// What texts may be names, and how long other texts may be.
enum AccessNames {
  static let maxNameBytes = 128
  static let maxTextBytes = 1000
  static let maxTargetBytes = 256
  static let maxPermissions = 500

  /// Letters, digits and . _ - of ASCII.
  static func isName(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.count <= maxNameBytes && text.utf8.allSatisfy(isNameByte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
  }

  /// `noun:verb`.
  static func isPermission(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { isName($0) }
  }

  /// Visible, without spaces at its ends.
  static func isTargetValue(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= maxTargetBytes && text.utf8.first != UInt8(ascii: " ")
      && text.utf8.last != UInt8(ascii: " ")
      && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
  }

  /// The order of the bytes: Swift's own is no order where composed and decomposed letters meet.
  static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

  /// Throws if a text for people is too long.
  static func check(_ text: String?, _ pointer: String) throws(AccessError) {
    guard let text else { return }
    guard text.utf8.count <= maxTextBytes else {
      throw AccessError(pointer, "is longer than \(maxTextBytes) bytes")
    }
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F || $0.value == 0x0A }) else {
      throw AccessError(pointer, "must not have control characters")
    }
  }
}

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
