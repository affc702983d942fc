package import JSON

/// The target of an operation's path: an attribute, or those of its values that match a filter, or a sub-attribute.
package struct PatchTarget: Sendable {
  package let path: AttributePath
  package let attribute: Attribute
  /// `[...]`: only the values that match.
  package let selection: Selection?

  /// A filter between brackets, and the values its `eq` terms would give a new element.
  package struct Selection: Sendable {
    package let filter: Filter
    /// Nil if the filter is more than a conjunction of `eq`.
    package let template: JSONObject?
  }

  package var sub: Attribute? { path.sub }

  /// True for the `schemas` of the resource, which nobody sets.
  var isSchemas: Bool { path.schema == nil && attribute.name == "schemas" }
}

extension PatchTarget {
  /// From the text of a path: `attrPath / valuePath [subAttr]` (RFC 7644 figure 7). Nil if it names a whole schema.
  /// Throws 400 invalidPath, or 400 invalidFilter for the filter in it.
  static func parse(
    _ text: String, _ type: ResourceType, _ dialect: inout Dialect
  ) throws(SCIMError) -> PatchTarget? {
    guard let open = text.utf8.firstIndex(of: UInt8(ascii: "[")) else {
      guard let path = type.path(text) else { throw unknown(text, type) }
      guard let attribute = path.attribute else { return nil }
      return PatchTarget(path: path, attribute: attribute, selection: nil)
    }
    guard let close = text.utf8.lastIndex(of: UInt8(ascii: "]")), close > open else {
      throw SCIMError(.patchPathSyntax, "The path \"\(text)\" has no closing bracket.")
    }
    guard let owner = type.path(String(text[..<open])), let attribute = owner.attribute, owner.sub == nil
    else {
      throw unknown(String(text[..<open]), type)
    }
    let inner = String(text[text.utf8.index(after: open)..<close])
    let expression = try FilterParser.parse(inner, dialect: &dialect)
      .rewritten(for: type, valuesOf: owner, &dialect)
    let filter = try FilterBinding(type: type).bind(expression, valuesOf: owner)
    return PatchTarget(
      path: AttributePath(
        schema: owner.schema, attribute: attribute,
        sub: try sub(text[close...].dropFirst(), of: attribute, text)),
      attribute: attribute,
      selection: Selection(filter: filter, template: expression.template(of: attribute, at: owner, type)))
  }

  /// The sub-attribute after the closing bracket; nil if nothing follows it.
  private static func sub(
    _ rest: Substring, of attribute: Attribute, _ path: String
  ) throws(SCIMError) -> Attribute? {
    guard !rest.isEmpty else { return nil }
    guard rest.utf8.first == UInt8(ascii: "."), let sub = attribute.subAttributes[String(rest.dropFirst())]
    else {
      throw SCIMError(
        .patchPathUnknown, "The path \"\(path)\" does not end in a sub-attribute of \(attribute.name).")
    }
    return sub
  }

  private static func unknown(_ text: String, _ type: ResourceType) -> SCIMError {
    SCIMError(
      .patchPathUnknown,
      "The path \"\(text)\" is not an attribute of \(type.name). An administrator can define it: "
        + "see `scimd schema suggest`.")
  }
}
