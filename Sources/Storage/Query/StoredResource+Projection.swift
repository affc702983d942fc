import JSON
package import SCIM

extension StoredResource {
  /// The representation under a projection.
  package func write(to bytes: inout [UInt8], base: String, _ projection: Projection) {
    guard !projection.isVerbatim else { return write(to: &bytes, base: base) }
    let parts = projected(base, projection)
    bytes.append(contentsOf: parts.start)
    if let groups = parts.groups {
      bytes.append(text: ",\"groups\":[")
      writeGroups(self.groups[...], to: &bytes, base: base, groups)
      bytes.append(UInt8(ascii: "]"))
    }
    if let shown = parts.members, let members {
      bytes.append(text: ",\"members\":[")
      members.write(members.slots, to: &bytes, base: base, shown)
      bytes.append(UInt8(ascii: "]"))
    }
    bytes.append(contentsOf: parts.end)
  }

  /// A projected resource: everything before the groups, the shown groups and members, if any, and everything after.
  struct Projected {
    let start: [UInt8]
    let groups: ReferenceParts?
    let members: ReferenceParts?
    let end: [UInt8]
  }

  /// The parts of a representation around groups and members, which are written later in pieces.
  func projected(_ base: String, _ projection: Projection) -> Projected {
    let document = derivedDocument(base)
    var object = JSONObject([
      .init(name: "schemas", value: .array(document.schemas(of: type).map { .string($0) })),
      .init(name: "id", value: .string(id.text)),
    ])
    object.members.append(contentsOf: document.attributes.members)
    var start = JSONWriter(capacity: 512)
    // `id` and `schemas` are always shown, so that what follows begins with a comma.
    start.object(projection.apply(to: object))
    let meta = projection.apply(to: JSONObject([.init(name: "meta", value: metaValue(base))]))
    var end = JSONWriter(capacity: 256)
    end.object(meta)
    return Projected(
      start: Array(start.bytes.dropLast()), groups: shown(groups.isEmpty, "groups", projection),
      members: shown(members == nil, "members", projection),
      end: meta.isEmpty ? [UInt8(ascii: "}")] : [UInt8(ascii: ",")] + end.bytes.dropFirst())
  }

  private func shown(_ isMissing: Bool, _ name: String, _ projection: Projection) -> ReferenceParts? {
    guard !isMissing, projection.shows(name) else { return nil }
    let parts = ReferenceParts(projection, name)
    return parts.isEmpty ? nil : parts
  }
}
