package import JSON

/// Which attributes a response shows: `attributes`, `excludedAttributes` and the `returned` characteristic
/// (RFC 7644 §3.4.2.5, §3.9; RFC 7643 §7).
package struct Projection: Sendable {
  private enum Mode { case all, only, except }

  private let mode: Mode
  /// Paths as given, in lower case: a name, `name.sub`, a URN, or a URN with a name.
  private let named: Set<String>
  /// Notations of the attributes that the request itself gave values to.
  private var written: Set<String> = []
  private let type: ResourceType

  /// `names` are the values of the two parameters; both at once are 400 invalidValue. Unknown names have no effect.
  package init(
    attributes: [String]?, excluded: [String]?, of type: ResourceType
  ) throws(SCIMError) {
    guard attributes == nil || excluded == nil else {
      throw SCIMError(
        .attributesConflict,
        "\"attributes\" and \"excludedAttributes\" exclude each other; send one of them.")
    }
    self.type = type
    let paths = (attributes ?? excluded ?? []).compactMap { type.path(Projection.withoutFilter($0)) }
    named = Set(paths.map { Projection.key($0.schema, $0.attribute, $0.sub) })
    mode = attributes != nil ? .only : excluded != nil ? .except : .all
  }

  /// The default attributes, if the client names none.
  package static func standard(_ type: ResourceType) -> Projection { Projection(type) }

  private init(_ type: ResourceType) {
    self.type = type
    named = []
    mode = .all
  }

  /// True if the client named no attributes.
  package var isDefault: Bool { mode == .all }

  /// True if a resource is shown as it is stored.
  package var isVerbatim: Bool { mode == .all && !type.hidesValues }

  /// The projection for the answer to a request that wrote a document: it shows what is otherwise returned on request
  /// only, where the client gave it (RFC 7643 §7, `returned`).
  package func showing(written document: Document) -> Projection {
    guard type.hidesValues else { return self }
    return showing(
      type.owners.flatMap { schema, attributes in
        attributes.filter { document[$0, schema] != nil }.map {
          AttributePath(schema: schema, attribute: $0, sub: nil)
        }
      })
  }

  /// The same for a PATCH.
  package func showing(written patch: PatchRequest) -> Projection {
    guard type.hidesValues else { return self }
    return showing(patch.operations.map(\.target.path))
  }

  private func showing(_ paths: [AttributePath]) -> Projection {
    var projection = self
    projection.written = Set(paths.map { Projection.key($0.schema, $0.attribute, nil) })
    return projection
  }

  /// True if the base schema was named as a whole, and the attribute is one of it.
  private func isNamedWithSchema(_ attribute: Attribute, _ schema: Schema?) -> Bool {
    schema == nil && named.contains(Projection.key(nil, nil, nil))
      && type.schema.attributes[attribute.name] === attribute
  }

  /// True if any part of the base attribute `name` would be shown; false spares computing it.
  package func shows(_ name: String) -> Bool {
    guard let attribute = type.attribute(named: name), attribute.returned != .never else { return false }
    if attribute.returned == .always { return true }
    switch mode {
    case .all: return attribute.returned != .request
    case .except:
      return attribute.returned != .request && !isNamedWithSchema(attribute, nil)
        && !named.contains(Projection.key(nil, attribute, nil))
    case .only:
      return named.contains(Projection.key(nil, attribute, nil)) || isNamedWithSchema(attribute, nil)
        || attribute.subAttributes.contains { named.contains(Projection.key(nil, attribute, $0)) }
    }
  }

  /// True if the `display` of members was requested.
  package var showsNamesOfMembers: Bool {
    mode == .only && type.hasMembers && shownParts(of: "members").contains("display")
  }

  /// Which sub-attributes of the elements of a multi-valued base attribute would be shown.
  package func shownParts(of name: String) -> Set<String> {
    guard let attribute = type.attribute(named: name) else { return [] }
    let probe = JSONObject(attribute.subAttributes.map { .init(name: $0.name, value: .bool(true)) })
    guard let shown = cut(.array([.object(probe)]), attribute, in: nil)?.arrayValue?.first?.objectValue else {
      return []
    }
    return Set(shown.members.map(\.name))
  }

  /// `resource` in its full representation, cut down.
  package func apply(to resource: JSONObject) -> JSONObject {
    var shown = JSONObject()
    for member in resource.members {
      if let known = type.schemaExtension(urn: member.name) {
        if let value = extensionValue(member.value, known.schema) {
          shown.members.append(.init(name: member.name, value: value))
        }
      } else if let attribute = type.attribute(named: member.name),
        let value = cut(member.value, attribute, in: nil)
      {
        shown.members.append(.init(name: member.name, value: value))
      }
    }
    return shown
  }

  /// The visible attributes of an extension; nil if none is.
  private func extensionValue(_ value: JSONValue, _ schema: Schema) -> JSONValue? {
    let whole = named.contains(Projection.key(schema, nil, nil))
    var shown = JSONObject()
    for member in value.objectValue?.members ?? [] {
      guard let attribute = schema.attributes[member.name] else { continue }
      let part: JSONValue? =
        if whole, mode == .except {
          attribute.returned == .always ? cut(member.value, attribute, in: schema) : nil
        } else {
          whole ? asked(member.value, attribute, schema) : cut(member.value, attribute, in: schema)
        }
      if let part { shown.members.append(.init(name: member.name, value: part)) }
    }
    return shown.isEmpty ? nil : .object(shown)
  }

  /// The visible part of an attribute's value; nil for nothing.
  private func cut(_ value: JSONValue, _ attribute: Attribute, in schema: Schema?) -> JSONValue? {
    guard attribute.returned != .never else { return nil }
    if attribute.returned == .always { return unasked(value, attribute, schema) }
    let whole =
      named.contains(Projection.key(schema, attribute, nil)) || isNamedWithSchema(attribute, schema)
    switch mode {
    case .only where whole: return unasked(value, attribute, schema)
    case .except where whole: return nil
    case .only: return namedParts(of: value, attribute, schema)
    case .all, .except: break
    }
    if attribute.returned == .request, !written.contains(Projection.key(schema, attribute, nil)) {
      return nil
    }
    let shown = unasked(value, attribute, schema)
    guard mode == .except else { return shown }
    let excluded = attribute.subAttributes.filter {
      $0.returned != .always && named.contains(Projection.key(schema, attribute, $0))
    }
    return excluded.isEmpty
      ? shown : shown.flatMap { parts(of: $0, Set(excluded.map(\.name)), keeping: false) }
  }

  /// The sub-attributes that were named, and with them those that are always returned.
  private func namedParts(of value: JSONValue, _ attribute: Attribute, _ schema: Schema?) -> JSONValue? {
    let found = attribute.subAttributes.filter {
      $0.returned != .never && named.contains(Projection.key(schema, attribute, $0))
    }
    guard !found.isEmpty else { return nil }
    let always = attribute.subAttributes.filter { $0.returned == .always }
    return parts(of: value, Set((found + always).map(\.name)), keeping: true)
  }

  /// The value of an attribute whose whole extension was named.
  private func asked(_ value: JSONValue, _ attribute: Attribute, _ schema: Schema) -> JSONValue? {
    attribute.returned == .never ? nil : unasked(value, attribute, schema)
  }

  /// The value without the sub-attributes that are never returned, or on request only and were not asked for.
  private func unasked(_ value: JSONValue, _ attribute: Attribute, _ schema: Schema?) -> JSONValue? {
    let hidden = attribute.subAttributes.filter { sub in
      switch sub.returned {
      case .never: true
      case .request:
        !(mode == .only && named.contains(Projection.key(schema, attribute, sub)))
          && !written.contains(Projection.key(schema, attribute, nil))
      case .always, .default: false
      }
    }
    return hidden.isEmpty ? value : parts(of: value, Set(hidden.map(\.name)), keeping: false)
  }

  /// The value with only the named sub-attributes, or without them; nil if nothing is left.
  private func parts(of value: JSONValue, _ names: Set<String>, keeping: Bool) -> JSONValue? {
    if let elements = value.arrayValue {
      let shown = elements.compactMap { parts(of: $0, names, keeping: keeping) }
      return shown.isEmpty ? nil : .array(shown)
    }
    guard let object = value.objectValue else { return nil }
    let members = object.members.filter { names.contains($0.name) == keeping }
    return members.isEmpty ? nil : .object(JSONObject(members))
  }

  private static func key(_ schema: Schema?, _ attribute: Attribute?, _ sub: Attribute?) -> String {
    AttributePath(schema: schema, attribute: attribute, sub: sub).notation
  }

  /// `emails[type eq "work"].value` names `emails.value` here: what is in brackets selects values, not attributes.
  static func withoutFilter(_ name: String) -> String {
    guard let open = name.utf8.firstIndex(of: UInt8(ascii: "[")),
      let close = name.utf8.lastIndex(of: UInt8(ascii: "]")), close > open
    else { return name }
    return String(name[..<open]) + String(name[close...].dropFirst())
  }
}
