import JSON
import SCIM

// Reads values directly from a document's bytes, without decoding the rest.
extension EncodedDocument {
  /// The value of an attribute, as `Document` has it.
  func value(of attribute: Attribute, in schema: Schema?) -> JSONValue? {
    bytes.withUnsafeBytes { text in
      range(of: attribute, in: schema, text).flatMap {
        try? JSONParser.parse(UnsafeRawBufferPointer(rebasing: text[$0]))
      }
    }
  }

  /// An object with just one sub-attribute of a base attribute; nil if it has no value.
  func value(of sub: Attribute, ofSingle attribute: Attribute) -> JSONValue? {
    bytes.withUnsafeBytes { text in
      guard let whole = JSONScanner.value(of: attribute.name, in: text),
        let part = JSONScanner.value(of: sub.name, in: text, whole),
        let value = try? JSONParser.parse(UnsafeRawBufferPointer(rebasing: text[part]))
      else { return nil }
      return .object(JSONObject([.init(name: sub.name, value: value)]))
    }
  }

  /// The texts among the values of an attribute or sub-attribute.
  func texts(_ path: AttributePath) -> [String] {
    guard let attribute = path.attribute else { return [] }
    return bytes.withUnsafeBytes { text in
      guard let range = range(of: attribute, in: path.schema, text) else { return [] }
      guard text[range.lowerBound] == UInt8(ascii: "[") else {
        return EncodedDocument.string(text, range, path.sub).map { [$0] } ?? []
      }
      var texts: [String] = []
      var elements = JSONScanner(text, in: range)
      while let element = elements.nextElement() {
        if let found = EncodedDocument.string(text, element, path.sub) { texts.append(found) }
      }
      return texts
    }
  }

  /// The text of a base attribute that is single.
  func text(_ name: String) -> String? {
    bytes.withUnsafeBytes { text in
      JSONScanner.value(of: name, in: text).flatMap { EncodedDocument.string(text, $0, nil) }
    }
  }

  /// The flag of a base attribute that is single.
  func flag(_ name: String) -> Bool? {
    bytes.withUnsafeBytes { text in
      JSONScanner.value(of: name, in: text).map { text[$0.lowerBound] == UInt8(ascii: "t") }
    }
  }

  /// Whether the type has only built-in schemas, and the document has no other extension.
  func hasOnlyKnownExtensions(of type: ResourceType) -> Bool {
    guard !type.schema.isOwn, !type.extensions.contains(where: { $0.schema.isOwn }) else { return false }
    return bytes.withUnsafeBytes { text in
      var members = JSONScanner(text)
      while let (name, _) = members.nextMember() {
        guard text[name].starts(with: "urn:".utf8) else { continue }
        guard type.extensions.contains(where: { members.isName(name, $0.schema.id) }) else { return false }
      }
      return true
    }
  }

  /// Where the value is in the text; nil if the document has none.
  private func range(
    of attribute: Attribute, in schema: Schema?, _ text: UnsafeRawBufferPointer
  ) -> Range<Int>? {
    guard let schema else { return JSONScanner.value(of: attribute.name, in: text) }
    return JSONScanner.value(of: schema.id, in: text).flatMap {
      JSONScanner.value(of: attribute.name, in: text, $0)
    }
  }

  private static func string(
    _ text: UnsafeRawBufferPointer, _ value: Range<Int>, _ sub: Attribute?
  ) -> String? {
    let found = sub.map { JSONScanner.value(of: $0.name, in: text, value) } ?? value
    return found.flatMap { JSONScanner.string(UnsafeRawBufferPointer(rebasing: text[$0])) }
  }
}
