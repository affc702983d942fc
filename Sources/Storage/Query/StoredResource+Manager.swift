import JSON
import SCIM

// The manager of an enterprise user: `$ref` and `displayName` are not kept but follow from the user that `value` names,
// where there is one (RFC 7643 §4.3). Any other text in `value` stays as it was sent.

extension EncodedDocument {
  private static let start = Array("{\"value\":\"".utf8)
  private static let idBytes = 36

  /// Whether the manager at that place of a document names a resource that there may be.
  static func namesManager(_ text: UnsafeRawBufferPointer, _ manager: Range<Int>) -> Bool {
    let value = text[manager].dropFirst(start.count)
    return text[manager].starts(with: start) && ResourceID(value.prefix(idBytes)) != nil
      && value.dropFirst(idBytes).first == UInt8(ascii: "\"")
  }

  /// The manager's `value` as an id; nil if it is not an id.
  var managerID: ResourceID? {
    guard manager != 0 else { return nil }
    let from = Int(manager) + EncodedDocument.start.count
    return ResourceID(bytes[from..<from + EncodedDocument.idBytes])
  }

  /// Where the manager's object is in `bytes`; it has no objects inside.
  fileprivate var managerRange: Range<Int> {
    var position = Int(manager) + EncodedDocument.start.count + EncodedDocument.idBytes + 1
    var isText = false
    while position < bytes.count, isText || bytes[position] != UInt8(ascii: "}") {
      if bytes[position] == UInt8(ascii: "\"") { isText.toggle() }
      if isText, bytes[position] == UInt8(ascii: "\\") { position += 1 }
      position += 1
    }
    return Int(manager)..<min(position + 1, bytes.count)
  }

  /// The displayName as JSON text with its quotes; empty without a displayName.
  fileprivate var ownDisplayText: ArraySlice<UInt8> {
    let name = Array("\"displayName\":".utf8)
    let start = Int(display.lowerBound)
    return start >= name.count && bytes[(start - name.count)..<start].elementsEqual(name) ? displayText : []
  }
}

extension DirectoryState {
  /// The user who is the entry's manager, and the last record this depends on; nil if `value` does not name a user.
  func manager(of entry: Entry) -> (reference: StoredResource.Reference?, seq: UInt64)? {
    guard let id = entry.body.managerID else { return nil }
    // Any record may have removed the user.
    guard let slot = slots[id], let other = entries[slot], catalog.stored[Int(other.type)].hasGroups else {
      return (nil, last)
    }
    let reference = StoredResource.Reference(
      id: id, type: catalog.stored[Int(other.type)], display: other.body.ownDisplayText, isDirect: true)
    return (reference, other.revision)
  }
}

extension StoredResource {
  /// Appends the attributes of the document, without braces.
  func writeAttributes(to bytes: inout [UInt8], _ base: String) {
    guard manager != nil else { return bytes.append(contentsOf: body.bytes[1..<body.bytes.count - 1]) }
    for slice in attributeSlices(base) { bytes.append(contentsOf: slice) }
  }

  /// The same as slices of the document, with what is derived of the manager between them.
  func attributeSlices(_ base: String) -> [ArraySlice<UInt8>] {
    let attributes = body.bytes[1..<body.bytes.count - 1]
    guard let manager else { return [attributes] }
    let range = body.managerRange
    return [
      attributes[..<range.lowerBound], JSONValue.object(manager.managerObject(base)).serialized()[...],
      attributes[range.upperBound...],
    ]
  }

  /// The document with what is derived of its manager.
  func derivedDocument(_ base: String) -> Document {
    var document = body.document
    guard let manager, var container = document.attributes[SchemaURN.enterpriseUser]?.objectValue else {
      return document
    }
    container["manager"] = .object(manager.managerObject(base))
    document.attributes[SchemaURN.enterpriseUser] = .object(container)
    return document
  }
}

extension StoredResource.Reference {
  fileprivate func managerObject(_ base: String) -> JSONObject {
    var object: JSONObject = [
      "value": .string(id.text), "$ref": .string("\(base)\(type.endpoint)/\(id.text)"),
    ]
    if !display.isEmpty, let name = try? JSONParser.parse(Array(display)) { object["displayName"] = name }
    return object
  }
}

extension Transaction {
  /// A manager's `$ref` is not stored if it follows from `value`: a client that sends back what it read changes
  /// nothing.
  func withoutDerived(_ document: Document) -> Document {
    guard var container = document.attributes[SchemaURN.enterpriseUser]?.objectValue,
      var manager = container["manager"]?.objectValue, manager["$ref"] != nil,
      let id = manager["value"]?.stringValue.flatMap({ ResourceID($0) }), state.slots[id] != nil
    else { return document }
    manager["$ref"] = nil
    container["manager"] = .object(manager)
    var document = document
    document.attributes[SchemaURN.enterpriseUser] = .object(container)
    return document
  }
}
