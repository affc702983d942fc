import JSON
package import SCIM

extension StoredResource {
  /// Appends all that is stored as JSON, links beginning with `base` (RFC 7643 §3); what a client sees where the
  /// projection is verbatim.
  func write(to bytes: inout [UInt8], base: String) {
    writeHead(to: &bytes, base)
    if let members {
      bytes.append(text: ",\"members\":[")
      members.write(members.slots.sorted()[...], to: &bytes, base: base)
      bytes.append(UInt8(ascii: "]"))
    }
    writeMeta(to: &bytes, base)
    bytes.append(UInt8(ascii: "}"))
  }

  /// All that stands before the members.
  func writeHead(to bytes: inout [UInt8], _ base: String) {
    bytes.append(text: "{\"schemas\":[\"")
    bytes.append(contentsOf: type.schema.id.utf8)
    for (index, known) in type.extensions.enumerated() where body.extensions & (1 << UInt16(index)) != 0 {
      bytes.append(text: "\",\"")
      bytes.append(contentsOf: known.schema.id.utf8)
    }
    bytes.append(text: "\"],\"id\":\"")
    id.append(to: &bytes)
    bytes.append(text: body.isEmpty ? "\"" : "\",")
    writeAttributes(to: &bytes, base)
    if !groups.isEmpty {
      bytes.append(text: ",\"groups\":[")
      for (index, group) in groups.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        group.write(
          to: &bytes, base: base, type: group.isDirect ? "direct" : "indirect", display: group.display)
      }
      bytes.append(UInt8(ascii: "]"))
    }
  }

  func writeMeta(to bytes: inout [UInt8], _ base: String) {
    bytes.append(text: ",\"meta\":{\"resourceType\":\"")
    bytes.append(contentsOf: type.name.utf8)
    bytes.append(text: "\",\"created\":\"")
    bytes.append(contentsOf: DateTime(milliseconds: created).utf8)
    bytes.append(text: "\",\"lastModified\":\"")
    bytes.append(contentsOf: DateTime(milliseconds: modified).utf8)
    bytes.append(text: "\",\"location\":\"")
    bytes.append(contentsOf: base.utf8)
    bytes.append(contentsOf: type.endpoint.utf8)
    bytes.append(UInt8(ascii: "/"))
    id.append(to: &bytes)
    bytes.append(text: "\",\"version\":\"W/\\\"")
    bytes.append(contentsOf: String(revision).utf8)
    bytes.append(text: "\\\"\"}")
  }
}

extension StoredResource.Members {
  /// Some of the members, with commas between them.
  func write(_ slots: ArraySlice<Slot>, to bytes: inout [UInt8], base: String) {
    var isFirst = true
    for slot in slots {
      guard let entry = entries[slot] else { continue }
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      let type = types[Int(entry.type)]
      // A member's display is returned on request only.
      StoredResource.Reference(id: entry.id, type: type, display: [], isDirect: true)
        .write(to: &bytes, base: base, type: type.name, display: [])
    }
  }
}

extension StoredResource.Reference {
  fileprivate func write(
    to bytes: inout [UInt8], base: String, type label: String, display: ArraySlice<UInt8>
  ) {
    bytes.append(text: "{\"value\":\"")
    id.append(to: &bytes)
    bytes.append(text: "\",\"$ref\":\"")
    bytes.append(contentsOf: base.utf8)
    bytes.append(contentsOf: type.endpoint.utf8)
    bytes.append(UInt8(ascii: "/"))
    id.append(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    if !display.isEmpty {
      bytes.append(text: ",\"display\":")
      bytes.append(contentsOf: display)
    }
    bytes.append(text: ",\"type\":\"")
    bytes.append(contentsOf: label.utf8)
    bytes.append(text: "\"}")
  }

  /// The member as filters see it, links without a base.
  var element: JSONValue { json(base: "", type: type.name) }

  fileprivate func json(base: String, type label: String) -> JSONValue {
    var object = JSONObject([
      .init(name: "value", value: .string(id.text)),
      .init(name: "$ref", value: .string("\(base)\(type.endpoint)/\(id.text)")),
    ])
    if !display.isEmpty, let name = try? JSONParser.parse(Array(display)) { object["display"] = name }
    object["type"] = .string(label)
    return .object(object)
  }
}

extension [UInt8] {
  fileprivate mutating func append(text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}

/// A stored resource with its document parsed: for filters, sorting and projections.
struct ParsedResource: FilterSubject {
  let stored: StoredResource
  let base: String
  private let document: Document
  /// Finds a member without walking through all of them, where the state is at hand.
  private let slotOf: ((ResourceID) -> Slot?)?

  init(_ stored: StoredResource, base: String, slotOf: ((ResourceID) -> Slot?)? = nil) {
    self.stored = stored
    self.base = base
    self.slotOf = slotOf
    document = stored.derivedDocument(base)
  }

  func value(of attribute: Attribute, in schema: Schema?) -> JSONValue? {
    guard schema == nil else { return document[attribute, schema] }
    switch attribute.name {
    case "schemas": return .array(document.schemas(of: stored.type).map { .string($0) })
    case "id": return .string(stored.id.text)
    case "meta": return meta
    case "groups" where stored.type.hasGroups: return groups
    case "members" where stored.type.hasMembers: return members
    default: return document.attributes[attribute.name]
    }
  }

  func hasMember(_ id: String) -> Bool? {
    guard stored.type.hasMembers else { return nil }
    guard let members = stored.members else { return false }
    guard let slotOf else { return members.contains(id) }
    return ResourceID(id).flatMap(slotOf).map(members.slots.contains) ?? false
  }

  /// The full representation; `shows` spares what the projection leaves out.
  func representation(_ shows: (String) -> Bool) -> JSONObject {
    var object = JSONObject([
      .init(name: "schemas", value: .array(document.schemas(of: stored.type).map { .string($0) })),
      .init(name: "id", value: .string(stored.id.text)),
    ])
    object.members.append(contentsOf: document.attributes.members)
    if stored.type.hasGroups, shows("groups"), let groups { object["groups"] = groups }
    if stored.type.hasMembers, shows("members"), let members { object["members"] = members }
    object["meta"] = meta
    return object
  }

  private var meta: JSONValue {
    [
      "resourceType": .string(stored.type.name),
      "created": .string(DateTime(milliseconds: stored.created).description),
      "lastModified": .string(DateTime(milliseconds: stored.modified).description),
      "location": .string(stored.location(base)),
      "version": .string(stored.version),
    ]
  }

  private var groups: JSONValue? {
    guard !stored.groups.isEmpty else { return nil }
    return .array(stored.groups.map { $0.json(base: base, type: $0.isDirect ? "direct" : "indirect") })
  }

  private var members: JSONValue? {
    guard let members = stored.members else { return nil }
    return .array(members.references().map { $0.json(base: base, type: $0.type.name) })
  }
}

extension StoredResource {
  /// The representation under a projection.
  package func write(to bytes: inout [UInt8], base: String, _ projection: Projection) {
    guard !projection.isVerbatim else { return write(to: &bytes, base: base) }
    let object = ParsedResource(self, base: base).representation(projection.shows)
    var writer = JSONWriter(capacity: 512)
    writer.value(.object(projection.apply(to: object)))
    bytes.append(contentsOf: writer.bytes)
  }
}
