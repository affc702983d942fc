import JSON
package import SCIM

extension StoredResource {
  /// Appends all that is stored as JSON, links beginning with `base` (RFC 7643 §3); what a client sees where the
  /// projection is verbatim.
  func write(to bytes: inout [UInt8], base: String) {
    writeHead(to: &bytes, base)
    if let members {
      bytes.append(text: ",\"members\":[")
      members.write(members.slots, to: &bytes, base: base)
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
    DateTime(milliseconds: created).append(to: &bytes)
    bytes.append(text: "\",\"lastModified\":\"")
    DateTime(milliseconds: modified).append(to: &bytes)
    bytes.append(text: "\",\"location\":\"")
    bytes.append(contentsOf: base.utf8)
    bytes.append(contentsOf: type.endpoint.utf8)
    bytes.append(UInt8(ascii: "/"))
    id.append(to: &bytes)
    bytes.append(text: "\",\"version\":\"W/\\\"")
    revision.append(to: &bytes)
    bytes.append(text: "\\\"\"}")
  }
}

extension StoredResource.Members {
  /// Some of the members, with commas between them.
  func write(_ slots: some Sequence<Slot>, to bytes: inout [UInt8], base: String) {
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

extension StoredResource {
  /// The representation under a projection.
  package func write(to bytes: inout [UInt8], base: String, _ projection: Projection) {
    guard !projection.isVerbatim else { return write(to: &bytes, base: base) }
    var writer = JSONWriter(capacity: 512)
    writer.object(projection.apply(to: representation(base, projection.shows)))
    bytes.append(contentsOf: writer.bytes)
  }

  /// The full representation; `shows` spares what the projection leaves out.
  private func representation(_ base: String, _ shows: (String) -> Bool) -> JSONObject {
    let document = derivedDocument(base)
    var object = JSONObject([
      .init(name: "schemas", value: .array(document.schemas(of: type).map { .string($0) })),
      .init(name: "id", value: .string(id.text)),
    ])
    object.members.append(contentsOf: document.attributes.members)
    if type.hasGroups, shows("groups"), let groups = groupValues(base) { object["groups"] = groups }
    if type.hasMembers, shows("members"), let members = memberValues(base) { object["members"] = members }
    object["meta"] = metaValue(base)
    return object
  }

  /// `only` spares the other members.
  func metaValue(_ base: String, only wanted: String? = nil) -> JSONValue {
    var object = JSONObject()
    func add(_ name: String, _ text: () -> String) {
      guard wanted == nil || wanted == name else { return }
      object.members.append(.init(name: name, value: .string(text())))
    }
    add("resourceType") { type.name }
    add("created") { DateTime(milliseconds: created).description }
    add("lastModified") { DateTime(milliseconds: modified).description }
    add("location") { location(base) }
    add("version") { version }
    return .object(object)
  }

  func groupValues(_ base: String) -> JSONValue? {
    guard !groups.isEmpty else { return nil }
    return .array(groups.map { $0.json(base: base, type: $0.isDirect ? "direct" : "indirect") })
  }

  func memberValues(_ base: String) -> JSONValue? {
    guard let members else { return nil }
    return .array(members.references().map { $0.json(base: base, type: $0.type.name) })
  }
}
