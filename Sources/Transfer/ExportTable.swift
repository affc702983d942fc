import JSON
package import SCIM
package import Storage

/// Resources of one type as a table that `scimd import` reads again. `note` is called with each resource first, as the
/// columns are those that some resource has; then `row` with each.
///
/// A multi-valued attribute has columns by `type`, such as `emails[type eq "work"].value`. Where that does not tell the
/// values of some resource apart, it has one column for all of them, as a JSON array.
package struct ExportTable {
  /// A column: an attribute or sub-attribute, or a sub-attribute of the element with this `type`.
  private enum Column: Hashable {
    case attribute(schema: String?, name: String, sub: String?)
    case typed(schema: String?, name: String, type: String, sub: String)
  }

  private let type: ResourceType
  private var columns = Set<Column>()
  /// Attributes that need one column for all their values.
  private var whole = Set<Column>()

  package init(_ type: ResourceType) { self.type = type }

  /// Adds columns so that everything the resource has can be written.
  package mutating func note(_ resource: ExportedResource) {
    forEachAttribute { schema, attribute in
      guard let value = resource.document[attribute, schema] else { return }
      let own = Column.attribute(schema: schema?.id, name: attribute.name, sub: nil)
      guard attribute.kind == .complex else {
        columns.insert(own)
        return
      }
      guard attribute.multiValued else {
        for sub in value.objectValue?.members ?? [] {
          columns.insert(.attribute(schema: schema?.id, name: attribute.name, sub: sub.name))
        }
        return
      }
      guard let types = Self.types(value) else {
        whole.insert(own)
        return
      }
      for (type, element) in types {
        for sub in element.members where sub.name != "type" {
          columns.insert(.typed(schema: schema?.id, name: attribute.name, type: type, sub: sub.name))
        }
      }
    }
  }

  /// The values by their types; nil if the types do not distinguish them, or the values have no other sub-attributes.
  private static func types(_ value: JSONValue) -> [(String, JSONObject)]? {
    var found: [(String, JSONObject)] = []
    for element in value.arrayValue ?? [] {
      guard let object = element.objectValue, let type = object["type"]?.stringValue,
        object["value"]?.stringValue?.isEmpty == false || object["value"] == nil && object.count > 1,
        type.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }),
        !found.contains(where: { TextKey(folding: $0.0) == TextKey(folding: type) })
      else { return nil }
      found.append((type, object))
    }
    return found
  }

  /// Every attribute that can be exported, in the order of the schemas; the schema is nil for the core one.
  private func forEachAttribute(_ body: (Schema?, Attribute) -> Void) {
    if let externalId = type.attribute(named: "externalId") { body(nil, externalId) }
    for attribute in type.schema.attributes { body(nil, attribute) }
    for known in type.extensions {
      for attribute in known.schema.attributes { body(known.schema, attribute) }
    }
  }

  // MARK: Rows

  /// The columns in the order of the schemas, each with its path.
  private var layout: [(path: String, column: Column)] {
    var layout: [(path: String, column: Column)] = []
    forEachAttribute { schema, attribute in
      let place = AttributePath(schema: schema, attribute: attribute, sub: nil).notation
      let own = Column.attribute(schema: schema?.id, name: attribute.name, sub: nil)
      if whole.contains(own) || columns.contains(own) { return layout.append((place, own)) }
      for sub in attribute.subAttributes {
        let column = Column.attribute(schema: schema?.id, name: attribute.name, sub: sub.name)
        if columns.contains(column) { layout.append(("\(place).\(sub.name)", column)) }
      }
      layout += typed(schema, attribute, place)
    }
    return layout
  }

  /// The columns of a multi-valued attribute by type; for each type `value` comes first.
  private func typed(_ schema: Schema?, _ attribute: Attribute, _ place: String) -> [(String, Column)] {
    var types: [String] = []
    for case .typed(schema?.id, attribute.name, let type, _) in columns where !types.contains(type) {
      types.append(type)
    }
    // By their bytes: no other order of any text is one for sure.
    return types.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.flatMap { type in
      let value = attribute.subAttributes.filter { $0.name == "value" }
      let others = attribute.subAttributes.filter { $0.name != "value" }
      return (value + others).compactMap { sub in
        let column = Column.typed(schema: schema?.id, name: attribute.name, type: type, sub: sub.name)
        return columns.contains(column) ? ("\(place)[type eq \"\(type)\"].\(sub.name)", column) : nil
      }
    }
  }

  /// The first row, and how to write the others.
  package func head() -> (bytes: [UInt8], row: @Sendable (ExportedResource) -> [UInt8]) {
    let layout = layout
    let hasMembers = type.hasMembers
    let head = Self.line(["id"] + layout.map(\.path) + (hasMembers ? ["members"] : []))
    let types = type
    return (
      head,
      { resource in
        let cells = layout.map { Self.text(of: $0.column, resource.document, types) }
        return Self.line([resource.id] + cells + (hasMembers ? [Self.members(resource)] : []))
      }
    )
  }

  /// A row, which ends with CR LF (RFC 4180 §2).
  private static func line(_ cells: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      CSVCell.append(cell, to: &bytes)
    }
    return bytes + [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
  }

  /// UserNames, for people to read; ids if a name is not unique or looks like an id.
  private static func members(_ resource: ExportedResource) -> String {
    resource.members.map { member in
      guard let name = member.name, !member.type.hasMembers, !name.utf8.contains(UInt8(ascii: ";")),
        name.utf8.first.map({ $0 > UInt8(ascii: " ") }) == true,
        name.utf8.last.map({ $0 > UInt8(ascii: " ") }) == true,
        ResourceID(name) == nil
      else { return member.id }
      return name
    }.joined(separator: ";")
  }

  /// The cell of a column; empty if the resource has no such value.
  private static func text(of column: Column, _ document: Document, _ type: ResourceType) -> String {
    func value(_ schema: String?, _ name: String) -> JSONValue? {
      schema.map { document.attributes[$0]?[name] } ?? document.attributes[name]
    }
    switch column {
    case .attribute(let schema, let name, let sub):
      let value = value(schema, name)
      return text(sub.map { value?[$0] } ?? value)
    case .typed(let schema, let name, let type, let sub):
      let elements = value(schema, name)?.arrayValue ?? []
      let element = elements.first {
        $0["type"]?.stringValue.map { TextKey(folding: $0) } == TextKey(folding: type)
      }
      return text(element?[sub])
    }
  }

  /// A value as a cell shows it: texts as they are, everything else as JSON.
  private static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null?: ""
    case .string(let text)?: text
    case .bool(let truth)?: truth ? "true" : "false"
    case let value?: value.serializedText
    }
  }
}
