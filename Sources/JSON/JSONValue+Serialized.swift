extension JSONValue {
  /// The value as JSON without any whitespace.
  package func serialized() -> [UInt8] {
    var writer = JSONWriter(capacity: 256)
    writer.value(self)
    return writer.bytes
  }

  /// The same as text.
  package var serializedText: String { String(decoding: serialized(), as: UTF8.self) }

  /// The value as JSON for people: two spaces a level, one member or element a line, no last newline.
  package func prettyPrinted() -> [UInt8] {
    var bytes: [UInt8] = []
    appendPretty(to: &bytes, indent: 0)
    return bytes
  }

  private func appendPretty(to bytes: inout [UInt8], indent: Int) {
    switch self {
    case .array(let elements) where !elements.isEmpty:
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        Self.appendBreak(to: &bytes, indent: indent + 1, comma: index > 0)
        element.appendPretty(to: &bytes, indent: indent + 1)
      }
      Self.appendBreak(to: &bytes, indent: indent, comma: false)
      bytes.append(UInt8(ascii: "]"))
    case .object(let object) where !object.isEmpty:
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        Self.appendBreak(to: &bytes, indent: indent + 1, comma: index > 0)
        bytes.append(contentsOf: JSONValue.string(member.name).serialized())
        bytes.append(contentsOf: ": ".utf8)
        member.value.appendPretty(to: &bytes, indent: indent + 1)
      }
      Self.appendBreak(to: &bytes, indent: indent, comma: false)
      bytes.append(UInt8(ascii: "}"))
    default: bytes.append(contentsOf: serialized())
    }
  }

  /// Begins a new line of two spaces per level.
  private static func appendBreak(to bytes: inout [UInt8], indent: Int, comma: Bool) {
    if comma { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * 2))
  }
}
