import JSON
import SCIM

extension StoredResource {
  /// Appends all that is stored as JSON, links beginning with `base` (RFC 7643 §3); what a client sees where the
  /// projection is verbatim.
  func write(to bytes: inout [UInt8], base: String) {
    writeHead(to: &bytes, base)
    if let members {
      bytes.append(text: ",\"members\":[")
      members.write(members.slots, to: &bytes, base: base, .ofMember)
      bytes.append(UInt8(ascii: "]"))
    }
    writeMeta(to: &bytes, base)
    bytes.append(UInt8(ascii: "}"))
  }

  /// Everything before the members.
  private func writeHead(to bytes: inout [UInt8], _ base: String) {
    writeStart(to: &bytes)
    writeAttributes(to: &bytes, base)
    guard !groups.isEmpty else { return }
    bytes.append(text: ",\"groups\":[")
    writeGroups(groups[...], to: &bytes, base: base, .ofGroup)
    bytes.append(UInt8(ascii: "]"))
  }

  /// Everything before the attributes.
  func writeStart(to bytes: inout [UInt8]) {
    bytes.append(text: "{\"schemas\":[\"")
    bytes.append(contentsOf: type.schema.id.utf8)
    for (index, known) in type.extensions.enumerated() where body.extensions & (1 << UInt16(index)) != 0 {
      bytes.append(text: "\",\"")
      bytes.append(contentsOf: known.schema.id.utf8)
    }
    bytes.append(text: "\"],\"id\":\"")
    id.append(to: &bytes)
    bytes.append(text: body.isEmpty ? "\"" : "\",")
  }

  /// Some of the groups, with commas between them.
  func writeGroups(
    _ groups: ArraySlice<Reference>, to bytes: inout [UInt8], base: String, _ parts: ReferenceParts
  ) {
    for (index, group) in zip(groups.indices, groups) {
      if index > groups.startIndex { bytes.append(UInt8(ascii: ",")) }
      group.write(to: &bytes, base: base, type: group.isDirect ? "direct" : "indirect", parts)
    }
  }

  /// `meta`, with the comma before it.
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
    appendVersion(to: &bytes)
    bytes.append(text: "\\\"\"}")
  }
}

extension StoredResource.Members {
  /// Some of the members, with commas between them.
  func write(_ slots: some Sequence<Slot>, to bytes: inout [UInt8], base: String, _ parts: ReferenceParts) {
    var isFirst = true
    for slot in slots {
      guard let entry = entries[slot] else { continue }
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      let type = types[Int(entry.type)]
      let display = parts.contains(.display) ? entry.body.displayText : []
      StoredResource.Reference(id: entry.id, type: type, display: display, isDirect: true)
        .write(to: &bytes, base: base, type: type.name, parts)
    }
  }
}

extension StoredResource.Reference {
  /// An object, empty if it has none of the parts.
  fileprivate func write(to bytes: inout [UInt8], base: String, type label: String, _ parts: ReferenceParts) {
    bytes.append(UInt8(ascii: "{"))
    let start = bytes.count
    if parts.contains(.value) {
      bytes.append(text: "\"value\":\"")
      id.append(to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    if parts.contains(.ref) {
      bytes.append(text: bytes.count > start ? ",\"$ref\":\"" : "\"$ref\":\"")
      bytes.append(contentsOf: base.utf8)
      bytes.append(contentsOf: type.endpoint.utf8)
      bytes.append(UInt8(ascii: "/"))
      id.append(to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    if parts.contains(.display), !display.isEmpty {
      bytes.append(text: bytes.count > start ? ",\"display\":" : "\"display\":")
      bytes.append(contentsOf: display)
    }
    if parts.contains(.type) {
      bytes.append(text: bytes.count > start ? ",\"type\":\"" : "\"type\":\"")
      bytes.append(contentsOf: label.utf8)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// The member as filters see it, links without a base.
  var element: JSONValue { json(type: type.name) }

  fileprivate func json(type label: String, base: String = "") -> JSONValue {
    var object = JSONObject([
      .init(name: "value", value: .string(id.text)),
      .init(name: "$ref", value: .string("\(base)\(type.endpoint)/\(id.text)")),
    ])
    if !display.isEmpty, let name = try? JSONParser.parse(Array(display)) { object["display"] = name }
    object["type"] = .string(label)
    return .object(object)
  }
}

// What filters see.
extension StoredResource {
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
    return .array(groups.map { $0.json(type: $0.isDirect ? "direct" : "indirect", base: base) })
  }

  func memberValues(_ base: String) -> JSONValue? {
    guard let members else { return nil }
    return .array(members.references().map { $0.json(type: $0.type.name, base: base) })
  }
}
