import JSON
import SCIM

/// A document as bytes, with what is needed without parsing them.
struct EncodedDocument: Sendable {
  /// A JSON object in schema order.
  let bytes: [UInt8]
  /// Bit n: the document has attributes of the type's extension n.
  let extensions: UInt16
  /// The range of the display name's JSON text in `bytes`, including quotes; empty without a display name.
  let display: Range<UInt32>
  /// The offset in `bytes` of a manager object whose value is the id of a resource; 0 without one.
  let manager: UInt32

  init(_ document: Document, of type: ResourceType) {
    var writer = JSONWriter(capacity: 1024)
    writer.object(document.attributes)
    self = writer.bytes.withUnsafeBytes { EncodedDocument(text: $0, of: type) }
  }

  /// From JSON text written by `init`; nil if it is not an object.
  init?(_ text: UnsafeRawBufferPointer, of type: ResourceType) {
    var scanner = JSONScanner(text)
    while scanner.nextMember() != nil {}
    guard scanner.isAtEnd, text[0] == UInt8(ascii: "{") else { return nil }
    self.init(text: text, of: type)
  }

  /// Finds in one pass the places that are needed later: the display name, the manager, and which extensions exist.
  private init(text: UnsafeRawBufferPointer, of type: ResourceType) {
    var display = 0..<0
    var isNamed = false
    var manager = 0
    var extensions: UInt16 = 0
    var scanner = JSONScanner(text)
    while let member = scanner.nextMember() {
      let isText = text[member.value.lowerBound] == UInt8(ascii: "\"")
      if isText, scanner.isName(member.name, "displayName") {
        display = member.value
        isNamed = true
      } else if isText, !isNamed, scanner.isName(member.name, "userName") {
        display = member.value
      } else if !isText {
        for (index, known) in type.extensions.enumerated()
        where scanner.isName(member.name, known.schema.id) {
          extensions |= 1 << UInt16(index)
        }
        if scanner.isName(member.name, SchemaURN.enterpriseUser),
          let found = JSONScanner.value(of: "manager", in: text, member.value),
          EncodedDocument.namesManager(text, found)
        {
          manager = found.lowerBound
        }
      }
    }
    // Trimmed: a buffer that grew while it was written is up to twice as long.
    bytes = Array(text)
    self.display = UInt32(display.lowerBound)..<UInt32(display.upperBound)
    self.manager = UInt32(manager)
    self.extensions = extensions
  }

  /// True if it has no attributes.
  var isEmpty: Bool { bytes.count == 2 }

  /// The decoded document; bytes written by `init` are always readable, others would give an empty one.
  var document: Document {
    Document((try? JSONParser.parse(bytes))?.objectValue ?? JSONObject())
  }

  /// The display name as JSON text with its quotes.
  var displayText: ArraySlice<UInt8> { bytes[Int(display.lowerBound)..<Int(display.upperBound)] }
}
