import JSON
package import SCIM

extension StoredResource {
  /// Appends the full representation as JSON, links beginning with `base` (RFC 7643 §3); what a client sees who asks
  /// for no projection.
  package func write(to bytes: inout [UInt8], base: String) {
    bytes.append(contentsOf: "{\"schemas\":[\"".utf8)
    bytes.append(contentsOf: type.schema.id.utf8)
    for (index, known) in type.extensions.enumerated() where body.extensions & (1 << UInt8(index)) != 0 {
      bytes.append(contentsOf: "\",\"".utf8)
      bytes.append(contentsOf: known.schema.id.utf8)
    }
    bytes.append(contentsOf: "\"],\"id\":\"".utf8)
    bytes.append(contentsOf: id.text.utf8)
    bytes.append(contentsOf: "\",".utf8)
    bytes.append(contentsOf: body.bytes[1..<body.bytes.count - 1])
    if !groups.isEmpty {
      bytes.append(contentsOf: ",\"groups\":[".utf8)
      for (index, group) in groups.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        group.write(to: &bytes, base: base, type: group.isDirect ? "direct" : "indirect", display: group.display)
      }
      bytes.append(UInt8(ascii: "]"))
    }
    if let members {
      bytes.append(contentsOf: ",\"members\":[".utf8)
      for (index, member) in members.references().enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        // A member's display is returned on request only.
        member.write(to: &bytes, base: base, type: member.type.name, display: [])
      }
      bytes.append(UInt8(ascii: "]"))
    }
    writeMeta(to: &bytes, base)
    bytes.append(UInt8(ascii: "}"))
  }

  private func writeMeta(to bytes: inout [UInt8], _ base: String) {
    bytes.append(contentsOf: ",\"meta\":{\"resourceType\":\"".utf8)
    bytes.append(contentsOf: type.name.utf8)
    bytes.append(contentsOf: "\",\"created\":\"".utf8)
    bytes.append(contentsOf: DateTime(milliseconds: created).utf8)
    bytes.append(contentsOf: "\",\"lastModified\":\"".utf8)
    bytes.append(contentsOf: DateTime(milliseconds: modified).utf8)
    bytes.append(contentsOf: "\",\"location\":\"".utf8)
    bytes.append(contentsOf: base.utf8)
    bytes.append(contentsOf: type.endpoint.utf8)
    bytes.append(UInt8(ascii: "/"))
    bytes.append(contentsOf: id.text.utf8)
    bytes.append(contentsOf: "\",\"version\":\"W/\\\"".utf8)
    bytes.append(contentsOf: String(revision).utf8)
    bytes.append(contentsOf: "\\\"\"}".utf8)
  }
}

extension StoredResource.Reference {
  fileprivate func write(
    to bytes: inout [UInt8], base: String, type label: String, display: ArraySlice<UInt8>
  ) {
    bytes.append(contentsOf: "{\"value\":\"".utf8)
    bytes.append(contentsOf: id.text.utf8)
    bytes.append(contentsOf: "\",\"$ref\":\"".utf8)
    bytes.append(contentsOf: base.utf8)
    bytes.append(contentsOf: type.endpoint.utf8)
    bytes.append(UInt8(ascii: "/"))
    bytes.append(contentsOf: id.text.utf8)
    bytes.append(UInt8(ascii: "\""))
    if !display.isEmpty {
      bytes.append(contentsOf: ",\"display\":".utf8)
      bytes.append(contentsOf: display)
    }
    bytes.append(contentsOf: ",\"type\":\"".utf8)
    bytes.append(contentsOf: label.utf8)
    bytes.append(contentsOf: "\"}".utf8)
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
    document = stored.body.document
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

  func hasMember(_ id: String) -> Bool {
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
    guard !projection.isDefault else { return write(to: &bytes, base: base) }
    let object = ParsedResource(self, base: base).representation(projection.shows)
    var writer = JSONWriter(capacity: 512)
    writer.value(.object(projection.apply(to: object)))
    bytes.append(contentsOf: writer.bytes)
  }
}
